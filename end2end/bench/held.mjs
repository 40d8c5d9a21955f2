// A card is taken into the hand in the timetable editor: from the click until every cell of the board has its verdict, its price
// and its reason, in wasm.
//
// From the click to the first task after it: the judging of all cells and the writing into the page, without style and paint.
// So it is more than the judging alone. The board is the demo's draft of a school; every card that lies on it is taken once.
import { chromium } from '@playwright/test';
import { CHROMIUM, CHROMIUM_ARGS } from './product.mjs';
import { addCookie } from './size.mjs';

const SCHOOL = 11;

export async function measure(product, note) {
  const [[draft, cards]] = await product.sql(
    `select v.id, count(*) from timetable_version v join card c on c.version_id = v.id and c.school_id = v.school_id
     where v.school_id = ${SCHOOL} and v.state = 'draft' group by v.id order by v.id limit 1`,
  );
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_ARGS });
  try {
    const context = await browser.newContext({ baseURL: product.url, serviceWorkers: 'block', viewport: { width: 1440, height: 900 }, locale: 'ru-RU' });
    await addCookie(context, product, 'deputy');
    const page = await context.newPage();
    await page.goto(`/timetable/${draft}`);
    await page.locator('html[data-ready]').waitFor({ state: 'attached', timeout: 30_000 });
    await page.locator('.tt-cell .tt-card').first().waitFor();
    const { times, cells } = await page.evaluate(async () => {
      const task = () => new Promise((done) => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = done;
        port2.postMessage(0);
      });
      const times = [];
      let cells = 0;
      const count = document.querySelectorAll('.tt-cell .tt-card').length;
      for (let n = 0; n < Math.min(count, 150); n += 1) {
        const card = document.querySelectorAll('.tt-cell .tt-card')[n];
        const began = performance.now();
        card.click();
        await task();
        const took = performance.now() - began;
        const judged = document.querySelectorAll('.tt-cell[data-verdict]').length;
        if (judged > 0) {
          times.push(took);
          cells = Math.max(cells, judged);
        }
        document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
        await task();
        await new Promise((done) => setTimeout(done, 30));
      }
      return { times, cells };
    });
    if (times.length < 20) throw new Error(`only ${times.length} cards could be taken`);
    const sorted = times.slice(3).sort((a, b) => a - b);
    const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
    note('held_cards_of_board', Number(cards), 'cards');
    note('held_cells', cells, 'cells');
    note('held_click_to_verdicts_p50', at(0.5), 'ms');
    note('held_click_to_verdicts_p95', at(0.95), 'ms');
  } finally {
    await browser.close();
  }
}
