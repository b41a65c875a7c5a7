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
  training(command.argument('[run]', 'folder of a run to go on with'))
    .option('--resume <word>', 'must, allow or never: go on with the run that is in the folder (default: never)')
    .option('--checkpoint-every <s>', 'least seconds from one checkpoint to the next (default: 30)')
    .option('--regime <name>', `who learns from what: ${REGIMES.join(', ')}`)
    .option('--kl <name>', `estimator of the KL: ${KL_ESTIMATORS.join(' or ')}`)
    .option('--config <file>', 'configuration in YAML, as config.yaml of a run holds it')
    .option(
      '--set <key=value>',
      'set one key of the configuration, as in optimizer.lr=0.001; may be repeated',
      repeated,
    );

export const defineReport = (command: Command): Command => command.argument('<folder>', 'of a study, or of a repair');

export const defineTheory = (command: Command): Command =>
  command
    .argument(
      '[part]',
      'plane: phase portrait and optimizers; surface: the KL and its minimum; flow: KL over time; else all',
    )
    .option('--seed <n>', 'seed of the Monte Carlo draws')
    .option('--out <folder>', 'where to write, theory by default; must be new or empty')
    .option('--json', 'print the numbers as JSON');

/** Where codes are, beside options for each array. */
const codeFiles = (command: Command): Command =>
  command
    .option('--codes <files>', 'files that hold all codes: .parquet, .csv, .npz, …; then --mu and others name columns')
    .option('--test-codes <files>', 'the same of images that were not trained on')
    .option('--sql <query>', 'or a query over files, whose columns are the codes');

/** A user's own models, and the images they are looked at with. */
const models = (command: Command): Command =>
  command
    .option('--encoder <file>', 'or an encoder: ONNX, one input of images, outputs for mu and a scale, or for z')
    .option('--decoder <file>', 'its decoder: ONNX, one input z; beside arrays it becomes part of generator.onnx')
    .option('--data <file>', 'its training images, .npy [N, P], [N, H, W], [N, C, H, W] or [N, H, W, C], or a data set')
    .option('--test <file>', 'images that were not trained on, of the same shape')
    .option(
      '--outputs <list>',
      'which output is what, as mu=NAME,log_var=NAME; also sigma, var, log_sigma, z, moments, image',
    )
    .option('--layout <name>', 'what the encoder takes: nchw, nhwc or flat (default: by its shape)')
    .option('--range <range>', 'values that it takes: 0..1, 0..255, -1..1 or as-is (default: by the images)')
    .option(
      '--likelihood <name>',
      'of the decoder: bernoulli-logits, bernoulli or gaussian:SIGMA (default: by its range)',
    );

export const defineAudit = (command: Command): Command =>
  codeFiles(
    models(
      command
        .argument('[source]', 'folder of a run, or files of codes. Or the word merge, and')
        .argument('[summaries...]', 'files of all shards, after merge'),
    ),
  )
    .option('--mu <file>', 'means of the posteriors of training images, .npy [N, D]')
    .option('--sigma <file>', 'their standard deviations')
    .option('--log-var <file>', 'or the logarithm of their variances')
    .option('--z <file>', 'or draws of z alone: what needs posteriors is then unavailable')
    .option('--test-mu <file>', 'as --mu, of images that were not trained on; else codes are split by seed')
    .option('--test-sigma <file>', 'as --sigma')
    .option('--test-log-var <file>', 'as --log-var')
    .option('--test-z <file>', 'as --z')
    .option('--labels <file>', 'a class for each training code, .npy [N] of integers')
    .option('--stream', 'read the arrays once, in constant memory; of itself above 33 million values')
    .option('--shard <i/n>', 'summarise part i of n of the rows into one file, for zdist audit merge')
    .option('--alpha <share>', 'share of held-out codes that lie below the threshold of holes (default: 0.01)')
    .option('--seed <n>', 'seed of draws, subsets and the split (default: 1)')
    .option('--threads <n>', 'threads, or auto')
    .option('--fail-on <verdicts>', 'exit with 3 on these, of mismatched,collapsed')
    .option('--out <folder>', 'where to write, audit by default; must be new or empty')
    .option('--quiet', 'no progress on stderr')
    .option('--json', 'print audit.json');

export const defineRepair = (command: Command): Command =>
  codeFiles(models(command.argument('[source]', 'folder of a run, or files of codes; samplers are fitted to them')))
    .option('--mu <file>', 'means of the posteriors of training images, .npy [N, D]')
    .option('--sigma <file>', 'their standard deviations')
    .option('--log-var <file>', 'or the logarithm of their variances')
    .option('--z <file>', 'or draws of z alone')
    .option('--test-mu <file>', 'the same of images that were not trained on;')
    .option('--test-sigma <file>', 'without them one half of the codes is held out, by the seed')
    .option('--test-log-var <file>', 'as --log-var')
    .option('--test-z <file>', 'as --z')
    .option('--labels <file>', 'a class for each training code, .npy [N] of integers')
    .option(
      '--extractor <file>',
      'your own feature extractor: ONNX, images to features [n, F], for distances of images',
    )
    .option('--extractor-output <name>', 'which of its outputs, where it has several')
    .option('--extractor-range <range>', 'what it takes pixels as: 0..1, -1..1 or 0..255')
    .option('--samplers <list>', 'all, fast, or names with commas between them (default: all)')
    .option('--budget <time>', 'end after so long with what there is, as 90s, 5m, 1h (default: 5m)')
    .option('--alpha <share>', 'share of held-out codes that lie below the threshold of holes (default: 0.01)')
    .option('--seed <n>', 'seed of fits, draws and the split (default: 1)')
    .option('--threads <n>', 'threads, or auto')
    .option('--out <folder>', 'where to write, repair by default; must be new or empty')
    .option('--quiet', 'no progress on stderr')
    .option('--json', 'print repair.json');

export const defineSample = (command: Command): Command =>
  command
    .argument('<generator>', 'generator.onnx of a repair, or its sampler.onnx')
    .option('--n <n>', 'how many (default: 64)')
    .option('--seed <n>', 'seed of the noise (default: 1)')
    .option(
      '--noise <file>',
      'or the noise itself, .npy [n, d] of values of N(0, 1): the same images as in any other program',
    )
    .option('--threads <n>', 'threads, or auto')
    .option('--out <file>', 'a .png of images side by side, or a .npy of one row each (default: grid.png)')
    .option('--quiet', 'nothing on stderr');

export const defineData = (command: Command): Command =>
  command
    .argument('<action>', 'get: fetch, verify and keep; info: describe')
    .argument('<name>', DATA)
    .option('--quiet', 'no progress on stderr')
    .option('--json', 'print the description as JSON');

const QUEUE = 'Redis, as redis://host:6379 or rediss://user:password@host:6380; ZDIST_QUEUE keeps it out of sight';

export const defineSweep = (command: Command): Command =>
  command
    .argument('<source>', 'sweep.yaml; or reconcile, to run what has no result of the sweep in a folder')
    .argument('[folder]', 'folder of a sweep, after reconcile')
    .option('--workers <n>', 'runs side by side on this machine, or auto')
    .option('--threads <n>', 'threads of one run')
    .option('--retries <n>', 'attempts after one that failed (default: 1)')
    .option('--out <folder>', 'where to write: a new folder, or s3://bucket/prefix/name')
    .option('--resume', 'go on with the sweep in --out: run only what has no result')
    .option('--queue <url>', QUEUE)
    .option('--quiet', 'no progress on stderr')
    .option('--json', 'print sweep.json')
    .option('--dry-run', 'list the runs, and do nothing');

export const defineWorker = (command: Command): Command =>
  command
    .option('--queue <url>', QUEUE)
    .option('--store <folder>', 'folder of sweeps that all machines share, or s3://bucket/prefix (default: sweeps)')
    .option('--workers <n>', 'jobs side by side (default: 1)')
    .option('--lock <time>', 'after so long without a sign of life another worker takes a job (default: 30s)')
    .option('--drain', 'end when the queue is empty')
    .option('--quiet', 'nothing on stderr');

export const defineDoctor = (command: Command): Command =>
  command.option('--queue <url>', QUEUE).option('--json', 'print the findings as JSON');

export const defineRuns = (command: Command): Command =>
  command
    .argument(
      '<action>',
      'ls: list; show: one in full; rm: remove; gc: free what finished runs do not need; export: for other programs',
    )
    .argument('[folders...]', 'folder of runs for ls and gc (default: runs), else folders of single runs')
    .option('--to <program>', 'export for tensorboard or mlflow')
    .option('--out <folder>', 'where to write event files (default: tensorboard)')
    .option('--url <address>', 'of an MLflow server (default: MLFLOW_TRACKING_URI)')
    .option('--experiment <name>', 'of MLflow (default: zdist)')
    .option('--state <name>', 'list only running, done, failed, interrupted or crashed runs')
    .option('--json', 'print JSON')
    .option('--dry-run', 'say what would be removed, and remove nothing');

export const defineSql = (command: Command): Command =>
  command
    .argument('<query>', 'SQL of DuckDB over the tables runs, metrics and codes')
    .option('--runs <folder>', 'folder of runs or studies (default: runs)')
    .option('--out <file>', 'write the result to a .csv or .parquet file')
    .option('--json', 'print rows as JSON')
    .option('--csv', 'print rows as CSV');

export const defineUi = (command: Command): Command =>
  command
    .argument('[folder]', 'folder of runs or studies, or one of either (default: runs)')
    .option('--port <n>', 'port; 0 takes any that is free (default: 4517)')
    .option('--host <address>', 'address to be reached at (default: 127.0.0.1); others than this machine need a token')
    .option('--token <text>', 'what readers must show, 16 characters or more; ZDIST_TOKEN keeps it out of sight')
    .option('--export <folder>', 'write the pages and the runs as files for any server, and end')
    .option('--quiet', 'nothing but the address');
