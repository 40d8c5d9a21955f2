// How long a teacher waits for a journal of 40 × 150: from the address, and from a click in the list, until the grid takes keys. Warm:
// the browser has the application and has compiled it, the server has answered the same before. 15 openings each, the first three not counted.
import { bigJournal } from './journal.mjs';
import { at, launched, openJournal, window } from './desk.mjs';

const TIMES = 15;
const WARM = 3;

export async function measure(product, note) {
  const load = await bigJournal(product);
  await launched(async (browser) => {
    const page = await window(browser, product, 'teacher');
    await page.addInitScript(() => {
      // usable: hydrated, and the grid has been drawn with a cell that the keyboard stands on
      const usable = () => document.documentElement?.hasAttribute('data-ready') && document.querySelector('[role=grid]:not([aria-busy]) .grid-cell[tabindex="0"]');
      globalThis.whenUsable = () =>
        new Promise((done) => {
          const look = () => (usable() ? done(performance.now()) : requestAnimationFrame(look));
          look();
        });
      globalThis.opened = globalThis.whenUsable();
    });
    const documents = [];
    for (let n = 0; n < TIMES; n += 1) {
      await page.goto(`/journal/${load}`, { waitUntil: 'commit' });
      documents.push(await page.evaluate(() => globalThis.opened));
    }
    const clicks = [];
    for (let n = 0; n < TIMES; n += 1) {
      await page.goto('/journal');
      await page.locator('html[data-ready]').waitFor({ state: 'attached' });
      const link = page.locator(`main a[href="/journal/${load}"]`).last();
      await link.waitFor();
      clicks.push(
        await link.evaluate(async (element) => {
          const began = performance.now();
          element.click();
          return (await globalThis.whenUsable()) - began;
        }),
      );
    }
    await openJournal(page, load);
    for (const [name, times] of [['document', documents], ['click', clicks]]) {
      note(`open_journal_by_${name}_p50`, at(times.slice(WARM), 0.5), 'ms');
      note(`open_journal_by_${name}_p95`, at(times.slice(WARM), 0.95), 'ms');
    }
  });
}
