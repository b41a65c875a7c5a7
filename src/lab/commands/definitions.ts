/** The options of every command: all that `--help` needs, and nothing that takes time to load. */
import type { Command } from 'commander';
import { DRAWS, KL_ESTIMATORS, REGIMES } from '../config/names.js';

const DATA = 'glyphs, mnist, or the path of a folder of IDX files';

const training = (command: Command): Command =>
  command
    .option('--preset <name>', 'architecture, optimizer and batch: altosaar or lyeoni')
    .option('--data <name>', DATA)
    .option('--epochs <n>', 'passes over the training images; a fraction is allowed')
    .option('--seed <n>', 'seed of weights, data order and noise; the first of several')
    .option('--draws <name>', `order and noise of each epoch: ${DRAWS.join(' or ')}`)
    .option('--limit <n>', 'use the first n training images and the first n/6 test images')
    .option('--threads <n>', 'threads of one run, or auto')
    .option('--out <folder>', 'where to write; must be new or empty')
    .option('--quiet', 'no progress on stderr')
    .option('--json', 'print the result as JSON')
    .option('--dry-run', 'say what would be done, and do nothing');

const repeated = (value: string, before: string[] = []): string[] => [...before, value];

export const defineStudy = (command: Command): Command =>
  training(command.argument('[name]', 'the study: article', 'article'))
    .option('--seeds <n>', 'number of seeds, from --seed on')
    .option('--regimes <list>', `some of ${REGIMES.join(',')}; all by default`)
    .option('--workers <n>', 'runs side by side, or auto');

export const defineTrain = (command: Command): Command =>
  training(command)
    .option('--regime <name>', `who learns from what: ${REGIMES.join(', ')}`)
    .option('--kl <name>', `estimator of the KL: ${KL_ESTIMATORS.join(' or ')}`)
    .option('--config <file>', 'configuration in YAML, as config.yaml of a run holds it')
    .option(
      '--set <key=value>',
      'set one key of the configuration, as in optimizer.lr=0.001; may be repeated',
      repeated,
    );

export const defineReport = (command: Command): Command => command.argument('<study>', 'folder of a study');

export const defineTheory = (command: Command): Command =>
  command
    .argument(
      '[part]',
      'plane: phase portrait and optimizers; surface: the KL and its minimum; flow: KL over time; else all',
    )
    .option('--seed <n>', 'seed of the Monte Carlo draws')
    .option('--out <folder>', 'where to write, theory by default; must be new or empty')
    .option('--json', 'print the numbers as JSON');

export const defineData = (command: Command): Command =>
  command
    .argument('<action>', 'get: fetch, verify and keep; info: describe')
    .argument('<name>', DATA)
    .option('--quiet', 'no progress on stderr')
    .option('--json', 'print the description as JSON');

export const defineDoctor = (command: Command): Command => command.option('--json', 'print the findings as JSON');
