import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { palette } from '../../src/lab/report/palette.js';

it('the lab has the colours of the report, light and dark', async () => {
  const css = await readFile(new URL('../../web/src/style/theme.css', import.meta.url), 'utf8');
  const [light, dark] = css
    .split('@media')
    .map((rules) =>
      Object.fromEntries([...rules.matchAll(/--([\w-]+): (#[0-9a-f]+);/g)].map(([, name, value]) => [name, value])),
    );
  expect({ light, dark }).toEqual(palette);
});
