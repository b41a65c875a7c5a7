import { describe, expect, it } from 'vitest';
import { withoutBrowser } from '../support/chromium.js';
import { useLabSite } from '../support/labSite.js';

describe.skipIf(withoutBrowser)('the lab as a static site', () => {
  const site = useLabSite();

  const query = async (): Promise<URLSearchParams> =>
    new URLSearchParams(String(await site.page.evaluate('location.hash')).split('?')[1]);

  describe('the (μ, σ) plane', () => {
    it('takes its whole state from the address', async () => {
      await site.page.goto(`${site.url}#/plane?mu=-1.5&sigma=2&friction=3&law=heavy+ball`);
      const start = site.page.getByRole('slider', { name: /^Start/ });
      expect(await start.getAttribute('aria-valuetext')).toBe('μ -1.50, σ 2.00');
      expect(await site.page.getByRole('radio', { name: 'heavy ball' }).isChecked()).toBe(true);
      expect(await site.page.locator('dl.facts').innerText()).toContain('stable node');
    });

    it('moves the start by keys and by dragging, and writes it into the address', async () => {
      await site.page.goto(`${site.url}#/plane`);
      await site.page.getByRole('slider', { name: /^Start/ }).press('ArrowLeft');
      expect((await query()).get('mu')).toBe('1.9');
      const box = (await site.page.locator('svg.plane').boundingBox())!;
      await site.page.mouse.move(box.x + box.width / 3, box.y + box.height / 3);
      await site.page.mouse.down();
      await site.page.mouse.move(box.x + box.width / 4, box.y + box.height / 4);
      await site.page.mouse.up();
      expect(Number((await query()).get('mu'))).toBeLessThan(-1);
      expect(Number((await query()).get('sigma'))).toBeGreaterThan(2);
    });

    it('plays, and keeps a value that makes no sense out', async () => {
      await site.page.goto(`${site.url}#/plane?shown=0.4&sigma=-3`);
      expect(await site.page.getByRole('slider', { name: /^Start/ }).getAttribute('aria-valuetext')).toContain(
        'σ 0.30',
      );
      await site.page.getByRole('button', { name: 'Play' }).click();
      await site.page.getByRole('button', { name: 'Pause' }).waitFor();
      await site.page.getByRole('button', { name: 'Play' }).waitFor();
      expect((await query()).get('shown')).toBeNull();
    });

    it('is saved as SVG, PNG and CSV', async () => {
      await site.page.goto(`${site.url}#/plane`);
      for (const name of ['SVG', 'PNG', 'CSV']) {
        const download = site.page.waitForEvent('download');
        await site.page.getByRole('button', { name }).first().click();
        expect((await download).suggestedFilename()).toBe(`plane.${name.toLowerCase()}`);
      }
    });

    it('fits a phone', async () => {
      await site.page.setViewportSize({ width: 360, height: 740 });
      await site.page.goto(`${site.url}#/plane`);
      await site.page.locator('svg.plane').waitFor();
      expect(await site.page.evaluate('document.documentElement.scrollWidth')).toBe(360);
    });
  });
});
