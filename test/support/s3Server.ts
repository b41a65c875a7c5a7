/** The part of S3 that a store needs, on 127.0.0.1: PUT with If-None-Match, GET and DELETE, with answers that can get lost. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface S3Server {
  readonly endpoint: string;
  /** By `/bucket/key`. */
  readonly objects: Map<string, Buffer>;
  /** Does the next `count` writes, and breaks the connection in place of an answer. */
  loseAnswers(count: number): void;
  /** Answers the next `count` requests with 503. */
  beBusy(count: number): void;
  close(): Promise<void>;
}

export const startS3 = async (): Promise<S3Server> => {
  const objects = new Map<string, Buffer>();
  let [lost, busy] = [0, 0];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const key = decodeURIComponent(new URL(request.url!, 'http://s3').pathname);
      const answer = (status: number, body?: Buffer | string): void => void response.writeHead(status).end(body);
      if (busy-- > 0) return answer(503);
      const there = objects.get(key);
      if (request.method === 'DELETE') {
        objects.delete(key);
        return answer(204);
      }
      if (request.method !== 'PUT')
        return there ? answer(200, there) : answer(404, '<Error><Code>NoSuchKey</Code></Error>');
      if (there && request.headers['if-none-match'] === '*') {
        return answer(412, '<Error><Code>PreconditionFailed</Code></Error>');
      }
      objects.set(key, Buffer.concat(parts));
      if (lost-- > 0) return void request.socket.destroy();
      answer(200);
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    objects,
    loseAnswers: (count) => {
      lost = count;
    },
    beBusy: (count) => {
      busy = count;
    },
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
};
