/** A reader of server-sent events over a socket of its own. */
import { connect, type Socket } from 'node:net';

export interface ServerEvent {
  readonly id: string;
  readonly event: string;
  readonly data: unknown;
}

export interface EventReader {
  readonly socket: Socket;
  readonly events: ServerEvent[];
  /** Everything that came, with its framing. */
  readonly text: () => string;
  readonly closed: Promise<void>;
  /** Waits for an event. Throws after 20 s, with what came instead. */
  until(wanted: (event: ServerEvent) => boolean): Promise<ServerEvent>;
  /** Waits until the stream has begun. */
  begun(): Promise<void>;
}

/** Chunks of HTTP/1.1 are cut at events here, so lines of their lengths stand between them. */
const parse = (block: string): ServerEvent | undefined => {
  const field = (name: string): string | undefined => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
  const data = field('data');
  return data === undefined
    ? undefined
    : { id: field('id') ?? '', event: field('event') ?? '', data: JSON.parse(data) };
};

const waitFor = async <T>(look: () => T | undefined, said: () => string): Promise<T> => {
  for (const end = Date.now() + 20_000; Date.now() < end; ) {
    const found = look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`expected an event, got:\n${said()}`);
};

export const readEvents = (port: number, query = '', headers: Readonly<Record<string, string>> = {}): EventReader => {
  const socket = connect(port, '127.0.0.1');
  const events: ServerEvent[] = [];
  let text = '';
  let rest = '';
  socket.setEncoding('utf8');
  socket.on('data', (part: string) => {
    text += part;
    const blocks = (rest + part.replaceAll('\r', '')).split('\n\n');
    rest = blocks.pop()!;
    events.push(...blocks.flatMap((block) => parse(block) ?? []));
  });
  socket.on('error', () => undefined);
  const lines = Object.entries({ Host: 'localhost', ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`GET /api/events${query} HTTP/1.1\r\n${lines.join('')}\r\n`);
  return {
    socket,
    events,
    text: () => text,
    closed: new Promise((resolve) => socket.on('close', () => resolve())),
    until: (wanted) =>
      waitFor(
        () => events.find(wanted),
        () => text,
      ),
    begun: async () =>
      void (await waitFor(
        () => (text.includes('retry:') ? true : undefined),
        () => text,
      )),
  };
};
