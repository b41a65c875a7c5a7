import { parseHTML } from 'linkedom';
import { beforeAll, describe, expect, it } from 'vitest';
import { smallModel, smallRepair } from '../../../../test/support/smallRepair.js';
import type { RepairResult } from '../../../latent/repair/index.js';
import { imageGrid } from '../grid.js';
import { palette } from '../palette.js';
import { type RepairImages, type RepairReport, renderRepair } from './index.js';

const png = imageGrid(new Float32Array(4 * 4), { rows: 2, columns: 2, width: 2, height: 2 });
const imagesOf = ({ samplers }: RepairResult): RepairImages => ({
  samplers: new Map(samplers.map(({ family }) => [family, png])),
  posterior: png,
});

const render = (result: RepairResult, images?: RepairImages) => {
  const report = renderRepair(result, { ...(images && { images }), generator: images !== undefined });
  return { ...report, document: parseHTML(report.html).document };
};
type Page = ReturnType<typeof render>;

/** White space as a reader sees it. */
const plain = (text: string | null | undefined): string => String(text).replace(/\s+/g, ' ').trim();
const textOf = ({ document }: Page, selector: string): string => plain(document.querySelector(selector)?.textContent);
const sectionsOf = ({ document }: Page): string[] =>
  [...document.querySelectorAll('main > section')].map((node) => String(node.getAttribute('id')));

describe('the page of a repair', () => {
  let result: RepairResult;
  let full: Page;
  let pages: readonly Page[];
  beforeAll(async () => {
    ({ result } = await smallRepair());
    full = render(
      { ...result, command: "zdist repair 'a run' --seed 1", leftOut: [{ family: 'maf', why: 'out of budget' }] },
      imagesOf(result),
    );
    const codesAlone = await smallRepair({ model: undefined } as object);
    const { likelihood: _, ...greyModel } = smallModel;
    const grey = await smallRepair({ model: greyModel });
    const [prior] = result.samplers;
    const undecided: RepairResult = {
      ...result,
      verdict: 'undecided',
      chosen: 'prior',
      samplers: [prior!],
      ended: 'interrupted',
    };
    pages = [
      full,
      render(codesAlone.result),
      render(grey.result, imagesOf(grey.result)),
      render(undecided, imagesOf(undecided)),
    ];
  });

  it('is one file that loads nothing and has no holes in its text', () => {
    for (const { html, document } of pages) {
      expect(Buffer.byteLength(html)).toBeLessThan(5_000_000);
      expect(html).not.toMatch(/<script|@import|url\((?!#)/);
      for (const node of document.querySelectorAll('[src], link[href]'))
        expect(node.getAttribute('src') ?? node.getAttribute('href')).toMatch(/^data:/);
      expect(plain(document.querySelector('main')?.textContent)).not.toMatch(/undefined|NaN|Infinity|n\/a|\[object/);
    }
  });

  it('has every id once, and every reference finds its element', () => {
    for (const { document } of pages) {
      const ids = [...document.querySelectorAll('[id]')].map((node) => String(node.getAttribute('id')));
      expect(new Set(ids).size).toBe(ids.length);
      for (const node of document.querySelectorAll('a[href^="#"]'))
        expect(ids).toContain(node.getAttribute('href')?.slice(1));
    }
  });

  it('says the verdict first, then why, then what to sample from', () => {
    const header = textOf(full, 'header');
    expect(header).toMatch(/^Where should z be drawn from\? .* (Improved|Repaired)/);
    expect(header).toContain(plain(result.summary).replace(/N\(0, I\)/g, 'N(0, I)'));
    expect(header).toContain(result.attribution!.text.slice(0, 12));
    expect(textOf(full, '.cure')).toBe('Sample from mixture of 4 full Gaussians');
    expect(sectionsOf(full)).toEqual(['images', 'samplers', 'repair-gain', 'repair-quality', 'made', 'definitions']);
  });

  it('shows N(0, I), the chosen sampler and the control side by side, the others below', () => {
    const captions = [...full.document.querySelectorAll('.triple figcaption b')].map((node) => plain(node.textContent));
    expect(captions).toEqual(['N(0, I)', 'mixture of 4 full Gaussians', 'posterior control']);
    expect(textOf(full, '#images details summary')).toBe('1 other sampler');
    expect(textOf(full, '#images .answer')).toMatch(/from the same noise.* for N\(0, I\), .* for mixture of 4/);
    expect(sectionsOf(pages[1]!)).not.toContain('images');
    expect(textOf(pages[3]!, '.triple')).toMatch(/N\(0, I\) · the prior.*posterior control/);
  });

  it('has a row for every sampler and the control, and says what was left out', () => {
    const rows = [...full.document.querySelectorAll('.samplers tbody tr')].map((node) => plain(node.textContent));
    expect(rows).toHaveLength(4);
    expect(rows[2]).toMatch(/^mixture of 4 full Gaussiansmixture-4; chosen/);
    expect(rows[3]).toMatch(/^posterior control/);
    expect(textOf(full, '.samplers thead')).toContain('IWAE-50 gain');
    expect(textOf(full, '.leftout')).toBe('mafleft out: out of budget');
    expect(textOf(pages[2]!, '.samplers thead')).not.toContain('ELBO');
  });

  it('asks a question over every figure and answers with numbers', () => {
    for (const name of ['repair-gain', 'repair-quality']) {
      expect(textOf(full, `#${name} h2`)).toMatch(/\?$/);
      expect(textOf(full, `#${name} .answer`)).toMatch(/\d/);
      const links = [...full.document.querySelectorAll(`#${name} .downloads a[download]`)];
      expect(links.map((link) => link.getAttribute('download'))).toEqual([`${name}.csv`, `${name}.svg`]);
    }
    expect(textOf(full, '#repair-gain .answer')).toMatch(/raises the bound on log p\(x\) by \+\d/);
    expect(textOf(full, '#repair-quality .answer')).toContain('which no sampler can be expected to pass');
    expect(sectionsOf(pages[3]!)).not.toContain('repair-gain');
  });

  it('gives figures as files that need no page', () => {
    const { figures }: RepairReport = full;
    expect(figures.map(({ name }) => name)).toEqual(['repair-gain', 'repair-quality']);
    for (const { svg } of figures) {
      expect(svg).toMatch(/^<svg xmlns/);
      expect(svg).not.toContain('var(--');
      expect(svg).toContain(palette.light.accent);
    }
  });

  it('says how it was made, escaping what it was given', () => {
    const made = textOf(full, '#made');
    expect(made).toContain("zdist repair 'a run' --seed 1");
    expect(full.html).toContain('zdist repair &#39;a run&#39;');
    expect(made).toContain('zdist sample generator.onnx --n 64 --seed 1 --out grid.png');
    expect(textOf(pages[1]!, '#made')).toContain('zdist sample sampler.onnx --n 64 --seed 1 --out z.npy');
  });
});
