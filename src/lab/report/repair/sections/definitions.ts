import { percent } from '../../../../latent/audit/reading/index.js';
import type { RepairResult } from '../../../../latent/repair/index.js';
import { html, type Markup } from '../../html.js';

/** What every number means, short. */
export const repairDefinitions = ({ alpha, extractor }: RepairResult): Markup => html`
<section id="definitions">
  <h2>What do the numbers mean?</h2>
  <dl class="definitions">
    <div><dt>Sampler</dt><dd>A distribution q̂(z) fitted to the codes of training images, to draw z from in place of N(0, I). The model itself stays as it is.
      Everything is measured on codes and images that were held out.</dd></div>
    <div><dt>Choice</dt><dd>The highest mean ln q̂(z) on held-out codes; samplers within one standard error of it, paired over codes, count as equal, and the
      simplest of them is chosen. One without a density cannot be compared so; one that replays training codes is chosen only when samplers were named one by one.</dd></div>
    <div><dt>Gain</dt><dd>ELBO = mean<sub>i</sub> ln p(x<sub>i</sub> | z) − ln q<sub>i</sub>(z) + ln q̂(z), z ~ q<sub>i</sub>: a bound on ln p(x) of the model that draws z from q̂. Its gain over
      N(0, I) is mean<sub>i</sub> ln q̂(z) − ln N(z; 0, I), in nats an image, and is what closing the gap between codes and prior is worth.</dd></div>
    <div><dt>IWAE-K</dt><dd>mean<sub>i</sub> ln (1/K) Σ<sub>k</sub> p(x<sub>i</sub> | z<sub>k</sub>) q̂(z<sub>k</sub>) / q<sub>i</sub>(z<sub>k</sub>): a tighter bound from K draws. The effective sample size says how many of them count.</dd></div>
    <div><dt>Hole mass</dt><dd>Share of a sampler’s draws that look less like a code, by ln q(z) − ln p(z), than all but ${percent(alpha)} of held-out codes do. Codes themselves have ${percent(alpha)}.</dd></div>
    <div><dt>Fréchet distance</dt><dd>|m<sub>a</sub> − m<sub>b</sub>|² + tr(C<sub>a</sub> + C<sub>b</sub> − 2(C<sub>a</sub>C<sub>b</sub>)<sup>½</sup>) of the features of decoded draws and of held-out images${
      extractor && html`, here a ${extractor.distance}`
    }. Precision and recall: shares of draws near images and of images near draws; density and coverage: the same, less moved by outliers (k = 5).</dd></div>
    <div><dt>Controls</dt><dd>The same decoder is fed with codes of held-out images (a), with the chosen sampler (b), with N(0, I) (c). What (a) lacks is the
      decoder’s, what lies between (c) and (b) was the hole’s, what is left between (b) and (a) is the fit’s.</dd></div>
    <div><dt>Replay</dt><dd>Share of draws nearer to a training code than all but ${percent(alpha)} of held-out codes are: a sampler that does not memorise has ${percent(alpha)}.</dd></div>
    <div><dt>Verdict</dt><dd><b>Repaired</b>: a sampler better than N(0, I), whose draws a classifier cannot tell from held-out codes and whose hole mass is at most 2α.
      <b>Improved</b>: better, but not so. <b>Matched</b>: nothing fitted is better. <b>Collapsed</b>: the codes carry less than 0.5 nats, and a fit would fit noise.
      <b>Undecided</b>: there was nothing to compare with N(0, I).</dd></div>
  </dl>
  <p class="note">Sources: Ghosh et al. 2019, <a href="https://arxiv.org/abs/1903.12436">arXiv:1903.12436</a>; Dai &amp; Wipf 2019,
    <a href="https://arxiv.org/abs/1903.05789">arXiv:1903.05789</a>; Burda et al. 2015, <a href="https://arxiv.org/abs/1509.00519">arXiv:1509.00519</a>;
    Aneja et al. 2020, <a href="https://arxiv.org/abs/2010.02917">arXiv:2010.02917</a>; Heusel et al. 2017, <a href="https://arxiv.org/abs/1706.08500">arXiv:1706.08500</a>;
    Kynkäänniemi et al. 2019, <a href="https://arxiv.org/abs/1904.06991">arXiv:1904.06991</a>; Naeem et al. 2020, <a href="https://arxiv.org/abs/2002.09797">arXiv:2002.09797</a>;
    Lopez-Paz &amp; Oquab 2016, <a href="https://arxiv.org/abs/1610.06545">arXiv:1610.06545</a>.</p>
</section>`;
