/** Where the lab reads runs from: `zdist ui`, or the files beside a static site. */
import type { LabInfo, MetricsAnswer, RunDetail, RunsAnswer } from '../../../src/lab/server/contract.js';
import type { Study } from '../../../src/lab/studies/study.js';

/** Throws: Error that says what was asked for and what came back. */
const ask = async (path: string): Promise<Response> => {
  const answer = await fetch(path);
  if (!answer.ok) throw new Error(`${path}: expected a file, got ${answer.status} ${answer.statusText}`);
  return answer;
};

const json = async <T>(path: string): Promise<T> => (await (await ask(path)).json()) as T;

export const labInfo = (): Promise<LabInfo> => json('api/lab.json');
export const allRuns = (): Promise<RunsAnswer> => json('api/runs.json');
export const runDetail = (key: string): Promise<RunDetail> => json(`api/runs/${key}/run.json`);
export const runMetrics = (key: string): Promise<MetricsAnswer> => json(`api/runs/${key}/metrics.json`);
export const study = (key: string): Promise<Study> => json(`api/studies/${key}/study.json`);

const encoded = (path: string): string => path.split('/').map(encodeURIComponent).join('/');

/** Codes of the test images after training: `.npy`, float32 [images, 2, latents], mu then sigma. */
export const codesAddress = (key: string): string => `api/runs/${key}/codes.npy`;
/** Their labels: `.npy`, uint8 [images]. */
export const labelsAddress = (key: string): string => `api/runs/${key}/labels.npy`;

/** The address of a file of a run, for `<img src>` and the like. */
export const runFile = (key: string, path: string): string => `api/runs/${key}/files/${encoded(path)}`;
export const studyFile = (key: string, path: string): string => `api/studies/${key}/files/${encoded(path)}`;

export const fileBytes = async (address: string): Promise<Uint8Array> =>
  new Uint8Array(await (await ask(address)).arrayBuffer());
