// Scrolling a grid of 40 × 150 from its last lesson to its first and back, as a hand does, on a display of 60 Hz: frames a second
// that the page itself draws (what the compositor shows meanwhile is not counted), the longest time between two, and how many cells
// are in the page at most.
//
// A cell is what a screen reader hears as one: a pupil's in a column, names, averages, heads. Names and averages lie over the rows a second time,
// pinned and hidden from it; `…_with_pinned` counts those, too. Four speeds, in pixels a second; the slowest is a finger that reads, the
// quickest a wheel that flings. In a window of 1440 × 900.
//
// What a hand sees is the compositor's: it moves what is drawn already while the page draws what comes next. `…_shown` are its frames a second, and
// `…_blank` is the share of the page's own frames before which a column was on the screen that was not drawn yet.
//
// Beside it the limit of this machine (`limit_…`): a bare page with a table of as many cells as are seen at once and one wide empty one
// behind them, no script, no style but borders, scrolled by the same gesture.
import { bigJournal } from './journal.mjs';
import { at, launched, openJournal, window } from './desk.mjs';

const SPEEDS = [400, 1200, 3000, 8000];

export async function measure(product, note) {
  const load = await bigJournal(product);
  await launched(async (browser) => {
    const page = await window(browser, product, 'teacher');
    await openJournal(page, load);
    const seen = await scroll(page, '[role=grid]', (speed, { rate, shown, blank, longest }) => {
      note(`scroll_${speed}_px_shown`, shown, 'frames/s');
      note(`scroll_${speed}_px_blank`, blank, '%');
      note(`scroll_${speed}_px_frames`, rate, 'frames/s');
      note(`scroll_${speed}_px_longest_frame`, longest, 'ms');
    });
    note('scroll_cells_in_the_page', seen.cells, 'cells');
    note('scroll_cells_with_pinned', seen.cells + seen.pinned, 'cells');
    // the policy of our own pages would refuse its styles
    await page.goto('about:blank');
    await page.setContent(bare());
    await scroll(page, '#bare', (speed, { rate }) => note(`limit_${speed}_px_frames`, rate, 'frames/s'));
  });
}

// 22 rows of 36 cells are what is seen of the grid in this window
function bare() {
  const row = `<tr>${'<td>5</td>'.repeat(36)}<td style="min-width:4560px"></td></tr>`;
  return `<style>body{margin:0}#bare{height:800px;overflow:auto}table{border-collapse:collapse}td{min-width:40px;height:36px;border:1px solid #ccc;text-align:center}</style>
    <div id="bare"><table>${row.repeat(22)}</table></div>`;
}

/** Frames that the compositor brought to the display, and the seconds from the first of them to the last. */
function brought(trace) {
  const at = JSON.parse(trace.toString()).traceEvents.filter((e) => e.name === 'Display::DrawAndSwap' && e.ph === 'X').map((e) => e.ts);
  return [at.length - 1, (Math.max(...at) - Math.min(...at)) / 1e6];
}

/** Both ways at each speed; tells each one's frames a second and its longest time between two. The most cells that were in the page. */
async function scroll(page, scroller, tell) {
  const session = await page.context().newCDPSession(page);
  const box = await page.locator(scroller).boundingBox();
  const [x, y] = [Math.round(box.x + box.width / 2), Math.round(box.y + box.height / 2)];
  let [cells, pinned] = [0, 0];
  for (const speed of SPEEDS) {
    const frames = [];
    const [shown, blank] = [{ frames: 0, seconds: 0 }, { of: 0, bare: 0 }];
    for (const way of [1, -1]) {
      const distance = await page.evaluate(([way, scroller]) => {
        const grid = document.querySelector(scroller);
        return way > 0 ? grid.scrollLeft : grid.scrollWidth - grid.clientWidth - grid.scrollLeft;
      }, [way, scroller]);
      await page.evaluate((scroller) => {
        const seen = (globalThis.seen = { frames: [], cells: 0, moved: [], of: 0, bare: 0 });
        const grid = document.querySelector(scroller);
        // before the grid itself hears of it: what was on the screen until now
        const look = () => {
          if (globalThis.seen !== seen) return removeEventListener('scroll', look, true);
          const row = grid.querySelectorAll('.grid-body > .grid-row')[1];
          const drawn = row?.querySelectorAll('.grid-cell');
          if (!drawn?.length) return;
          const box = grid.getBoundingClientRect();
          const ends = grid.querySelector('.grid-ends').getBoundingClientRect().width;
          const names = grid.querySelector('.grid-names').getBoundingClientRect().width;
          const [before, after] = [...row.querySelectorAll('.grid-gap')].map((gap) => gap.getBoundingClientRect());
          seen.of += 1;
          // a gap is where cells are to come; the last one is as wide as the columns that are not drawn
          if ((before.width > 0 && before.right > box.left + names + 1) || (after.width > 0 && after.left < box.right - ends - 1)) seen.bare += 1;
        };
        addEventListener('scroll', look, true);
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
      }, scroller);
      await page.context().browser().startTracing(page, { categories: ['viz'] });
      await session.send('Input.synthesizeScrollGesture', { x, y, xDistance: way * distance, speed, gestureSourceType: 'mouse' });
      const seen = await page.evaluate(() => {
        const { seen } = globalThis;
        globalThis.seen = undefined;
        return seen;
      });
      const [swaps, seconds] = brought(await page.context().browser().stopTracing());
      if (distance !== 0) {
        shown.frames += swaps;
        shown.seconds += seconds;
      }
      blank.of += seen.of;
      blank.bare += seen.bare;
      cells = Math.max(cells, seen.cells);
      pinned = seen.pinned;
      // from the first frame that moved to the last one; at the very beginning there may be nothing to scroll back to
      const first = seen.moved.findIndex((left) => left !== seen.moved[0]);
      const last = seen.moved.findLastIndex((left) => left !== seen.moved.at(-1)) + 1;
      if (distance === 0) continue;
      if (first < 1 || last - first < 3) throw new Error(`${scroller} did not scroll: ${seen.moved.length} frames, ${distance} px`);
      for (let n = first; n < last; n += 1) frames.push(seen.frames[n] - seen.frames[n - 1]);
    }
    const took = frames.reduce((sum, time) => sum + time, 0);
    tell(speed, {
      rate: (frames.length / took) * 1000,
      longest: at(frames, 1),
      shown: shown.frames / shown.seconds,
      blank: (blank.bare / Math.max(1, blank.of)) * 100,
    });
  }
  return { cells, pinned };
}
