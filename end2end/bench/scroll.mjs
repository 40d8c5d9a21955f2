// Scrolling a grid of 40 × 150 from its last lesson to its first and back, as a hand does, on a display of 60 Hz: frames a second
// that the page itself draws (what the compositor shows meanwhile is not counted), the longest time between two, and how many cells
// are in the page at most.
//
// A cell is what a screen reader hears as one: a pupil's in a column, names, averages, heads. Names and averages lie over the rows a second time,
// pinned and hidden from it; `…_with_pinned` counts those, too. Four speeds, in pixels a second; the slowest is a finger that reads, the
// quickest a wheel that flings. In a window of 1440 × 900.
import { bigJournal } from './journal.mjs';
import { at, launched, openJournal, window } from './desk.mjs';

const SPEEDS = [400, 1200, 3000, 8000];

export async function measure(product, note) {
  const load = await bigJournal(product);
  await launched(async (browser) => {
    const page = await window(browser, product, 'teacher');
    await openJournal(page, load);
    const session = await page.context().newCDPSession(page);
    const box = await page.locator('[role=grid]').boundingBox();
    const [x, y] = [Math.round(box.x + box.width / 2), Math.round(box.y + box.height / 2)];
    let [cells, pinned] = [0, 0];
    for (const speed of SPEEDS) {
      const frames = [];
      for (const way of [1, -1]) {
        const distance = await page.evaluate((way) => {
          const grid = document.querySelector('[role=grid]');
          return way > 0 ? grid.scrollLeft : grid.scrollWidth - grid.clientWidth - grid.scrollLeft;
        }, way);
        await page.evaluate(() => {
          const seen = (globalThis.seen = { frames: [], cells: 0, moved: [] });
          const grid = document.querySelector('[role=grid]');
          const all = ['grid-cell', 'grid-avg', 'grid-name'].map((name) => grid.getElementsByClassName(name));
          const pinned = grid.querySelectorAll('[aria-hidden=true] :is(.grid-avg, .grid-name)').length;
          const step = (now) => {
            if (globalThis.seen !== seen) return;
            seen.frames.push(now);
            seen.moved.push(grid.scrollLeft);
            seen.cells = Math.max(seen.cells, all.reduce((sum, list) => sum + list.length, 0) - pinned);
            seen.pinned = pinned;
            requestAnimationFrame(step);
          };
          requestAnimationFrame(step);
        });
        await session.send('Input.synthesizeScrollGesture', { x, y, xDistance: way * distance, speed, gestureSourceType: 'mouse' });
        const seen = await page.evaluate(() => {
          const { seen } = globalThis;
          globalThis.seen = undefined;
          return seen;
        });
        cells = Math.max(cells, seen.cells);
        pinned = seen.pinned;
        // from the first frame that moved to the last one
        const first = seen.moved.findIndex((left) => left !== seen.moved[0]);
        const last = seen.moved.findLastIndex((left) => left !== seen.moved.at(-1)) + 1;
        if (first < 1 || last - first < 3) throw new Error(`the grid did not scroll: ${seen.moved.length} frames, ${distance} px`);
        for (let n = first; n < last; n += 1) frames.push(seen.frames[n] - seen.frames[n - 1]);
      }
      const took = frames.reduce((sum, time) => sum + time, 0);
      note(`scroll_${speed}_px_frames`, (frames.length / took) * 1000, 'frames/s');
      note(`scroll_${speed}_px_longest_frame`, at(frames, 1), 'ms');
    }
    note('scroll_cells_in_the_page', cells, 'cells');
    note('scroll_cells_with_pinned', cells + pinned, 'cells');
  });
}
