import { integer, short } from '../../../latent/numbers/index.js';
import type { Study } from '../../studies/study.js';
import { html, type Markup } from '../html.js';
import { finalOf, seriesOf } from '../series.js';
import { binarisationNames, scoreWords } from '../words.js';

/** The encoder trained on the KL alone, as this study's example of a small KL that is no success. */
const emptyCodes = (study: Study): Markup | false => {
  const alone = seriesOf(study).find((series) => series.regime === 'encoder-only' && series.kl === 'analytic');
  const rate = alone && finalOf(alone, 'rate');
  if (!rate) return false;
  return html` Here its rate is ${short(rate.value)} nats: on average a code can tell no more than that about its image.`;
};

/** What every number means, short; and why a small KL alone is no success. */
export const definitionsSection = (study: Study): Markup => {
  const words = scoreWords(study.data.binarisation);
  const greyScale = words.sign === -1;
  return html`
<section id="definitions">
  <h2>What do the numbers mean?</h2>
  <dl class="definitions">
    <div><dt>Units</dt><dd>Natural logarithms, so nats; sums over latents and pixels, means over images.</dd></div>
    <div><dt>Rate</dt><dd>mean<sub>i</sub> KL(q<sub>i</sub> ‖ N(0, I)) with q<sub>i</sub> = N(μ<sub>i</sub>, diag σ<sub>i</sub>²), per latent
      ½μ² + ½(σ² − 1) − ln σ. Monte Carlo: mean of log q<sub>i</sub>(z) − log p(z), z ~ q<sub>i</sub>; both have the same expectation.</dd></div>
    <div><dt>${words.score[0]!.toUpperCase() + words.score.slice(1)}</dt><dd>${
      greyScale
        ? html`mean<sub>i</sub> −Σ x ln p + (1 − x) ln(1 − p) over pixels, z ~ q<sub>i</sub>. On grey-scale pixels this is
          no log-probability of the data.`
        : html`mean<sub>i</sub> log p(x<sub>i</sub> | z), z ~ q<sub>i</sub>: a Bernoulli likelihood of images ${binarisationNames[study.data.binarisation]}.`
    } For random z: z ~ N(0, I).</dd></div>
    <div><dt>${words.elbo}</dt><dd>${
      greyScale ? 'The sum of cross-entropy and rate; less is better.' : 'Score minus rate, a lower bound on log p(x).'
    }</dd></div>
    <div><dt>Moment KL</dt><dd>The moment-matched KL ½(tr C + m·m − D − ln det C) with mean m and covariance C of the codes: the KL of the
      Gaussian with their moments. By total covariance m and C follow from (μ, σ); of draws they are those of
      ${integer(study.floor.batch)} draws z ~ q<sub>i</sub>, where even true N(0, I) draws do not read 0: that value is the noise floor.
      A lower bound on KL(q(z) ‖ N(0, I)) up to that floor.</dd></div>
    <div class="important"><dt>Why a small KL alone is no success</dt><dd>The rate is the information between image and code plus
      KL(q(z) ‖ N(0, I)). An encoder that learns the KL alone drives both to zero: its codes match N(0, I) because they carry
      nothing of their image, and no decoder can recover what is not there.${emptyCodes(study)} A good model keeps the
      information and closes the rest.</dd></div>
  </dl>
  <p class="note">Sources: Kingma &amp; Welling 2013, <a href="https://arxiv.org/abs/1312.6114">arXiv:1312.6114</a>;
    Hoffman &amp; Johnson 2016, “ELBO surgery”; Rosca et al. 2018, <a href="https://arxiv.org/abs/1802.06847">arXiv:1802.06847</a>;
    “On Distribution of Z’s in VAE”, Towards Data Science, 2020.</p>
</section>`;
};
