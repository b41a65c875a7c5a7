import { readFileSync } from 'node:fs';

/** A file of test/reference, in the type its reader knows it by. */
export const readReference = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`../reference/${name}.json`, import.meta.url), 'utf8')) as T;
