import { describe, expect, it } from 'vitest';
import { Memory } from '../../../test/support/study.js';
import { auditProgress } from './progress.js';

describe('progress of an audit', () => {
  it('is one line drawn again on a terminal, with the time left', () => {
    let time = 0;
    const stderr = new Memory(true, 60);
    const progress = auditProgress({ stderr, env: {}, quiet: false, now: () => time });
    progress.onProgress('checking codes', 0);
    time = 10_000;
    progress.onProgress('two-sample tests', 0.25);
    progress.note('a note');
    progress.close();
    expect(stderr.text).toContain('\r\u001b[2K  0%  checking codes');
    expect(stderr.text).toContain('\r\u001b[2K 25%  two-sample tests  30 s left');
    expect(stderr.text).toContain('\r\u001b[2Ka note\n');
    expect(stderr.text.endsWith('\r\u001b[2K')).toBe(true);
  });

  it('is a line for each stage that took a while elsewhere, without control characters', () => {
    let time = 0;
    const stderr = new Memory();
    const progress = auditProgress({ stderr, env: {}, quiet: false, now: () => time });
    progress.before('opening', 0.1);
    time = 2000;
    progress.before('encoding images', 0.5);
    time = 3000;
    progress.onProgress('moments', 0.1);
    time = 7000;
    progress.onProgress('moments', 0.2);
    time = 11_000;
    progress.onProgress('moments', 0.3);
    progress.close();
    expect(stderr.text).toBe('50%  encoding images\n20%  moments  16 s left\n');
  });

  it('is nothing where it is to be quiet', () => {
    const stderr = new Memory(true);
    const progress = auditProgress({ stderr, env: {}, quiet: true, now: () => 0 });
    progress.onProgress('moments', 0.5);
    progress.before('encoding images', 0.5);
    progress.note('a note');
    progress.close();
    expect(stderr.text).toBe('');
  });
});
