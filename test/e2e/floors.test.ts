import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

describe('imports only go down', () => {
  let house: string;

  /** What the rules say of a small house with the given files. */
  const cruise = async (files: Readonly<Record<string, string>>): Promise<string> => {
    await rm(path.join(house, 'src'), { recursive: true, force: true });
    for (const [name, source] of Object.entries(files)) {
      await mkdir(path.dirname(path.join(house, name)), { recursive: true });
      await writeFile(path.join(house, name), source);
    }
    const depcruise = path.join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
    const args = [depcruise, '--config', '.dependency-cruiser.cjs', 'src'];
    const ended = promisify(execFile)(process.execPath, args, { cwd: house });
    return ended.then(
      ({ stdout }) => stdout,
      (error: { stdout: string }) => error.stdout,
    );
  };

  beforeAll(async () => {
    house = await mkdtemp(path.join(tmpdir(), 'zdist-floors-'));
    for (const file of ['.dependency-cruiser.cjs', 'tsconfig.json'])
      await copyFile(path.join(ROOT, file), path.join(house, file));
    await writeFile(path.join(house, 'package.json'), '{"type":"module","dependencies":{"onnxruntime-node":"*"}}');
    await symlink(path.join(ROOT, 'node_modules'), path.join(house, 'node_modules'));
  });
  afterAll(() => rm(house, { recursive: true, force: true }));

  const leaf = 'export const x = 1;\n';
  const imports = (specifier: string): string => `import * as y from '${specifier}';\nexport const x = y;\n`;

  test('downwards is allowed', async () => {
    const said = await cruise({
      'src/engine/a.ts': leaf,
      'src/vae/b.ts': imports('../engine/a.js'),
      'src/latent/c.ts': imports('../vae/b.js'),
      'src/lab/d.ts': `${imports('../latent/c.js')}import 'node:fs';\n`,
    });
    expect(said).toContain('no dependency violations found');
  });

  test.each([
    ['engine-knows-nothing-above', { 'src/vae/b.ts': leaf, 'src/engine/a.ts': imports('../vae/b.js') }],
    ['vae-imports-engine-only', { 'src/latent/c.ts': leaf, 'src/vae/b.ts': imports('../latent/c.js') }],
    ['latent-below-lab', { 'src/lab/d.ts': leaf, 'src/latent/c.ts': imports('../lab/d.js') }],
    ['lower-floors-are-isomorphic', { 'src/engine/a.ts': imports('node:fs') }],
    ['only-the-runtimes-import-onnxruntime', { 'src/vae/b.ts': imports('onnxruntime-node') }],
    ['no-cycles', { 'src/engine/a.ts': imports('./b.js'), 'src/engine/b.ts': imports('./a.js') }],
  ] as const)('%s', async (rule, files) => {
    expect(await cruise(files)).toContain(rule);
  });
});
