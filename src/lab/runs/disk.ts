import { readFile } from 'node:fs';
import files from 'node:fs/promises';
import { promisify } from 'node:util';
import type { FileSystem } from './fileSystem.js';

/** The disk of this machine. Of thousands of small files, this `readFile` takes half the time of that of `node:fs/promises`. */
export const disk: FileSystem = { ...files, readFile: promisify(readFile) };
