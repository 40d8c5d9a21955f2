// Marks of a period by thumb: the sheet of totals on a small phone.
import { violations, overflow } from '../support/axe';
import { algebra, SCHOOL } from '../support/places';
import { expect, open, PHONE, test } from '../support/test';
import { LANGS, LOCALE, words } from '../support/texts';

for (const lang of LANGS) {
  test(`on a small phone the pupils come first, and two rows of keys give them their marks, ${lang}`, async ({ as, server }) => {
    const say = (key: string) => words(lang).say('classbook', key);
    const page = await as('teacher', { ...PHONE, viewport: { width: 360, height: 740 }, locale: LOCALE[lang] });
    const load = await algebra(server);
    const given = () => server.ask(`select count(*) from period_mark m join period d on d.school_id = m.school_id and d.id = m.period_id
      where m.school_id = ${SCHOOL} and m.load_id = ${load} and m.stage = 'period' and d.number = 2 and m.code is not null`);
    await server.sql(`delete from period_mark where school_id = ${SCHOOL} and load_id = ${load}`);
    await open(page, `/journal/${load}/totals`);
    const pad = page.getByRole('group', { name: say('totals.pad'), exact: true });
    await expect(pad).toBeVisible();
    /** How many pupils lie wholly between the head of the page and the keys. */
    const inSight = () => page.evaluate(() => {
      const keys = document.querySelector('.tm-pad')!.getBoundingClientRect();
      return [...document.querySelectorAll('.tm tbody tr')].filter((row) => {
        const box = row.getBoundingClientRect();
        return box.top >= 0 && box.bottom <= keys.top;
      }).length;
    });
    expect(await inSight()).toBeGreaterThanOrEqual(5);
    // two rows of keys, each high enough for a thumb
    const boxes = await Promise.all((await pad.getByRole('button').all()).map(async (key) => (await key.boundingBox())!));
    expect(new Set(boxes.map((box) => Math.round(box.y))).size).toBe(2);
    for (const box of boxes) expect(Math.min(box.width, box.height)).toBeGreaterThanOrEqual(44);
    expect.soft(await violations(page), 'axe').toEqual([]);
    expect.soft(await overflow(page)).toEqual([]);

    // down the list by one key: whoever is next comes out from under the keys
    const before = Number(await given());
    await pad.getByRole('button', { name: say('totals.accept') }).tap();
    for (let n = 0; n < 12; n += 1) await pad.getByRole('button', { name: say('journal.next') }).tap();
    const active = page.locator('.tm-cell[data-active]');
    await expect.poll(() => active.evaluate((cell) => {
      const [box, keys] = [cell.getBoundingClientRect(), document.querySelector('.tm-pad')!.getBoundingClientRect()];
      const name = cell.parentElement!.querySelector('th')!.getBoundingClientRect();
      return box.bottom <= keys.top && box.top >= 0 && box.left >= name.right - 1;
    })).toBe(true);
    // and what was given is taken back by the key beside it
    await expect.poll(async () => Number(await given())).toBe(before + 1);
    await pad.getByRole('button', { name: say('journal.undo') }).tap();
    await expect.poll(async () => Number(await given())).toBe(before);

    // the rest is behind one button
    const column = page.getByRole('button', { name: say('totals.accept_column') });
    await expect(column).toBeHidden();
    await page.getByRole('button', { name: say('journal.tools') }).tap();
    await expect(page.locator('#tm-tools')).toBeVisible();
    expect.soft(await violations(page), 'axe: tools').toEqual([]);
    expect.soft(await overflow(page)).toEqual([]);
    await page.locator('#tm-tools').getByRole('link', { name: say('grading.title') }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(say('grading.title'));
  });
}
