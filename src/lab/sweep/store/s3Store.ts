import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { InputError } from '../../../engine/errors/index.js';
import type { Environment } from '../../config/index.js';
import { StorageError } from '../../runs/writeFile.js';
import { checkKey, type ResultStore, type StoreRoot } from './resultStore.js';

const statusOf = (error: unknown): number | undefined =>
  (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;

/**
 * A store in a bucket. `create` is a conditional write (If-None-Match: *), so that of several writers one wins; runs
 * write into a temporary folder of this machine and are uploaded when they are done.
 *
 * Source: Amazon S3 user guide, "Conditional writes"; 412 says that there is an object, 409 that two writes met.
 */
export const s3Store = (client: S3Client, bucket: string, prefix: string): ResultStore => {
  const name = `s3://${bucket}/${prefix}`;
  const keyOf = (key: string): string => `${prefix}/${checkKey(key)}`;
  const put = (key: string, content: string | Uint8Array, condition: { IfNoneMatch?: '*' }) =>
    client.send(new PutObjectCommand({ Bucket: bucket, Key: keyOf(key), Body: content, ...condition }));
  return {
    name,
    read: async (key) => {
      try {
        const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: keyOf(key) }));
        return await Body!.transformToByteArray();
      } catch (error) {
        if (statusOf(error) === 404) return undefined;
        throw new Error(`cannot read ${name}/${key}: ${String(error)}`, { cause: error });
      }
    },
    create: async (key, content) => {
      try {
        await put(key, content, { IfNoneMatch: '*' });
        return true;
      } catch (error) {
        if (statusOf(error) === 412) return false;
        throw new StorageError(`${name}/${key}`, error);
      }
    },
    replace: async (key, content) => {
      await put(key, content, {}).catch((error: unknown) => {
        throw new StorageError(`${name}/${key}`, error);
      });
    },
    remove: async (key) => {
      await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: keyOf(key) })).catch((error: unknown) => {
        throw new StorageError(`${name}/${key}`, error);
      });
    },
    openFolder: () => mkdtemp(join(tmpdir(), 'zdist-run-')),
    publish: async (key, folder, files) => {
      for (const file of files) {
        const object = { Bucket: bucket, Key: keyOf(`${key}/${file}`), Body: await readFile(join(folder, file)) };
        await client.send(new PutObjectCommand(object)).catch((error: unknown) => {
          throw new StorageError(`${name}/${key}/${file}`, error);
        });
      }
    },
    closeFolder: (folder) => rm(folder, { recursive: true, force: true }),
  };
};

/**
 * Opens `s3://bucket/prefix`. Region, credentials and endpoint come from the environment (AWS_REGION,
 * AWS_ACCESS_KEY_ID, AWS_ENDPOINT_URL_S3, ...) or the files of the AWS tools; another endpoint gets paths in place of
 * host names, as MinIO and Ceph want them.
 *
 * Throws: InputError on another address.
 */
export const openBucket = (address: string, env: Environment): StoreRoot => {
  const [, bucket, prefix] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/(.*[^/])\/*$/.exec(address) ?? [];
  if (bucket === undefined || prefix === undefined) {
    throw new InputError(`store: expected s3://bucket/prefix, got ${JSON.stringify(address)}`);
  }
  checkKey(prefix);
  const endpoint = env.AWS_ENDPOINT_URL_S3 ?? env.AWS_ENDPOINT_URL;
  const client = new S3Client({
    ...(endpoint !== undefined && { endpoint, forcePathStyle: true }),
    ...(env.AWS_REGION === undefined && endpoint !== undefined && { region: 'us-east-1' }),
    // Checksums of streamed uploads need trailers, which few servers but Amazon's know.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  return { name: address, sweep: (name) => s3Store(client, bucket, `${prefix}/${name}`) };
};
