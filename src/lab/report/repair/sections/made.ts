import type { CodeSet } from '../../../../latent/audit/index.js';
import { percent, withError } from '../../../../latent/audit/reading/index.js';
import { duration, integer, short } from '../../../../latent/numbers/index.js';
import type { RepairResult } from '../../../../latent/repair/index.js';
import { html, type Markup } from '../../html.js';
import { chosenOf } from '../words.js';

const set = ({ n, posteriors, source }: CodeSet): string =>
  `${integer(n)} ${posteriors ? 'posteriors (μ, σ)' : 'draws z'}, from ${source}`;

const fact = (name: string, value: Markup | string | number | undefined): Markup | undefined =>
  value === undefined ? undefined : html`<div><dt>${name}</dt><dd>${value}</dd></div>`;

/** What the model card says: what was made of what, how to use it, its limits, and the command. */
export const madeSection = (result: RepairResult, generator: boolean): Markup => {
  const { codes, seed, alpha, extractor, rate, activeUnits, notes, command, seconds, versions } = result;
  const chosen = chosenOf(result);
  const facts = Object.entries(chosen.facts).map(
    ([name, value]) => `${name} ${Number.isInteger(value) ? integer(value) : short(value)}`,
  );
  const file = generator ? 'generator.onnx' : 'sampler.onnx';
  const told = [...chosen.notes, ...notes];
  return html`
<section id="made">
  <h2>What was made, and of what?</h2>
  <div class="columns facts">
    <dl>
      ${fact('Sampler', `${chosen.name} (${chosen.family})`)}
      ${fact('Fit', facts.length > 0 ? facts.join(', ') : undefined)}
      ${fact('Certified', result.certified ? 'yes: its draws pass for held-out codes' : 'no')}
      ${fact('Files', generator ? 'generator.onnx (noise to image), sampler.onnx (noise to z)' : 'sampler.onnx (noise to z); without a decoder there is no generator')}
      ${fact('Draw', html`<code>zdist sample ${file} --n 64 --seed 1 --out ${generator ? 'grid.png' : 'z.npy'}</code>`)}
      ${fact('Features', extractor && `${extractor.name}; hash ${extractor.hash}${extractor.accuracy ? `; accuracy ${percent(extractor.accuracy.value)}` : ''}`)}
      ${fact('Distance', extractor && `${extractor.distance}, of ${integer(extractor.width)} features; to be compared for the same features and counts alone`)}
    </dl>
    <dl>
      ${fact('Training codes', set(codes.train))}
      ${fact('Held-out codes', set(codes.test))}
      ${fact('Latents', `${integer(codes.latents)}${activeUnits ? `, ${integer(activeUnits.value)} active` : ''}`)}
      ${fact('Rate', rate && `${withError(rate)} nats`)}
      ${fact('Seed', seed)}
      ${fact('α', percent(alpha))}
      ${fact('Took', duration(seconds))}
      ${Object.entries(versions).map(([name, version]) => fact(name, version))}
    </dl>
  </div>
  ${command !== undefined && html`<p class="note">The command that gives the same numbers again:</p><pre>${command}</pre>`}
  ${told.length > 0 && html`<div class="notes" role="note"><p><b>To know:</b></p><ul>${told.map((note) => html`<li>${note}</li>`)}</ul></div>`}
</section>`;
};
