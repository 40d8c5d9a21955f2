// How many presses of a key the attendance and a mark of each of a class of 30 take: typed into the real grid, counted in the page,
// and looked up in the database afterwards.
//
// Today's lesson, nothing written yet, its first cell chosen with the mouse. Two pupils are absent, two came late and have a mark all the
// same, the other 26 have a mark: a digit or a letter is committed by itself and moves down (30 presses); for who was late the
// letter, one step up, and the mark (two more each).
import { classJournal } from './journal.mjs';
import { launched, openJournal, window } from './desk.mjs';

const SCHOOL = 11;
const PUPILS = 30;
const ABSENT = [4, 17];
const LATE = [9, 22];

// as the Russian layout says it, which the keyboard of Playwright does not have
const LETTERS = { н: 'KeyY', о: 'KeyJ' };

export async function measure(product, note) {
  await launched(async (browser) => {
    const load = await classJournal(product, { title: 'Тридцать', pupils: PUPILS, lessons: 3, works: false });
    const page = await window(browser, product, 'teacher');
    await openJournal(page, load);
    await page.locator('.grid-body .grid-row').first().locator('.grid-cell').last().click();
    await page.evaluate(() => {
      globalThis.presses = 0;
      const alone = ['Control', 'Shift', 'Alt', 'Meta'];
      addEventListener('keydown', (event) => (globalThis.presses += alone.includes(event.key) ? 0 : 1), { capture: true });
    });
    const session = await page.context().newCDPSession(page);
    const press = async (key) => {
      if (!LETTERS[key]) return page.keyboard.press(key);
      await session.send('Input.dispatchKeyEvent', { type: 'keyDown', key, code: LETTERS[key], text: key });
      await session.send('Input.dispatchKeyEvent', { type: 'keyUp', key, code: LETTERS[key] });
    };
    const began = performance.now();
    const expected = await oneByOne(press);
    await page.waitForFunction(() => {
      const status = document.querySelector('.save-status');
      return /Всё сохранено/.test(status.textContent) && !status.hasAttribute('data-busy');
    });
    const took = performance.now() - began;
    const presses = await page.evaluate(() => globalThis.presses);
    const stored = await product.sql(`
      select coalesce(t.code || '/', '') || coalesce(m.code, '') from lesson l
      join load_audience u on u.school_id = l.school_id and u.load_id = l.load_id
      join enrolment e on e.school_id = l.school_id and e.class_id = u.class_id
      join pupil p on p.school_id = e.school_id and p.id = e.pupil_id join person n on n.id = p.person_id
      left join assignment a on a.school_id = l.school_id and a.lesson_id = l.id
      left join mark m on m.school_id = l.school_id and m.assignment_id = a.id and m.pupil_id = e.pupil_id
      left join attendance t on t.school_id = l.school_id and t.lesson_id = l.id and t.pupil_id = e.pupil_id
      where l.school_id = ${SCHOOL} and l.load_id = ${load} and l.held_on = (select max(held_on) from lesson where school_id = ${SCHOOL} and load_id = ${load})
      order by n.last_name, n.first_name`);
    const got = stored.map(([text]) => text ?? '');
    if (got.join(' ') !== expected.join(' ')) throw new Error(`typed ${expected.join(' ')}, stored ${got.join(' ')}`);
    note('presses_class_of_30', presses, 'presses');
    note('presses_class_of_30_until_saved', took / 1000, 's');
  });
}

const mark = (n) => String(3 + (n % 3));

async function oneByOne(press) {
  const expected = [];
  for (let n = 0; n < PUPILS; n += 1) {
    if (ABSENT.includes(n)) {
      await press('н');
      expected.push('н/');
    } else if (LATE.includes(n)) {
      await press('о');
      await press('ArrowUp');
      await press(mark(n));
      expected.push(`о/${mark(n)}`);
    } else {
      await press(mark(n));
      expected.push(mark(n));
    }
  }
  return expected;
}
