import { createHash } from 'node:crypto';
import { readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type EventReader, readEvents } from '../../../test/support/eventStream.js';
import { makeRun, rawGet, startLab, temporary } from '../../../test/support/labServer.js';
import { fakeTrain, runConfig, runEffects } from '../../../test/support/study.js';
import { encodeRecord } from '../runs/metrics/metrics.js';
import { runJob } from '../runs/runJob.js';
import type { MetricsEvent, RunsAnswer, RunsEvent } from './contract.js';
import type { LabServer } from './index.js';
import { positionOf, STREAM_SETTINGS } from './streams.js';

const quick = { ...STREAM_SETTINGS, every: 20 };
const ignore = (): void => undefined;
const listener = { onProgress: ignore, onEvaluation: ignore, onNote: ignore, stopReason: () => undefined };

let server: (LabServer & { readonly faults: unknown[] }) | undefined;
let readers: EventReader[] = [];

const start = async (root: string, streams = quick, port = 0) => {
  server = await startLab(root, { streams, port });
  return server;
};
const listen = (query = '', headers = {}): EventReader => {
  const reader = readEvents(server!.port, query, headers);
  readers.push(reader);
  return reader;
};
const answer = async (): Promise<RunsAnswer> =>
  (await (await fetch(`${server!.url}api/runs.json`)).json()) as RunsAnswer;

afterEach(async () => {
  for (const { socket } of readers) socket.destroy();
  readers = [];
  await server?.close();
  expect(server?.faults).toEqual([]);
});

const changedIn = ({ events }: EventReader): RunsEvent['changed'] =>
  events.flatMap(({ event, data }) => (event === 'runs' ? (data as RunsEvent).changed : []));

const recordsIn = ({ events }: EventReader): MetricsEvent['records'] =>
  events.flatMap(({ event, data }) => (event === 'metrics' ? (data as MetricsEvent).records : []));

/** Path, size, time and content of everything in a folder. */
const snapshot = async (folder: string): Promise<string[]> =>
  Promise.all(
    (await readdir(folder, { recursive: true })).sort().map(async (name) => {
      const at = await stat(join(folder, name));
      const hash = at.isFile()
        ? createHash('sha256')
            .update(await readFile(join(folder, name)))
            .digest('hex')
        : '';
      return `${name} ${at.mtimeMs} ${at.mode} ${hash}`;
    }),
  );

describe('a stream', () => {
  it('tells of a run from its beginning to its end, and of all that it measures', async () => {
    const root = await temporary('runs');
    await start(root);
    const { revision } = await answer();
    const reader = listen(`?after=${revision}`);
    let metrics: EventReader | undefined;
    const train = fakeTrain(async (_, chunk) => {
      if (chunk > 0) return;
      const event = await reader.until(({ event }) => event === 'runs');
      metrics = listen(`?run=${(event.data as RunsEvent).changed[0]!.key}`);
      await metrics.begun();
    });
    await runJob({ name: 'a', folder: join(root, 'a'), config: runConfig }, runEffects({ train }), listener);
    await reader.until(({ data }) => (data as RunsEvent).changed?.some(({ state }) => state === 'done'));
    const rows = changedIn(reader);
    expect(rows[0]).toMatchObject({ name: 'a', state: 'running' });
    expect(rows.at(-1)).toMatchObject({ state: 'done', steps: 200, sparkline: { length: 4 } });
    await metrics!.until(() => recordsIn(metrics!).filter(({ type }) => type === 'probes').length === 4);
    const types = recordsIn(metrics!).map(({ type }) => type);
    expect(types.filter((type) => type === 'evaluation')).toHaveLength(4);
    expect(types.filter((type) => type === 'metrics')).toHaveLength(1);
    const steps = recordsIn(metrics!).flatMap((record) => (record.type === 'evaluation' ? [record.step] : []));
    expect(steps).toEqual([50, 100, 150, 200]);
  });

  it('goes on where it broke: nothing is missed, nothing comes twice', async () => {
    const root = await temporary('runs');
    await makeRun(root, 'a', 1);
    await start(root);
    const { revision, runs } = await answer();
    const key = runs[0]!.key;
    const first = listen(`?after=${revision}&run=${key}`);
    await makeRun(root, 'b', 2);
    await first.until(({ event, data }) => event === 'runs' && (data as RunsEvent).changed[0]?.name === 'b');
    await first.until(({ event }) => event === 'metrics');
    const last = first.events.at(-1)!;
    first.socket.destroy();
    await makeRun(root, 'c', 3);
    await rm(join(root, 'b'), { recursive: true });
    const log = join(root, 'a/metrics.bin');
    const note = { type: 'progress', step: 201, epoch: 3, phase: 'joint', loss: 1 } as const;
    await writeFile(log, encodeRecord(note), { flag: 'a' });

    const again = listen(`?after=${revision}&run=${key}`, { 'Last-Event-ID': last.id });
    await again.until(({ event }) => event === 'metrics');
    await again.until(({ event, data }) => event === 'runs' && (data as RunsEvent).gone.length > 0);
    expect(recordsIn(again)).toEqual([note]);
    expect(changedIn(again).filter(({ name }) => name === 'b')).toEqual([]);
    expect(changedIn(again).some(({ name }) => name === 'c')).toBe(true);
    const ids = [...first.events, ...again.events]
      .filter(({ event }) => event === 'runs')
      .map(({ id }) => Number(id.split('-')[0]));
    expect(ids).toEqual([...new Set(ids)].sort((x, y) => x - y));
  });

  it('says that all is to be read again where it does not know what was missed', async () => {
    const root = await temporary('runs');
    const folder = await makeRun(root, 'a');
    await start(root);
    const { revision, runs } = await answer();
    for (const after of [revision - 1, revision + 1, 0]) {
      expect((await listen(`?after=${after}`).until(() => true)).event).toBe('reset');
    }
    const { size } = await stat(join(folder, 'metrics.bin'));
    const reader = listen(`?after=${revision}&run=${runs[0]!.key}&end=${size}`);
    await reader.begun();
    await truncate(join(folder, 'metrics.bin'), size - 10);
    await reader.until(({ event }) => event === 'reset');
  });

  it('tells of studies and of what cannot be read', async () => {
    const root = await temporary('runs');
    await start(root);
    const reader = listen(`?after=${(await answer()).revision}`);
    await writeFile(join(root, 'study.json'), '{"schema":1');
    const { data } = await reader.until(({ event }) => event === 'runs');
    expect(data).toMatchObject({ problems: [expect.stringContaining('study.json: expected JSON')] });
  });

  it('gives a sign of life', async () => {
    await start(await temporary('runs'), { ...quick, heartbeat: 20 });
    const reader = listen();
    for (const end = Date.now() + 5000; !reader.text().includes(': still here') && Date.now() < end; ) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(reader.text()).toContain(': still here');
  });

  it('takes a position from its id, else from its address', () => {
    expect(positionOf('12-34', '5', '6')).toEqual({ revision: 12, end: 34 });
    expect(positionOf('12', '5', '6')).toEqual({ revision: 12, end: 0 });
    expect(positionOf('', '5', '6')).toEqual({ revision: 5, end: 6 });
    expect(positionOf(undefined, undefined, undefined)).toEqual({ revision: undefined, end: 0 });
    expect(positionOf('a-b', '-1', '1e9')).toEqual({ revision: undefined, end: 0 });
  });
});

describe('a server with streams', () => {
  it('serves a thousand of them at once', async () => {
    const root = await temporary('runs');
    await makeRun(root, 'a');
    await start(root);
    const { revision } = await answer();
    const all = Array.from({ length: 1000 }, () => listen(`?after=${revision}`));
    await Promise.all(all.map((reader) => reader.begun()));
    expect(server!.readers()).toBe(1000);
    await makeRun(root, 'b', 2);
    await Promise.all(all.map((reader) => reader.until(({ event }) => event === 'runs')));
    expect(new Set(all.map((reader) => changedIn(reader)[0]!.name))).toEqual(new Set(['b']));
    expect((await answer()).runs).toHaveLength(2);
    for (const { socket } of all.slice(1)) socket.destroy();
    await makeRun(root, 'c', 3);
    await all[0]!.until(({ data }) => (data as RunsEvent).changed?.[0]?.name === 'c');
    expect(server!.readers()).toBe(1);
  });

  it('refuses more than it can serve', async () => {
    await start(await temporary('runs'), { ...quick, readers: 1 });
    await listen().begun();
    expect((await rawGet(server!.port, '/api/events')).status).toBe(503);
  });

  it('leaves a reader that does not read, and keeps nothing for him', async () => {
    const root = await temporary('runs');
    const folder = await makeRun(root, 'a');
    const text = 'x'.repeat(400_000);
    const record = encodeRecord({ type: 'probes', step: 1, epoch: 1, mu: text, sigma: text });
    for (let i = 0; i < 20; i++) await writeFile(join(folder, 'metrics.bin'), record, { flag: 'a' });
    await start(root, { ...quick, heartbeat: 200 });
    const { runs } = await answer();
    const slow = listen(`?run=${runs[0]!.key}`);
    slow.socket.pause();
    const other = listen(`?run=${runs[0]!.key}`);
    await other.until(() => recordsIn(other).filter((record) => 'step' in record && record.step === 1).length === 20);
    for (const end = Date.now() + 10_000; server!.readers() > 1 && Date.now() < end; ) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(server!.readers()).toBe(1);
    slow.socket.resume();
    await slow.closed;
  });

  it('ends them all at once when it is closed', async () => {
    await start(await temporary('runs'));
    const all = Array.from({ length: 20 }, () => listen());
    await Promise.all(all.map((reader) => reader.begun()));
    await server!.close();
    await Promise.all(all.map(({ closed }) => closed));
  });

  it('changes nothing in the folder that it reads', async () => {
    const root = await temporary('runs');
    await makeRun(root, 'a');
    const before = await snapshot(root);
    await start(root);
    const { runs } = await answer();
    const key = runs[0]!.key;
    const reader = listen(`?run=${key}`);
    await reader.until(({ event }) => event === 'metrics');
    for (const path of ['run.json', 'metrics.json', 'codes.npy', 'labels.npy', 'files/models/decoder.onnx']) {
      expect((await rawGet(server!.port, `/api/runs/${key}/${path}`)).status).toBe(200);
    }
    expect(await snapshot(root)).toEqual(before);
  });
});
