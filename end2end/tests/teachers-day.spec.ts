// A teacher's day in one class: two browsers on its journal, the network of one cut twice in the middle of typing (once between a mark and its
// answer, once with the window closed and opened again), a real conflict; and a family's phone that shows every mark once.
import type { Page } from '@playwright/test';
import { expect, open, test } from '../support/test';
import { overflow, violations } from '../support/axe';
import { Grid, press, rowOf } from '../support/grid';
import { algebra, pupil as pupilCalled, SCHOOL } from '../support/places';
import { Relay } from '../support/relay.cjs';
import { LANGS, LOCALE, words } from '../support/texts';

const SMALL_PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true, deviceScaleFactor: 3 };
const TOPIC = 'Разность квадратов: урок без сети';
const HOMEWORK = '§ 21, № 846';

/** Somebody at a grid. */
class Hand {
  constructor(
    readonly page: Page,
    readonly grid: Grid,
    readonly column: number,
  ) {}

  async type(row: number, key: string): Promise<void> {
    await this.grid.at(row, this.column).click();
    await press(this.page, key);
  }

  async sees(row: number, text: string, timeout = 10_000): Promise<void> {
    await expect(this.grid.at(row, this.column)).toHaveText(text, { timeout });
  }
}

/** No network for one browser: its pages know it, and its service worker reaches nobody. */
async function cut(page: Page, relay: Relay): Promise<void> {
  await relay.way('closed');
  await page.context().setOffline(true);
}

async function healed(page: Page, relay: Relay): Promise<void> {
  await relay.way('open');
  await page.context().setOffline(false);
}

/** When the copy of a journal that this browser keeps was stored. */
async function keptAt(page: Page, load: string): Promise<number> {
  return page.evaluate(async (address) => {
    const copy = await (await caches.open('parta-journal')).match(address);
    return Number(copy?.headers.get('x-parta-stored') ?? 0);
  }, `/journal/${load}`);
}

for (const lang of LANGS) test(`a full day with the network cut twice and two browsers on one class: the family sees every mark once; ${lang}`, async ({ as, server, watch }) => {
  test.setTimeout(120_000);
  const t = words(lang);
  const say = (key: string, places = {}) => t.say('classbook', key, places);
  const mine = { locale: LOCALE[lang], colorScheme: lang === 'en' ? 'dark' : 'light' } as const;
  /** A mark as the diary names it. */
  const mark = (value: string) => new RegExp(say('diary.mark_label', { subject: '', mark: value, work: '' }).replace(/^: |, $/g, '').trim(), 'i');
  watch.allow(/net::ERR_|Failed to fetch|network error|status of 503/);
  const load = await algebra(server);
  const child = await pupilCalled(server, 'Соколов', 'Артём');
  const relay = await Relay.start(server.port);
  try {
    // ── the morning: everybody is there ──
    const page = await as('teacher', { baseURL: relay.url, serviceWorkers: 'allow', ...mine });
    await open(page, '/journal');
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true);
    const grid = await Grid.open(page, server, load);
    // the day in the other language has written these
    await server.sql(`update lesson set topic = null where school_id = ${SCHOOL} and topic = '${TOPIC}'; delete from homework where school_id = ${SCHOOL} and text = '${HOMEWORK}'`);
    const { column } = await grid.active();
    const teacher = new Hand(page, grid, column);
    const beside = await as('deputy', mine);
    const deputy = new Hand(beside, await Grid.open(beside, server, load, 0, true), column);
    await expect(page.locator('.grid-others')).toContainText(say('journal.also_here', { names: '' }).trim());
    const held = await server.ask(`select held_on from lesson where school_id = ${SCHOOL} and id = ${grid.lesson}`);
    const family = await as('parent', { ...SMALL_PHONE, ...mine });
    const listening = family.waitForResponse(/\/api\/diary\/watch/);
    await open(family, `/diary/${child}/${held}`);
    await listening;

    const artyom = await rowOf(server, load, child);
    const row = Array.from({ length: 20 }, (_, n) => n).filter((n) => n !== artyom);
    const day = new Map<number, string>();
    const typed = async (hand: Hand, which: number, key: string): Promise<void> => {
      await hand.type(which, key);
      day.set(which, key);
    };

    const before = await keptAt(page, load);
    for (const [n, key] of ['5', '4', 'н', '3'].entries()) await typed(teacher, row[n], key);
    await grid.saved();
    for (const [which, text] of day) await deputy.sees(which, text, 2_000);
    // the hand rests, and the copy for a cut network has what was saved
    await expect.poll(() => keptAt(page, load)).toBeGreaterThan(before);

    // ── the first cut: the lesson goes on without a network ──
    await cut(page, relay);
    for (const [n, key] of ['5', '4', 'о'].entries()) await typed(teacher, row[4 + n], key);
    await page.keyboard.press('Alt+Enter');
    const sheet = page.getByRole('dialog');
    await sheet.getByLabel(say('journal.topic'), { exact: true }).fill(TOPIC);
    await sheet.getByLabel(say('journal.homework'), { exact: true }).fill(HOMEWORK);
    await sheet.getByRole('button', { name: say('journal.save'), exact: true }).first().click();
    await expect(sheet).toContainText(say('journal.beside_waiting').split('.')[0]);
    await page.keyboard.press('Escape');
    await expect(page.locator('.save-status')).toHaveText(say('journal.status_waiting', { n: 4 }));
    // meanwhile the other one: two pupils of their own, and one that the teacher has a mark for already
    await typed(deputy, row[7], '3');
    await typed(deputy, row[8], 'н');
    await deputy.type(row[4], '2');
    await deputy.grid.saved();
    // the window dies and is opened again, still without a network: what was saved and what waits is there
    await page.reload();
    await expect(page.getByRole('grid')).not.toHaveAttribute('aria-busy', 'true');
    for (const n of [0, 1, 2, 3, 4, 5, 6]) await teacher.sees(row[n], day.get(row[n])!);
    await healed(page, relay);
    // one conflict, with both values; nothing else stands in the way
    await expect(grid.at(row[4], column)).toHaveAttribute('data-state', 'conflict', { timeout: 20_000 });
    await expect(page.locator('.grid-cell[data-state]')).toHaveCount(1);
    await page.getByRole('button', { name: say('journal.look') }).click();
    await expect(sheet).toContainText(say('journal.you_wanted', { value: 5 }));
    await expect(sheet).toContainText('2');
    expect(await server.ask(`select count(*) from mark m join assignment a on a.school_id = m.school_id and a.id = m.assignment_id
      where a.school_id = ${SCHOOL} and a.lesson_id = ${grid.lesson} and m.code = '2'`)).toBe('1');
    await sheet.getByRole('button', { name: say('journal.keep_mine') }).click();
    await grid.saved();
    await deputy.sees(row[4], '5', 2_000);
    for (const n of [7, 8]) await teacher.sees(row[n], day.get(row[n])!);

    // ── the second cut: between a mark and its answer ──
    await relay.way('deaf');
    await typed(teacher, artyom, '5');
    const given = () => server.ask(`select count(*) from mark m join assignment a on a.school_id = m.school_id and a.id = m.assignment_id
      where a.school_id = ${SCHOOL} and a.lesson_id = ${grid.lesson} and m.pupil_id = ${child} and m.code = '5'`);
    await expect.poll(given).toBe('1');
    await expect(grid.at(artyom, column)).toHaveAttribute('data-state', 'waiting');
    await cut(page, relay);
    // the family hears of it, whatever the teacher's network does
    const lesson = family.locator('main').getByRole('listitem').filter({ hasText: TOPIC });
    await expect(lesson.getByRole('button', { name: mark('5') })).toHaveCount(1);
    await typed(teacher, row[9], '4');
    await teacher.type(row[10], '2');
    await typed(teacher, row[10], '3');
    await typed(deputy, row[11], '5');
    await deputy.grid.saved();
    await healed(page, relay);
    await grid.saved();

    // ── the evening: all have the same, each mark once ──
    for (const hand of [teacher, deputy]) {
      await open(hand.page, `/journal/${load}`);
      await expect(hand.page.getByRole('grid')).not.toHaveAttribute('aria-busy', 'true');
      for (let which = 0; which < 20; which += 1) await hand.sees(which, day.get(which) ?? '');
      await expect(hand.page.locator('.grid-cell[data-state]')).toHaveCount(0);
    }
    const lines = [...day].sort(([a], [b]) => a - b);
    const marks = lines.map(([, text]) => text).filter((text) => /\d/.test(text));
    expect(await grid.stored(server)).toEqual(marks);
    const codes = await server.sql(`select code from attendance where school_id = ${SCHOOL} and lesson_id = ${grid.lesson} and code is not null order by code`);
    expect(codes.flat()).toEqual(['н', 'н', 'о']);
    expect(await server.sql(`select topic from lesson where school_id = ${SCHOOL} and id = ${grid.lesson}`)).toEqual([[TOPIC]]);
    expect(await server.ask(`select count(*) from homework where school_id = ${SCHOOL} and lesson_id = ${grid.lesson} and text = '${HOMEWORK}'`)).toBe('1');
    // one act, one event: of the mark that was sent twice, too; beside the marks that stand the other's two and the two that was mended
    const events = await server.ask(`select count(*) from audit_event e join assignment a on e.entity_key like a.id || ':%'
      where e.school_id = ${SCHOOL} and e.entity = 'mark' and a.school_id = ${SCHOOL} and a.lesson_id = ${grid.lesson}`);
    expect(Number(events)).toBe(marks.length + 2);

    // ── and at home ──
    await open(family, `/diary/${child}/${held}`);
    await expect(lesson).toHaveCount(1);
    await expect(lesson.getByRole('button', { name: mark('') })).toHaveCount(1);
    await expect(lesson.getByRole('button', { name: mark('5') })).toHaveCount(1);
    await expect(family.locator('main')).toContainText(HOMEWORK);
    expect(await overflow(family)).toEqual([]);
    expect(await violations(family)).toEqual([]);
    expect(await violations(page)).toEqual([]);
  } finally {
    await relay.stop();
  }
});
