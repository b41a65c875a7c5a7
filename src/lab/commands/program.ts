import { Command, CommanderError } from 'commander';
import {
  defineAudit,
  defineData,
  defineDoctor,
  defineRepair,
  defineReport,
  defineRuns,
  defineSample,
  defineSql,
  defineStudy,
  defineSweep,
  defineTheory,
  defineTrain,
  defineUi,
  defineWorker,
} from './definitions.js';
import type { CommandModule, Effects } from './effects.js';
import { EXIT } from './exitCodes.js';

interface Entry {
  readonly summary: string;
  define(command: Command): Command;
  load(): Promise<CommandModule>;
}

const COMMANDS: Readonly<Record<string, Entry>> = {
  study: {
    summary: 'the main job: train every regime, measure, write the report',
    define: defineStudy,
    load: () => import('./study.js'),
  },
  train: { summary: 'train one model', define: defineTrain, load: () => import('./train.js') },
  report: {
    summary: 'write the report of a study or a repair again from what is on disk',
    define: defineReport,
    load: () => import('./report.js'),
  },
  theory: {
    summary: 'figures and data of the KL term on the (μ, σ) plane, in seconds, without training',
    define: defineTheory,
    load: () => import('./theory.js'),
  },
  audit: {
    summary: 'where the codes of a VAE live, and how far that is from N(0, I)',
    define: defineAudit,
    load: () => import('./audit.js'),
  },
  repair: {
    summary: 'fit samplers for z, choose one, and write a generator that works',
    define: defineRepair,
    load: () => import('./repair.js'),
  },
  sample: {
    summary: 'images or arrays from a generator',
    define: defineSample,
    load: () => import('./sample.js'),
  },
  sweep: {
    summary: 'many runs: a grid, random or Sobol points over any key of the configuration',
    define: defineSweep,
    load: () => import('./sweep.js'),
  },
  worker: {
    summary: 'take the runs of sweeps from a queue',
    define: defineWorker,
    load: () => import('./worker.js'),
  },
  runs: { summary: 'list, show, remove and tidy runs', define: defineRuns, load: () => import('./runs.js') },
  sql: {
    summary: 'query configurations, metrics and codes of all runs',
    define: defineSql,
    load: () => import('./sql.js'),
  },
  ui: { summary: 'the lab: runs, curves and codes in the browser', define: defineUi, load: () => import('./ui.js') },
  data: { summary: 'fetch or describe a data set', define: defineData, load: () => import('./data.js') },
  doctor: { summary: 'what this machine can run', define: defineDoctor, load: () => import('./doctor.js') },
};

const asLines = (message: string): string =>
  message
    .trim()
    .split('\n')
    .map((line) => `zdist: ${line}\n`)
    .join('');

/**
 * Runs one command line and returns its exit code. The module of a command is loaded when it runs, so that help
 * answers at once.
 */
export const main = async (argv: readonly string[], version: string, effects: Effects): Promise<number> => {
  const { stdout, stderr } = effects;
  let code: number = EXIT.done;
  const program = new Command('zdist')
    .description('A laboratory for the distribution of z in variational autoencoders.')
    .version(version)
    .option('--debug', 'show the stack trace of an error')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void stdout.write(text),
      writeErr: (text) => void stderr.write(text),
      outputError: (text, write) => write(text.replace(/^error: /, 'zdist: ').replace(/\n\(Did/, ' (Did')),
    });

  for (const [name, { summary, define, load }] of Object.entries(COMMANDS)) {
    const command = define(program.command(name).description(summary));
    command.option('--debug', 'show the stack trace of an error').action(async () => {
      const { run } = await load();
      code = await run({ args: command.processedArgs.flat(), options: command.opts() }, effects);
    });
  }

  try {
    await program.parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
    stderr.write(argv.includes('--debug') && stack ? `${stack}\n` : asLines(message));
    return name === 'InputError' ? EXIT.usage : EXIT.failure;
  }
};
