/** The process in which a user's model is loaded and run once. Its parent alone decides how long that may take. */
import type { Session } from '../../engine/runtime/index.js';
import { nodeRuntime } from '../../engine/runtime/node.js';
import type { FromTrial, ToTrial } from './trial.js';

let session: Session | undefined;

const obey = async (message: ToTrial): Promise<void> => {
  if (message.type === 'load') session = await nodeRuntime({ threads: 1 }).load(message.model);
  else await session?.run(message.feeds);
};

// The terminal sends Ctrl-C to every process of the group; a parent that is gone means stop.
process.on('SIGINT', () => undefined);
process.on('disconnect', () => process.exit(0));
process.on('message', (message: ToTrial) => {
  // What it throws is thrown again, and said, where the model is used.
  void obey(message)
    .catch(() => undefined)
    .then(() => process.send?.('ended' satisfies FromTrial));
});
