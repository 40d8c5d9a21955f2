// What holds on every page: axe finds nothing, nothing is wider than the window, one heading of the first level, no
// word on the console.
import { expect, open, test } from '../support/test';
import { overflow, violations } from '../support/axe';
import { PLACES } from '../support/places';

for (const place of PLACES) {
  for (const theme of ['light', 'dark'] as const) {
    test(`${place.name}, ${theme}`, async ({ as, server, watch }) => {
      if (place.name === 'no such page') watch.allow(/status of 404/);
      const address = await place.address(server);
      for (const locale of ['ru-RU', 'en-GB']) {
        const page = await as(place.login, { locale, colorScheme: theme, viewport: { width: 1440, height: 900 } });
        await open(page, address);
        await expect(page.locator('html')).toHaveAttribute('lang', locale.slice(0, 2));
        await expect(page.locator('[aria-busy=true]:visible')).toHaveCount(0);
        await expect.soft(page.getByRole('heading', { level: 1 })).toHaveCount(1);
        for (const width of [1440, 360, 320]) {
          await page.setViewportSize({ width, height: width > 1000 ? 900 : 740 });
          const where = `${place.name}, ${theme}, ${locale}, ${width} px`;
          if (width !== 320) expect.soft(await violations(page), `axe: ${where}`).toEqual([]);
          expect.soft(await overflow(page), `wider than the window: ${where}`).toEqual([]);
        }
        await page.context().close();
      }
    });
  }
}
