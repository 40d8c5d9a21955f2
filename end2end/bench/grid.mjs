// From a key to the picture: a mark typed into a grid of 40 × 150, plain and with the processor slowed 4×.
//
// Measured in the page, from the event's own time stamp to the first task after the frame that shows the change
// (requestAnimationFrame, then a message). Chromium runs without a limit of frames, so that a figure is the work of
// handler, style, layout and paint, and not the wait for the next refresh of a display; the wait of a display of 60 Hz
// (8 ms on average, 16.7 at most) comes on top, for every application alike, and is given as `…_60hz`.
//
// `limit_…` is the same of a bare page: as many cells as a window shows, no library, a handler that writes the figure and moves the focus.
import { chromium } from '@playwright/test';
import { bigJournal } from './journal.mjs';
import { CHROMIUM, CHROMIUM_ARGS } from './product.mjs';
import { addCookie } from './size.mjs';

const KEYS = Number(process.env.PARTA_BENCH_KEYS || 200);

export async function measure(product, note) {
  const load = await bigJournal(product);
  for (const [display, args] of [['', ['--disable-frame-rate-limit', '--disable-gpu-vsync']], ['_60hz', []]]) {
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: [...CHROMIUM_ARGS, ...args] });
    try {
      for (const [speed, rate] of [['', 1], ['_slowed_4x', 4]]) {
        const times = (await type(browser, product, load, rate)).sort((a, b) => a - b);
        const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))];
        note(`grid_key_to_paint_p50${speed}${display}`, at(0.5), 'ms');
        note(`grid_key_to_paint_p95${speed}${display}`, at(0.95), 'ms');
        const bare = (await limit(browser, rate)).sort((a, b) => a - b);
        note(`limit_grid_key_to_paint_p50${speed}${display}`, bare[Math.floor(bare.length * 0.5)], 'ms');
        note(`limit_grid_key_to_paint_p95${speed}${display}`, bare[Math.floor(bare.length * 0.95)], 'ms');
      }
    } finally {
      await browser.close();
    }
  }
}

async function type(browser, product, load, rate) {
  const context = await browser.newContext({ baseURL: product.url, serviceWorkers: 'block', viewport: { width: 1440, height: 900 }, locale: 'ru-RU' });
  try {
    await addCookie(context, product, 'teacher');
    const page = await context.newPage();
    await page.goto(`/journal/${load}`);
    await page.locator('html[data-ready]').waitFor({ state: 'attached', timeout: 30_000 });
    const cell = page.getByRole('gridcell').first();
    await cell.waitFor();
    await cell.click();
    await page.keyboard.press('Control+Home');
    await page.evaluate(watch);
    const times = await keys(page, context, rate);
    const filled = await page.evaluate(() => document.querySelectorAll('[role=gridcell][data-kind=mark]').length);
    if (times.length < KEYS || filled === 0) throw new Error(`${times.length} of ${KEYS} keys measured, ${filled} cells filled`);
    // the first keys also warm the code up
    return times.slice(10);
  } finally {
    await context.close();
  }
}

/** In the page: how long each key takes until the task after its frame. */
function watch() {
  globalThis.times = [];
  addEventListener('keydown', (event) => {
    const began = event.timeStamp;
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => globalThis.times.push(performance.now() - began);
      port2.postMessage(0);
    });
  }, { capture: true });
}

/** A very quick typist: ten marks a second, out of step with any display. */
async function keys(page, context, rate) {
  const session = await context.newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate });
  for (let n = 0; n < KEYS; n += 1) {
    await page.keyboard.press(String(2 + (n % 4)));
    await page.waitForTimeout(83 + (n % 7) * 5);
  }
  await session.send('Emulation.setCPUThrottlingRate', { rate: 1 });
  return page.evaluate(() => globalThis.times);
}

const ROWS = 28;
const COLUMNS = 30;

async function limit(browser, rate) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  try {
    const page = await context.newPage();
    const row = `<div class=r>${'<div class=c tabindex=-1></div>'.repeat(COLUMNS)}</div>`;
    const style = 'body{margin:0;font:14px sans-serif}.r{display:flex;block-size:32px;contain:layout paint style}'
      + '.c{flex:none;inline-size:40px;border:1px solid #ccc;box-sizing:border-box;text-align:center}.c:focus{outline:2px solid blue}';
    await page.setContent(`<!doctype html><style>${style}</style>${row.repeat(ROWS)}`);
    await page.evaluate(watch);
    await page.evaluate((columns) => {
      const cells = [...document.querySelectorAll('.c')];
      let at = 0;
      cells[0].focus();
      addEventListener('keydown', (event) => {
        cells[at].textContent = event.key;
        at = at + columns < cells.length ? at + columns : (at + columns + 1) % columns;
        cells[at].focus();
      });
    }, COLUMNS);
    const times = await keys(page, context, rate);
    return times.slice(10);
  } finally {
    await context.close();
  }
}
