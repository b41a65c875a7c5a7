/** What answers are made of. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { Context } from 'hono';
import { typeOf } from './headers.js';
import { openWithin } from './withinFolder.js';

export type Bindings = { Bindings: { incoming: IncomingMessage; outgoing: ServerResponse } };
export type Request = Context<Bindings>;

/** Kept, but asked about each time. */
export const ASKED = 'no-cache';

/** The path as it was asked for: nothing in it is decoded yet. */
export const pathOf = (c: Request): string => new URL(c.req.url).pathname;

/** What follows the first so many parts of a path. */
export const after = (c: Request, parts: number): string =>
  pathOf(c)
    .split('/')
    .slice(parts + 1)
    .join('/');

export const absent = (c: Request, what: string): Response => c.text(`${pathOf(c)}: expected ${what}, got none\n`, 404);

/** A file of a folder, by the rest of an address; 304 to who has it already. */
export const sendFile = async (
  c: Request,
  folder: string,
  encoded: string,
  headers: Readonly<Record<string, string>>,
): Promise<Response | undefined> => {
  const file = await openWithin(folder, encoded);
  if (file === undefined) return undefined;
  const { path, size, mtimeMs, handle } = file;
  const etag = `W/"${size.toString(36)}-${mtimeMs.toString(36)}"`;
  const head = { 'content-type': typeOf(path), 'cache-control': ASKED, etag, ...headers };
  const known = c.req.header('if-none-match') === etag;
  if (known || size === 0 || c.req.method === 'HEAD') {
    await handle.close();
    return c.body(null, known ? 304 : 200, { ...head, ...(!known && { 'content-length': String(size) }) });
  }
  // Not what is written behind its end from now on. It closes the file.
  const content = Readable.toWeb(handle.createReadStream({ end: size - 1 })) as ReadableStream;
  return c.body(content, 200, { ...head, 'content-length': String(size) });
};
