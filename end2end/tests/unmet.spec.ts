// What a search cannot meet: named while it goes on, explained once it is over; and why a remark of the review stands.
import { day, expect, test } from '../support/test';
import { overflow, violations } from '../support/axe';
import { copyOfDraft, Editor } from '../support/editor';
import { SCHOOL } from '../support/places';
import type { Server } from '../support/programs';

/** A teacher of several lessons who comes at one hour of the week: the name as the editor has it, and how many lessons there are. */
async function oneHour(server: Server, version: string): Promise<{ name: string; employee: string; lessons: number }> {
  const [name, employee, lessons] = (await server.ask(`
    select p.last_name || ' ' || left(p.first_name, 1) || '.' || coalesce(' ' || left(p.middle_name, 1) || '.', '') || '|' || t.employee_id || '|' || count(*)
    from card k join load_teacher t on t.school_id = k.school_id and t.load_id = k.load_id
    join employee e on e.school_id = t.school_id and e.id = t.employee_id join person p on p.id = e.person_id
    where k.school_id = ${SCHOOL} and k.version_id = ${version} and k.duration = 1
    group by p.id, t.employee_id having count(*) between 4 and 12 order by count(*), t.employee_id limit 1`)).split('|');
  await server.sql(`insert into unavailability (school_id, year_id, employee_id, day, slot)
    select ${SCHOOL}, v.year_id, ${employee}, d, s from timetable_version v, generate_series(0, cardinality(v.day_names) - 1) d,
      generate_series(0, cardinality(v.slot_names) - 1) s
    where v.school_id = ${SCHOOL} and v.id = ${version} and (d, s) <> (1, 2) on conflict do nothing`);
  return { name, employee, lessons: Number(lessons) };
}

for (const [where, viewport, colorScheme] of [
  ['wide', { width: 1440, height: 900 }, 'light'],
  ['on a phone, dark', { width: 360, height: 640 }, 'dark'],
] as const) {
  test(`what is still unmet is named while it is searched, and explained when it is over; ${where}`, async ({ as, server, watch }) => {
    test.setTimeout(150_000);
    watch.allow(/TypeError: network error/);
    const page = await as('deputy', { viewport, colorScheme });
    const version = await copyOfDraft(server, `Не сойдётся ${where}`);
    const { name, employee, lessons } = await oneHour(server, version);
    try {
      await Editor.open(page, version);
      await page.getByRole('button', { name: /^Составить…|^Составляется…/ }).click();
      const dialog = page.getByRole('dialog', { name: 'Составить расписание' });
      await dialog.getByRole('radio', { name: '1 минута' }).check({ force: true });
      await dialog.getByRole('button', { name: 'Составить' }).click();
      // the box and the buttons below it are where they are from the first moment
      const unmet = dialog.getByRole('region', { name: 'Что пока не сходится' });
      const stop = dialog.getByRole('button', { name: 'Остановить' });
      await expect(unmet).toBeVisible({ timeout: 30_000 });
      const [box, button] = [await unmet.boundingBox(), await stop.boundingBox()];
      await expect(unmet).toContainText(name, { timeout: 60_000 });
      await expect(unmet).toContainText(/Без места \d+ карточ/);
      expect([await unmet.boundingBox(), await stop.boundingBox()]).toEqual([box, button]);
      expect(await violations(page)).toEqual([]);
      expect(await overflow(page)).toEqual([]);
      // whoever loads the page anew sees it, too
      await Editor.open(page, version);
      await page.getByRole('button', { name: /^Составить…|^Составляется…/ }).click();
      await expect(unmet).toContainText(name, { timeout: 20_000 });
      await stop.click();
      await expect(dialog).toContainText('лучшее из найденного сохранено', { timeout: 20_000 });
      // each card that found no place: who, which requirements collide, and a way on
      const stuck = dialog.getByRole('list', { name: 'Остались без места' });
      const line = stuck.getByRole('listitem').filter({ hasText: name }).first();
      await expect(line).toContainText(`${name}: уроков ${lessons}, а часов для них — 1`, { timeout: 60_000 });
      await expect(line).toContainText('Поможет только меньше уроков или больше часов');
      expect(await violations(page)).toEqual([]);
      expect(await overflow(page)).toEqual([]);
      await line.getByRole('link', { name: 'Открыть результат на этой карточке' }).click();
      await expect(page).toHaveURL(/\/timetable\/\d+\?load=\d+$/);
      const panel = page.getByRole('complementary', { name: 'Подсказки' });
      await expect(panel).toContainText('Почему некуда', { timeout: 20_000 });
      await expect(panel).toContainText(`${name}: в эти часы не работает`);
    } finally {
      await server.sql(`delete from unavailability where school_id = ${SCHOOL} and employee_id = ${employee}`);
    }
  });
}

test('what is asked to stay is a part of what collides, and is named', async ({ as, server }) => {
  test.setTimeout(90_000);
  const page = await as('deputy');
  const version = await copyOfDraft(server, 'Оставим');
  // two lessons of one class at one hour of Tuesday: nothing collides unless Tuesday is to stay
  const [at, slot, klass] = (await server.ask(`
    select k.day || '|' || k.slot || '|' || c.name from card k join load_audience a on a.school_id = k.school_id and a.load_id = k.load_id and a.subgroup_id is null
    join class c on c.school_id = a.school_id and c.id = a.class_id
    where k.school_id = ${SCHOOL} and k.version_id = ${version} and k.day = 1 and k.duration = 1 and k.weeks = 'every' order by k.id limit 1`)).split('|');
  await server.sql(`update card set day = ${at}, slot = ${slot}, room_id = null where school_id = ${SCHOOL} and id = (
    select min(k.id) from card k join load_audience a on a.school_id = k.school_id and a.load_id = k.load_id and a.subgroup_id is null
    join class c on c.school_id = a.school_id and c.id = a.class_id
    where k.school_id = ${SCHOOL} and k.version_id = ${version} and c.name = '${klass}' and k.day = 2 and k.duration = 1 and k.weeks = 'every')`);
  await Editor.open(page, version);
  await page.getByRole('button', { name: /^Составить…|^Составляется…/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Составить расписание' });
  await expect(dialog).toContainText('Противоречий в требованиях не видно', { timeout: 30_000 });
  await dialog.getByRole('radio', { name: /Выбранные дни и классы/ }).check();
  await dialog.getByRole('checkbox', { name: 'Вт' }).check();
  await expect(dialog).toContainText('Не сходится', { timeout: 30_000 });
  await expect(dialog).toContainText('велено оставить день Вт');
  expect(await violations(page)).toEqual([]);
  await dialog.getByRole('checkbox', { name: 'Вт' }).uncheck();
  await expect(dialog).toContainText('Противоречий в требованиях не видно', { timeout: 30_000 });
});

test('why a window of a teacher stands: a reason or moves that mend it, done as one act and undone as one', async ({ as, server }) => {
  test.setTimeout(120_000);
  const page = await as('deputy', { viewport: { width: 360, height: 740 } });
  const version = await copyOfDraft(server, 'Почему');
  const editor = await Editor.open(page, version);
  const lies = () =>
    server.ask(`select md5(string_agg(id || ' ' || coalesce(day, -1) || ' ' || coalesce(slot, -1), ',' order by id)) from card where school_id = ${SCHOOL} and version_id = ${version}`);
  const before = await lies();
  await page.getByRole('button', { name: /Проверка/ }).click();
  const review = page.getByRole('dialog', { name: 'Проверка расписания' });
  await review.getByText('Окна у учителей').click();
  const lines = review.getByRole('listitem').filter({ hasText: /окон|окно|окна/i });
  await expect(lines).not.toHaveCount(0);
  // it can be stopped
  const line = lines.first();
  await line.getByRole('button', { name: 'Почему?' }).click();
  await line.getByRole('button', { name: 'Не искать' }).click();
  await expect(line).toContainText('Поиск причины остановлен');
  // the engine begins anew; the first line that can be mended is
  let mended = false;
  for (let n = 0; n < Math.min(6, await lines.count()) && !mended; n += 1) {
    const asked = lines.nth(n);
    await asked.getByRole('button', { name: 'Почему?' }).click();
    const answer = asked.getByRole('status');
    await expect(answer).toContainText(/не обойтись|не получится|ни разу не удалось|Противоречия не видно|можно исправить|станет меньше/, { timeout: 60_000 });
    mended = (await asked.getByRole('button', { name: 'Переставить' }).count()) > 0;
    if (!mended) continue;
    await expect(answer.getByRole('row', { name: /Накладок/ })).toBeVisible();
    expect(await violations(page)).toEqual([]);
    expect(await overflow(page)).toEqual([]);
    await asked.getByRole('button', { name: 'Переставить' }).press('Enter');
  }
  expect(mended, 'of the first six windows one at least can be mended').toBe(true);
  await page.keyboard.press('Escape');
  await editor.saved();
  expect(await lies()).not.toBe(before);
  await page.getByRole('button', { name: 'Отменить', exact: true }).click();
  await editor.saved();
  await expect.poll(lies).toBe(before);
});

test('a ban that begins later is told in the review with its day, and nothing of it today', async ({ as, server }) => {
  const page = await as('deputy');
  const version = await copyOfDraft(server, 'Позже');
  const [employee, at, slot, name] = (await server.ask(`
    select t.employee_id || '|' || k.day || '|' || k.slot || '|' || p.last_name
    from card k join load_teacher t on t.school_id = k.school_id and t.load_id = k.load_id
    join employee e on e.school_id = t.school_id and e.id = t.employee_id join person p on p.id = e.person_id
    where k.school_id = ${SCHOOL} and k.version_id = ${version} and k.day is not null and k.duration = 1 order by k.id limit 1`)).split('|');
  await server.sql(`insert into unavailability (school_id, year_id, employee_id, day, slot, valid_from, valid_to)
    select ${SCHOOL}, v.year_id, ${employee}, ${at}, ${slot}, '${day(14)}', '${day(20)}' from timetable_version v
    where v.school_id = ${SCHOOL} and v.id = ${version}`);
  try {
    await Editor.open(page, version);
    await page.getByRole('button', { name: /Проверка/ }).click();
    const review = page.getByRole('dialog', { name: 'Проверка расписания' });
    const later = review.locator('details').filter({ has: page.locator('summary', { hasText: /^С \d/ }) });
    await expect(later).toHaveCount(1);
    await later.locator('summary').click();
    await expect(later.getByRole('listitem').first()).toContainText(`${name}`);
    await expect(later.getByRole('listitem').first()).toContainText('не работает');
    expect(await violations(page)).toEqual([]);
  } finally {
    await server.sql(`delete from unavailability where school_id = ${SCHOOL} and employee_id = ${employee} and valid_from is not null`);
  }
});
