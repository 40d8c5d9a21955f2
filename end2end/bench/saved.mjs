// From a key to «saved»: marks typed into a grid of 40 × 150, each until its cell no longer says that it waits, which is after the
// transaction with its audit event has been committed to the disk. From the event's own time stamp to the frame that shows it.
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
        const waiting = new Map();
        globalThis.times = [];
        const frame = (then) => requestAnimationFrame(() => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = then;
          port2.postMessage(0);
        });
        addEventListener('keydown', (event) => {
          const cell = document.querySelector('.grid-body .grid-cell[data-active]');
          if (cell) waiting.set(cell, { began: event.timeStamp, waited: false });
        }, { capture: true });
        new MutationObserver((changes) => {
          for (const { target } of changes) {
            const key = waiting.get(target);
            if (!key) continue;
            if (target.dataset.state === 'waiting') key.waited = true;
            else if (key.waited && !target.dataset.state) {
              waiting.delete(target);
              frame(() => globalThis.times.push(performance.now() - key.began));
            }
          }
        }).observe(document.querySelector('.grid-body'), { subtree: true, attributes: true, attributeFilter: ['data-state'] });
      });
      for (let n = 0; n < KEYS; n += 1) {
        // always another mark than stands there: one that changes nothing is not saved
        const now = Number(await page.evaluate(() => document.querySelector('.grid-body .grid-cell[data-active]')?.textContent) || 0);
        await page.keyboard.press(String(now === 5 ? 2 : Math.max(2, now + 1)));
        await page.waitForTimeout(pace - 20 + (n % 7) * 5);
      }
      await page.waitForFunction(() => !document.querySelector('.grid-cell[data-state]'));
      const times = await page.evaluate(() => globalThis.times);
      if (times.length < KEYS * 0.9) throw new Error(`${times.length} of ${KEYS} marks were seen saved`);
      note(`saved_${name}_p50`, at(times.slice(5), 0.5), 'ms');
      note(`saved_${name}_p95`, at(times.slice(5), 0.95), 'ms');
      await page.context().close();
    }
  });
}
