import { Command, CommanderError } from 'commander';
import type { CommandModule, Effects } from './effects.js';
import { EXIT } from './exitCodes.js';

interface Entry {
  readonly summary: string;
  load(): Promise<CommandModule>;
}

const COMMANDS: Readonly<Record<string, Entry>> = {
  study: {
    summary: 'the main job: train every regime, measure, write the report',
    load: () => import('./study.js'),
  },
  train: { summary: 'train one model', load: () => import('./train.js') },
  report: { summary: 'write the report of a study again from what is on disk', load: () => import('./report.js') },
  data: { summary: 'fetch or describe a data set', load: () => import('./data.js') },
  doctor: { summary: 'what this machine can run', load: () => import('./doctor.js') },
};

const asLines = (message: string): string =>
  message
    .trim()
    .split('\n')
    .map((line) => `zdist: ${line}\n`)
    .join('');

/**
 * Runs one command line and returns its exit code. Only the module of the command that is named is loaded, so that
 * help answers at once.
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

  const named = argv.find((word) => !word.startsWith('-'));
  for (const [name, { summary, load }] of Object.entries(COMMANDS)) {
    const command = program.command(name).description(summary);
    const wanted = name === named || (named === 'help' && argv.includes(name));
    if (!wanted) continue;
    const module = await load();
    module.define(command);
    command.option('--debug', 'show the stack trace of an error').action(async () => {
      code = await module.run({ args: command.processedArgs, options: command.opts() }, effects);
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
