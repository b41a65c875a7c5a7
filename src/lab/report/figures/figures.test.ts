import { parseHTML } from 'linkedom';
import { expect, test } from 'vitest';
import { brokenStudyFixture, studyFixture } from '../../../../test/support/reportFixture.js';
import { palette } from '../palette.js';
import { decoderScore, klDecay } from './index.js';

const textsOf = (svg: string): string[] =>
  [...parseHTML(`<html><body>${svg}</body></html>`).document.querySelectorAll('text')].map((node) =>
    String(node.textContent),
  );

test('klDecay asks, answers with numbers and labels its axes with units', () => {
  const figure = klDecay(studyFixture());
  expect(figure.title).toBe('How close do the codes come to N(0, I)?');
  expect(figure.answer).toContain('9.49 ± 0.08 for joint (analytic)');
  expect(figure.answer).toContain('true N(0, I) draws read 4.310 ± 0.008');
  const texts = textsOf(figure.wide);
  expect(texts).toContain('Moment KL of 1,000 draws (nats per image)');
  expect(texts).toContain('Mean rate (nats per image)');
  expect(texts).toContain('Moment KL by total covariance (nats per image)');
  expect(texts.filter((text) => text === 'epochs of training')).toHaveLength(3);
  expect(texts).toContain('encoder-only (Monte Carlo)  4.69');
  expect(texts).toContain('N(0, I) draws  4.31');
  for (const svg of [figure.wide, figure.narrow]) {
    expect(svg).toMatch(/role="img" aria-labelledby="([\w-]+)-title" aria-describedby="\1-desc"/);
    expect(svg).toContain('joint (analytic) 9.49');
  }
});

test('decoderScore marks where the decoder of separate starts and leaves out untrained decoders', () => {
  const figure = decoderScore(studyFixture());
  const texts = textsOf(figure.wide);
  expect(texts).toContain('Decoder score (nats per image)');
  expect(texts).toContain('separate: the decoder starts');
  expect(texts.some((text) => text.startsWith('encoder-only'))).toBe(false);
  expect(figure.reading).toContain('Left out: encoder-only, whose decoder is not trained.');
  expect(figure.reading).toContain('An untrained decoder stands at −543, below the frame');
  expect(figure.answer).toContain('−212.8 ± 0.4 for separate (analytic)');
  expect(figure.answer).toContain('images binarised at x > 127');
});

test('on grey-scale data the score is a cross-entropy', () => {
  const figure = decoderScore(studyFixture({ binarisation: 'none' }));
  expect(textsOf(figure.wide)).toContain('Cross-entropy (nats per image)');
  expect(figure.answer).toContain('The cross-entropy ends at 77.2 ± 0.4 for joint (analytic)');
  expect(figure.answer).toContain('less is better');
  expect(`${figure.answer}${figure.reading}${figure.description}`).not.toMatch(/likelihood|score/);
});

test('several seeds: mean and range', () => {
  const figure = klDecay(studyFixture({ seeds: [1, 2, 3] }));
  expect(figure.reading).toContain('means over 3 seeds, bands go from the lowest to the highest seed');
  const row = figure.csv.split('\n').find((line) => line.startsWith('rate,joint (analytic),20,'));
  const [, , , value, low, high] = row!.split(',').map(Number);
  expect(low!).toBeLessThan(value!);
  expect(high!).toBeGreaterThan(value!);
});

test('runs that did not end are named', () => {
  const figure = klDecay(brokenStudyFixture());
  expect(figure.reading).toContain('Not trained to the end: joint-mc-seed1 (failed at epoch 6.00)');
});

test('a study without any measured run still draws', () => {
  const study = { ...studyFixture(), runs: [] };
  for (const figure of [klDecay(study), decoderScore(study)]) expect(figure.wide).toContain('<svg ');
});

test.each(['light', 'dark'] as const)('the standalone file has its own ground and resolved colours: %s', (theme) => {
  for (const figure of [klDecay(studyFixture()), decoderScore(studyFixture())]) {
    const svg = figure.svg(theme);
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" role="img"/);
    expect(svg).toContain(`fill="${palette[theme].ground}"`);
    expect(svg).not.toMatch(/var\(--|currentColor|<style/);
    expect(svg).toContain(`<title id="${figure.name}-title">`);
    expect(textsOf(svg)[0]).toBe(figure.title);
  }
});

test('drawing twice gives the same bytes', () => {
  expect(klDecay(studyFixture()).svg('light')).toBe(klDecay(studyFixture()).svg('light'));
  expect(decoderScore(studyFixture()).wide).toBe(decoderScore(studyFixture()).wide);
});
