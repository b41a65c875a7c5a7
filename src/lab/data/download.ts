import { InputError } from '../../engine/errors/index.js';

/** Milliseconds after which a silent mirror is given up. */
const PATIENCE = 120_000;

/**
 * What `accept` makes of the bytes from the first mirror whose bytes it does not refuse (by throwing).
 *
 * Throws: InputError that names each mirror and what it answered.
 */
export const download = async <T>(
  urls: readonly string[],
  accept: (bytes: Uint8Array, url: string) => Promise<T>,
  fetchFrom: typeof fetch,
  log: (line: string) => void,
): Promise<T> => {
  const refusals: string[] = [];
  for (const url of urls) {
    try {
      log(`fetching ${url}`);
      const response = await fetchFrom(url, { signal: AbortSignal.timeout(PATIENCE) });
      if (!response.ok) throw new InputError(`${url}: expected HTTP 200, got ${response.status}`);
      return await accept(new Uint8Array(await response.arrayBuffer()), url);
    } catch (error) {
      refusals.push(error instanceof InputError ? error.message : `${url}: ${reason(error)}`);
    }
  }
  throw new InputError(refusals.join('\n'));
};

/** fetch() says only `fetch failed`; what failed stands in its cause. */
const reason = (error: unknown): string => {
  const { message, cause } = error as Error;
  return cause instanceof Error ? `${message} (${cause.message})` : message;
};
