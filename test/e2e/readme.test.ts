import { execFile } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import ts from 'typescript';
import { afterAll, expect, test } from 'vitest';

const ROOT = new URL('../../', import.meta.url);
/** Inside the package, so that `zdist` means the build under test. */
const example = fileURLToPath(new URL('dist/readme-example.mjs', ROOT));

afterAll(() => rm(example, { force: true }));

test('the library example of the README runs as it stands', async () => {
  const readme = await readFile(new URL('README.md', ROOT), 'utf8');
  const source = /```ts\n([\s\S]*?)```/.exec(readme)?.[1];
  expect(source).toBeDefined();
  const options = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 };
  await writeFile(example, ts.transpile(source!, options));
  const { stdout } = await promisify(execFile)(process.execPath, [example], { cwd: fileURLToPath(ROOT) });
  expect(stdout).toMatch(/value: -\d+\.\d+,\s+se: \d+\.\d+,\s+n: 1000,\s+seed: 1/);
});

test('the README gives its two commands', async () => {
  const readme = await readFile(new URL('README.md', ROOT), 'utf8');
  expect(readme).toContain('\nnpm ci && npm start\n');
  expect(readme).toContain('\nnpm ci && npm test\n');
});
