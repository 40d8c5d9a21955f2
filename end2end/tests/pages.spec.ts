// What holds on every page: axe finds nothing, nothing is wider than the window, one heading of the first level, no
// word on the console. In both languages; the dark theme differs from the light one in colours alone, so there the colours
// are looked at, and all else in the light one.
import { expect, open, test } from '../support/test';
import { colours, overflow, violations } from '../support/axe';
import { PLACES } from '../support/places';

for (const place of PLACES) {
  test(place.name, async ({ as, server, watch }) => {
    if (place.name === 'no such page') watch.allow(/status of 404/);
    const address = await place.address(server);
    for (const locale of ['ru-RU', 'en-GB']) {
      const page = await as(place.login, { locale, colorScheme: 'light', viewport: { width: 1440, height: 900 } });
      await open(page, address);
      await expect(page.locator('html')).toHaveAttribute('lang', locale.slice(0, 2));
      await expect(page.locator('[aria-busy=true]:visible')).toHaveCount(0);
      await expect.soft(page.getByRole('heading', { level: 1 })).toHaveCount(1);
      for (const width of [1440, 360, 320]) {
        await page.setViewportSize({ width, height: width > 1000 ? 900 : 740 });
        const where = `${place.name}, ${locale}, ${width} px`;
        expect.soft(await overflow(page), `wider than the window: ${where}`).toEqual([]);
        // a language changes words, and words are the same in every width; it changes no colour
        if (width === 320 || (locale !== 'ru-RU' && width !== 360)) continue;
        expect.soft(await violations(page), `axe: ${where}`).toEqual([]);
        if (locale !== 'ru-RU') continue;
        await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
        expect.soft(await colours(page), `colours in the dark: ${where}`).toEqual([]);
        await page.emulateMedia({ colorScheme: 'light' });
      }
      await page.context().close();
    }
  });
}
