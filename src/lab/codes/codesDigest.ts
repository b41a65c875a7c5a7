import type { AuditInput, Codes } from '../../latent/audit/index.js';
import { sha256 } from '../data/digest.js';

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

const digestOf = (codes: Codes): string =>
  'mu' in codes ? sha256(bytesOf(codes.mu), bytesOf(codes.sigma)) : sha256(bytesOf(codes.z));

/** SHA-256 of codes as they were read, float32 row by row: mu then sigma, or z; of the training and of the held-out ones. */
export const codesDigest = ({ train, test }: AuditInput): { readonly train: string; readonly test?: string } => ({
  train: digestOf(train),
  ...(test && { test: digestOf(test) }),
});
