import { z } from 'zod';
import { InputError } from '../../../engine/errors/index.js';
import { isJobId } from '../jobs/job.js';
import { isSweepName } from '../store/openStore.js';

export const QUEUE = 'zdist';

/** What the queue is told of a job: where its specification lies, within the store of the worker. */
export interface Payload {
  readonly sweep: string;
  readonly job: string;
}

const schema = z.strictObject({ sweep: z.string().refine(isSweepName), job: z.string().refine(isJobId) });

/** Throws: InputError on anything else: who can write to Redis may not choose what a worker reads. */
export const readPayload = (given: unknown): Payload => {
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  throw new InputError(`queue: expected the names of a sweep and a job, got ${JSON.stringify(given)?.slice(0, 200)}`);
};

/** The job's identity in the queue: equal jobs of one sweep are one. */
export const queueId = ({ sweep, job }: Payload): string => `${sweep}.${job}`;
