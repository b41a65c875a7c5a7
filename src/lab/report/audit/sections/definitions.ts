import type { AuditResult } from '../../../../latent/audit/index.js';
import { percent } from '../../../../latent/audit/reading/index.js';
import { html, type Markup } from '../../html.js';

/** What every number means, short. */
export const auditDefinitions = ({ alpha }: AuditResult): Markup => html`
<section id="definitions">
  <h2>What do the numbers mean?</h2>
  <dl class="definitions">
    <div><dt>Codes</dt><dd>q<sub>i</sub>(z) = N(μ<sub>i</sub>, diag σ<sub>i</sub>²) is what the encoder makes of image i, q(z) the mixture of all of them: where the codes live.
      The prior p(z) = N(0, I) is where images are drawn from. Natural logarithms, so nats.</dd></div>
    <div><dt>Rate and its parts</dt><dd>rate = mean<sub>i</sub> KL(q<sub>i</sub> ‖ p) = I(x; z) + KL(q(z) ‖ p(z)), and KL(q(z) ‖ p(z)) = total correlation + Σ<sub>d</sub> KL(q(z<sub>d</sub>) ‖ N(0, 1)).
      The first part is information about the image; the others are the distance of the codes from the prior.</dd></div>
    <div><dt>Saturated</dt><dd>N codes can carry at most ln N nats of information. Where the rate is above ln N − 1, the mixture of the N posteriors gives only an upper
      estimate of KL(q ‖ p). A density q̂ fitted on other codes gives a lower one, E ln q̂(z) − ln p(z) ≤ KL(q ‖ p), and the truth lies between.</dd></div>
    <div><dt>Hole mass</dt><dd>r(z) = ln q(z) − ln p(z), q from training codes; t<sub>α</sub> the α-quantile of r over held-out codes, α = ${percent(alpha)}. Hole mass = the share of draws of
      N(0, I) with r(z) below t<sub>α</sub>: they look less like a code than ${percent(1 - alpha)} of real ones. If codes were N(0, I) it would be α.</dd></div>
    <div><dt>Two-sample tests</dt><dd>Each asks whether codes could be draws of N(0, I). Its value is shown among those of true N(0, I) draws in sets of the same size, since even those do
      not read 0. Kolmogorov–Smirnov over dimensions is corrected by Holm; the classifier learns on one half and is judged on the other.</dd></div>
    <div><dt>Active unit</dt><dd>A dimension whose mean μ<sub>d</sub> varies over images by more than 0.01.</dd></div>
    <div><dt>Verdict</dt><dd><b>Collapsed</b>: I(x; z) below 0.5 nats or no active unit. <b>Matched</b>: the interval of the classifier’s accuracy does not lie above 50% and the hole
      mass is at most 2α. <b>Mismatched</b>: otherwise.</dd></div>
    <div class="important"><dt>Why a match alone is no success</dt><dd>Codes that carry nothing match N(0, I) perfectly. So the information stands beside every distance: a good
      model has much of the first and little of the second.</dd></div>
  </dl>
  <p class="note">Sources: Hoffman &amp; Johnson 2016, “ELBO surgery”; Chen et al. 2018, <a href="https://arxiv.org/abs/1802.04942">arXiv:1802.04942</a>;
    Burda et al. 2015, <a href="https://arxiv.org/abs/1509.00519">arXiv:1509.00519</a>; Gretton et al. 2012, “A kernel two-sample test”;
    Lopez-Paz &amp; Oquab 2016, <a href="https://arxiv.org/abs/1610.06545">arXiv:1610.06545</a>; Rosca et al. 2018,
    <a href="https://arxiv.org/abs/1802.06847">arXiv:1802.06847</a>; Aneja et al. 2020, <a href="https://arxiv.org/abs/2010.02917">arXiv:2010.02917</a>.</p>
</section>`;
