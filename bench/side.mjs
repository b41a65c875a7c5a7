import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const STDERR_TAIL = 300;

/** Starts one side of the bench and waits until it is ready; throws with the end of its stderr if it does not come up. */
export async function startSide({ name, command, args, steps }) {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    complaint = (complaint + text).slice(-STDERR_TAIL);
  });
  child.on('error', (error) => {
    complaint = error.message;
  });
  // A side that died shows in the next read, with its stderr; the write that found it dead says less.
  child.stdin.on('error', () => {});
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();

  const receive = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`${name}: expected an answer, got the end of its output\n${complaint.trim()}`);
    return JSON.parse(value);
  };
  const ask = (message) => {
    child.stdin.write(`${JSON.stringify(message)}\n`);
    return receive();
  };
  const run = async (n = steps) => {
    const { ms, loss } = await ask({ run: n });
    if (loss !== undefined && !Number.isFinite(loss)) throw new Error(`${name}: expected a finite loss, got ${loss}`);
    return ms;
  };
  const { versions } = await receive();
  return { name, steps, versions, run, profile: () => ask('profile'), stop: () => child.stdin.end() };
}
