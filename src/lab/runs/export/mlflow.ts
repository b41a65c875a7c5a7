/**
 * A run told to an MLflow tracking server.
 *
 * Source: MLflow REST API 2.0 (experiments/get-by-name, experiments/create, runs/create, runs/log-batch, runs/update).
 */
import { InputError } from '../../../engine/errors/index.js';
import type { Metrics } from '../metrics/metrics.js';
import type { RunRecord } from '../reading/record.js';
import type { RunState } from '../reading/summary.js';

export interface Tracking {
  /** Of the server, without `/api`. */
  readonly url: string;
  readonly experiment: string;
  /** Sent as a bearer token, and never told in a message. */
  readonly token?: string;
  readonly fetch: typeof fetch;
}

/** The most that one log-batch takes. */
const METRICS_AT_ONCE = 1000;
const PARAMETERS_AT_ONCE = 100;
/** The longest value of a parameter. */
const LONGEST = 6000;

const STATUS: Readonly<Record<RunState, string>> = {
  running: 'RUNNING',
  done: 'FINISHED',
  failed: 'FAILED',
  interrupted: 'KILLED',
  crashed: 'KILLED',
};

interface Answer {
  readonly experiment_id?: string;
  readonly experiment?: { readonly experiment_id: string };
  readonly run?: { readonly info: { readonly run_id: string } };
}

/** Undefined where the server says that there is no such thing. Throws: InputError for every other refusal. */
const call = async (
  { url, token, fetch }: Tracking,
  method: 'GET' | 'POST',
  path: string,
  body?: unknown,
): Promise<Answer | undefined> => {
  const address = new URL(`api/2.0/mlflow/${path}`, url.endsWith('/') ? url : `${url}/`);
  const response = await fetch(address, {
    method,
    headers: { 'content-type': 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  }).catch((error: Error) => {
    throw new InputError(`${address.origin}: expected an MLflow server, got ${String(error.cause ?? error.message)}`);
  });
  if (response.status === 404 && method === 'GET') return undefined;
  if (!response.ok) {
    const said = (await response.text()).slice(0, 200);
    throw new InputError(`${address.origin}${address.pathname}: expected status 200, got ${response.status}: ${said}`);
  }
  return (await response.json()) as Answer;
};

const chunks = <Item>(items: readonly Item[], size: number): Item[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));

const experimentId = async (server: Tracking): Promise<string> => {
  const query = `experiments/get-by-name?experiment_name=${encodeURIComponent(server.experiment)}`;
  const known = (await call(server, 'GET', query))?.experiment?.experiment_id;
  return known ?? (await call(server, 'POST', 'experiments/create', { name: server.experiment }))!.experiment_id!;
};

/**
 * Tells a run: its settings as parameters, its metrics by step, its state. Gives the id that the server gave it.
 *
 * Throws: InputError when the server is not there or refuses.
 */
export const tellMlflow = async (
  server: Tracking,
  { name, started, seconds, steps, config, error }: RunRecord,
  state: RunState,
  { curve, progress }: Pick<Metrics, 'curve' | 'progress'>,
): Promise<string> => {
  const begun = Date.parse(started) || 0;
  const at = (step: number): number => Math.round(begun + (steps > 0 ? (1000 * seconds * step) / steps : 0));
  const metric = (key: string, step: number, value: number) => ({ key, value, step, timestamp: at(step) });
  const metrics = [
    ...progress.flatMap(({ step, epoch: _epoch, phase: _phase, ...values }) =>
      Object.entries(values).map(([key, value]) => metric(`train/${key}`, step, value)),
    ),
    ...curve.flatMap(({ step, epoch: _epoch, ...values }) =>
      Object.entries(values).map(([key, { value }]) => metric(`test/${key}`, step, value)),
    ),
  ];
  const params = Object.entries(config).map(([key, value]) => ({
    key,
    value: (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, LONGEST),
  }));
  const tags = error === undefined ? [] : [{ key: 'error', value: error }];
  const experiment = await experimentId(server);
  const created = await call(server, 'POST', 'runs/create', {
    ...{ experiment_id: experiment, run_name: name, start_time: begun, tags },
  });
  const run_id = created!.run!.info.run_id;
  for (const some of chunks(params, PARAMETERS_AT_ONCE))
    await call(server, 'POST', 'runs/log-batch', { run_id, params: some });
  for (const some of chunks(metrics, METRICS_AT_ONCE))
    await call(server, 'POST', 'runs/log-batch', { run_id, metrics: some });
  const status = STATUS[state];
  const ended = state === 'running' ? {} : { end_time: at(steps) };
  await call(server, 'POST', 'runs/update', { run_id, status, ...ended });
  return run_id;
};
