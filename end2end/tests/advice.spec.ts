// A card that has no place: why, and which moves of others would make room. By the page's own engine, in a worker.
import { expect, test } from '../support/test';
import { violations } from '../support/axe';
import { copyOfDraft, Editor } from '../support/editor';
import { SCHOOL } from '../support/places';
import type { Server } from '../support/programs';

/** The teacher of a lesson of 7А comes at one hour only, and there 7А has another lesson. */
async function cornered(server: Server, version: string): Promise<{ employee: string; mine: string; other: string }> {
  const whole = `card k join load_audience a on a.school_id = k.school_id and a.load_id = k.load_id and a.subgroup_id is null
    join class c on c.school_id = a.school_id and c.id = a.class_id and c.name = '7А'
    where k.school_id = ${SCHOOL} and k.version_id = ${version} and k.duration = 1 and k.day is not null and k.weeks = 'every'
      and (select count(*) from load_audience x where x.school_id = k.school_id and x.load_id = k.load_id) = 1`;
  const free = `not exists (select 1 from card o join load_teacher ot on ot.school_id = o.school_id and ot.load_id = o.load_id
    join load_teacher yt on yt.school_id = o.school_id and yt.load_id = y.load_id and yt.employee_id = ot.employee_id
    where o.school_id = ${SCHOOL} and o.version_id = ${version} and (o.day, o.slot) = (x.day, x.slot))`;
  const [mine, other, employee, day, slot] = (await server.ask(`
    with mine as (select k.* from ${whole}), one as (
      select t.load_id, min(t.employee_id) as employee_id from load_teacher t where t.school_id = ${SCHOOL} group by t.load_id having count(*) = 1)
    select x.id || ' ' || y.id || ' ' || tx.employee_id || ' ' || x.day || ' ' || x.slot
    from mine x join one tx on tx.load_id = x.load_id, mine y join one ty on ty.load_id = y.load_id
    where y.load_id <> x.load_id and ty.employee_id <> tx.employee_id and (y.day, y.slot) <> (x.day, x.slot) and ${free}
    order by x.id, y.id limit 1`)).split(' ');
  await server.sql(`update card set day = null, slot = null, room_id = null where school_id = ${SCHOOL} and id = ${mine};
    update card set day = ${day}, slot = ${slot}, room_id = null where school_id = ${SCHOOL} and id = ${other};
    insert into unavailability (school_id, year_id, employee_id, day, slot)
    select ${SCHOOL}, v.year_id, ${employee}, d, s from timetable_version v, generate_series(0, cardinality(v.day_names) - 1) d,
      generate_series(0, cardinality(v.slot_names) - 1) s
    where v.school_id = ${SCHOOL} and v.id = ${version} and (d, s) <> (${day}, ${slot}) on conflict do nothing`);
  return { employee, mine, other };
}

test('a card without a place says why, and a chain of moves places it; one undo takes it back', async ({ as, server }) => {
  const version = await copyOfDraft(server, 'Некуда');
  const { employee, mine, other } = await cornered(server, version);
  try {
    const page = await as('deputy');
    const editor = await Editor.open(page, version);
    await editor.choose('Класс', '7А');
    await page.locator(`.tt-tray [data-card]`).first().waitFor();
    const before = await editor.placed(server);
    const where = () => server.ask(`select coalesce(day || '-' || slot, 'tray') from card where school_id = ${SCHOOL} and id = ${other}`);
    const subject = await server.ask(`select s.name from card k join teaching_load l on l.school_id = k.school_id and l.id = k.load_id
      join subject s on s.school_id = l.school_id and s.id = l.subject_id where k.school_id = ${SCHOOL} and k.id = ${mine}`);
    await editor.tray.getByRole('button', { name: new RegExp(subject) }).first().click();
    await expect(editor.panel).toContainText('Свободного места нет');
    // the fewest limits that close everything, and what would help most
    const why = editor.panel.locator('.tt-bars');
    await expect(why).toContainText('в эти часы не работает');
    await expect(why).toContainText(/Без ограничения «.*в эти часы не работает» открыл/);
    const ways = editor.panel.locator('.tt-ways li');
    await expect(ways).not.toHaveCount(0, { timeout: 30_000 });
    await expect(ways.first()).toContainText('→');
    // what clashes already (the teacher's other lessons) is counted on the button of the review
    const clashes = () => page.locator('.tt-bar .badge[data-tone="bad"]').first().innerText().then((text) => parseInt(text, 10));
    const clashed = await clashes();
    expect(await violations(page)).toEqual([]);
    await ways.first().getByRole('button').press('Enter');
    await editor.saved();
    expect(await editor.placed(server)).toBe(before + 1);
    expect(await clashes()).toBeLessThanOrEqual(clashed);
    expect(await where()).not.toBe(await server.ask(`select day || '-' || slot from card where school_id = ${SCHOOL} and id = ${mine}`));
    await page.getByRole('button', { name: 'Отменить', exact: true }).click();
    await editor.saved();
    await expect.poll(() => editor.placed(server)).toBe(before);
    // before anyone searches it is said what cannot be, by name, and what would help
    await page.getByRole('button', { name: /^Составить…|^Составляется…/ }).click();
    const dialog = page.getByRole('dialog', { name: 'Составить расписание' });
    await expect(dialog).toContainText('Не сходится', { timeout: 30_000 });
    await expect(dialog).toContainText(/: уроков \d+, а часов для них — 1/);
    await expect(dialog).toContainText(/Не хватает места для \d+ урок/);
    await expect(dialog).toContainText('Поможет только меньше уроков или больше часов');
    expect(await violations(page)).toEqual([]);
  } finally {
    await server.sql(`delete from unavailability where school_id = ${SCHOOL} and employee_id = ${employee}`);
  }
});

test('a refused cell offers the moves that free it, and each free cell its price', async ({ as, server }) => {
  const page = await as('deputy');
  const editor = await Editor.open(page, await copyOfDraft(server, 'Сюда'));
  await editor.choose('Класс', '7А');
  await editor.tray.getByRole('button', { name: /Алгебра/ }).click();
  // prices stand in the cells and, in words, in the list
  await expect(editor.panel.locator('ol > li')).not.toHaveCount(0);
  const priced = page.locator('.tt-cell:is([data-verdict="good"], [data-verdict="poor"]) .tt-price');
  await expect(priced).not.toHaveCount(0);
  for (const price of await priced.all()) await expect(price).toHaveText(/^[+−]\d+$/);
  // where another card lies: the moves that free the place, for at least one of the cells; each of the others says that there are none
  const advice = editor.panel.locator('.tt-advice');
  const full = editor.cells('clash').filter({ has: page.locator('.tt-card') });
  await expect(full).not.toHaveCount(0);
  let freed = false;
  for (let n = 0; n < (await full.count()) && !freed; n += 1) {
    await full.nth(n).click({ position: { x: 3, y: 3 } });
    await expect(advice.getByRole('heading', { name: 'Как поставить сюда' })).toBeVisible();
    await expect(advice.locator('.tt-ways li').or(advice.getByText('не нашлось')).first()).toBeVisible({ timeout: 30_000 });
    freed = (await advice.locator('.tt-ways li').count()) > 0;
  }
  expect(freed, 'moves for at least one refused cell').toBe(true);
  await expect(advice.locator('.tt-ways li').first()).toContainText('→');
  await page.keyboard.press('Escape');
  await expect(advice).toHaveCount(0);
});
