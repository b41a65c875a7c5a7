/** The addresses of contract.ts, answered from a folder of runs. */
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { Hono } from 'hono';
import { ASKED, absent, after, type Bindings, type Request, sendFile } from './answers.js';
import type { LabInfo } from './contract.js';
import { DOCUMENT_POLICY, SECURITY_HEADERS } from './headers.js';
import type { Lab } from './lab.js';
import { RunCodes } from './runCodes.js';
import { positionOf, type Streams } from './streams.js';

export interface ApiOptions {
  readonly lab: Lab;
  readonly streams: Streams;
  readonly info: LabInfo;
}

/** A document of a run folder is shown, but is no page of the lab. */
const documentHeaders = (path: string): Readonly<Record<string, string>> =>
  /\.(html?|svg|xml|xhtml)$/i.test(path) ? { 'content-security-policy': DOCUMENT_POLICY } : {};

export const apiRoutes = ({ lab, streams, info }: ApiOptions): Hono<Bindings> => {
  const api = new Hono<Bindings>();
  const codes = new RunCodes();

  /** The folder of the run that is asked for; a run that is new is found by looking again. */
  const runFolder = async (c: Request): Promise<string | undefined> => {
    const key = c.req.param('key') ?? '';
    if (lab.runFolder(key) === undefined) await lab.refresh();
    return lab.runFolder(key);
  };

  api.use(async (c, next) => {
    await next();
    if (!c.res.headers.has('cache-control')) c.res.headers.set('cache-control', ASKED);
  });
  api.get('/lab.json', (c) => c.json(info));
  api.get('/runs.json', async (c) => {
    await lab.refresh();
    return c.json(lab.answer);
  });
  api.get('/runs/:key/run.json', async (c) => {
    await lab.refresh();
    const detail = await lab.detail(c.req.param('key'));
    return detail ? c.json(detail) : absent(c, 'a run');
  });
  api.get('/runs/:key/metrics.json', async (c) => {
    const metrics = (await runFolder(c)) && (await lab.metrics(c.req.param('key')));
    return metrics ? c.json(metrics) : absent(c, 'a run');
  });
  for (const name of ['codes', 'labels'] as const) {
    api.get(`/runs/:key/${name}.npy`, async (c) => {
      const folder = await runFolder(c);
      const arrays = folder === undefined ? undefined : await codes.of(folder);
      const array = arrays?.[name];
      if (!array) return absent(c, `a run with ${name}`);
      const etag = `"${arrays.stamp}"`;
      if (c.req.header('if-none-match') === etag) return c.body(null, 304, { etag });
      return c.body(Uint8Array.from(array), 200, { 'content-type': 'application/octet-stream', etag });
    });
  }
  api.get('/runs/:key/files/*', async (c) => {
    const folder = await runFolder(c);
    const path = after(c, 4);
    return (folder && (await sendFile(c, folder, path, documentHeaders(path)))) || absent(c, 'a file of a run');
  });
  api.get('/studies/:key/study.json', async (c) => {
    await lab.refresh();
    const study = await lab.study(c.req.param('key'));
    return study ? c.json(study) : absent(c, 'a study');
  });
  api.get('/studies/:key/files/*', async (c) => {
    await lab.refresh();
    const folder = lab.studyFolder(c.req.param('key'));
    const path = after(c, 4);
    return (folder && (await sendFile(c, folder, path, documentHeaders(path)))) || absent(c, 'a file of a study');
  });
  api.get('/events', (c) => {
    if (c.req.method === 'HEAD') return c.body(null, 200, { 'content-type': 'text/event-stream' });
    if (streams.isFull) return c.text('api/events: expected fewer streams, got as many as there may be\n', 503);
    const position = positionOf(c.req.header('last-event-id'), c.req.query('after'), c.req.query('end'));
    streams.open(c.env.outgoing, SECURITY_HEADERS, position, c.req.query('run'));
    return RESPONSE_ALREADY_SENT;
  });
  api.all('*', (c) => absent(c, 'an address of the lab'));
  return api;
};
