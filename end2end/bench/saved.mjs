// From a key to «saved»: marks typed into a grid of 40 × 150, each until the page forgets the act that it had kept in case it should not arrive, which
// is after the transaction with its audit event has been committed to the disk and the answer was read. From the event's own time stamp to the
// first task after the next frame. (A cell says that it waits only where that takes more than 400 ms.)
//
// Two paces: somebody who looks at each pupil (a mark in 0.4 s), and a very quick typist (ten in a second), whose next marks wait for the answer before
// they are sent, many in one request. Server, PostgreSQL (fsync on) and browser are on the same machine.
import { bigJournal } from './journal.mjs';
import { at, launched, openJournal, window } from './desk.mjs';

const KEYS = Number(process.env.PARTA_BENCH_KEYS || 200);

export async function measure(product, note) {
  const load = await bigJournal(product);
  await launched(async (browser) => {
    for (const [name, pace] of [['calm', 400], ['quick', 100]]) {
      const page = await window(browser, product, 'teacher');
      await openJournal(page, load);
      await page.getByRole('gridcell').first().click();
      await page.keyboard.press('Control+Home');
      await page.evaluate(() => {
        const began = new Map();
        let pressed = 0;
        globalThis.times = [];
        const frame = (then) => requestAnimationFrame(() => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = then;
          port2.postMessage(0);
        });
        addEventListener('keydown', (event) => {
          pressed = event.timeStamp;
        }, { capture: true });
        // an act is written down while its key is handled, and forgotten when the server has it
        const [put, forget] = [Storage.prototype.setItem, Storage.prototype.removeItem];
        Storage.prototype.setItem = function setItem(key, value) {
          if (key.startsWith('parta.outbox.journal.') && !began.has(key)) began.set(key, pressed);
          return put.call(this, key, value);
        };
        Storage.prototype.removeItem = function removeItem(key) {
          const since = began.get(key);
          if (since !== undefined) {
            began.delete(key);
            frame(() => globalThis.times.push(performance.now() - since));
          }
          return forget.call(this, key);
        };
      });
      for (let n = 0; n < KEYS; n += 1) {
        // always another mark than stands there: one that changes nothing is not saved
        const now = Number(await page.evaluate(() => document.querySelector('.grid-body .grid-cell[data-active]')?.textContent) || 0);
        await page.keyboard.press(String(now === 5 ? 2 : Math.max(2, now + 1)));
        await page.waitForTimeout(pace - 20 + (n % 7) * 5);
      }
      await page.waitForFunction(() => !document.querySelector('.save-status').hasAttribute('data-busy'));
      await page.waitForTimeout(100);
      const times = await page.evaluate(() => globalThis.times);
      if (times.length < KEYS * 0.9) throw new Error(`${times.length} of ${KEYS} marks were seen saved`);
      note(`saved_${name}_p50`, at(times.slice(5), 0.5), 'ms');
      note(`saved_${name}_p95`, at(times.slice(5), 0.95), 'ms');
      await page.context().close();
    }
  });
}
