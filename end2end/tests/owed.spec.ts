// A work that is owed: the teacher's dot, the family's list, and the mark that pays it.
import { violations } from '../support/axe';
import { emptied, Grid, rowOf } from '../support/grid';
import { algebra, pupil, SCHOOL } from '../support/places';
import { expect, open, PHONE, ready, test } from '../support/test';

test('a teacher types a dot and names its day, the parent sees it, a mark pays it', async ({ as, server }) => {
  const load = await algebra(server);
  const child = await pupil(server, 'Соколов', 'Артём');
  const row = await rowOf(server, load, child);
  const teacher = await as('teacher');
  const grid = await Grid.open(teacher, server, load, 2);
  const { column } = await grid.active();
  const stored = async (): Promise<string> => server.ask(`
    select coalesce(m.code, '-') || ' ' || m.owed || ' ' || coalesce(m.owed_until::text, '-') || ' ' || (m.handed_in is not null)
    from mark m join assignment a on a.school_id = m.school_id and a.id = m.assignment_id
    where m.school_id = ${SCHOOL} and a.lesson_id = ${grid.lesson} and m.pupil_id = ${child}`);

  // the key of the point; the school gives fourteen days
  await grid.at(row, column).click();
  await teacher.keyboard.press('.');
  await expect(grid.at(row, column)).toHaveText('•');
  await grid.saved();
  expect(await stored()).toBe('- true 2026-12-01 false');
  await teacher.keyboard.press('Control+z');
  await expect(grid.at(row, column)).toHaveText('');
  await teacher.keyboard.press('Control+y');
  await expect(grid.at(row, column)).toHaveText('•');
  await grid.saved();

  // another day, in the panel of the cell
  await grid.at(row, column).click();
  await teacher.keyboard.press('Shift+F2');
  const panel = teacher.getByRole('dialog');
  await expect(panel.getByText('точка: сдать до 1 декабря')).toBeVisible();
  await panel.getByLabel('Сдать до').fill('2026-11-27');
  await panel.getByRole('button', { name: 'Сохранить' }).click();
  await expect(panel.getByText('Записано')).toBeVisible();
  expect(await violations(teacher)).toEqual([]);
  await teacher.keyboard.press('Escape');
  await expect(grid.at(row, column)).toHaveAttribute('aria-label', /точка: сдать до 27 ноября/);
  await grid.saved();
  expect(await stored()).toBe('- true 2026-11-27 false');

  // the parent's phone
  const parent = await as('parent', PHONE);
  await open(parent, `/diary/${child}`);
  const list = parent.getByRole('region', { name: 'Что сдать' });
  await expect(list.getByRole('listitem').filter({ hasText: 'сдать до 27 ноября' })).toContainText('Алгебра: ');
  // the demo region has one that is overdue, in words
  await expect(list.getByText(/просрочено/).first()).toBeVisible();
  expect(await violations(parent)).toEqual([]);

  // what is not handed in, for the teacher
  await open(teacher, '/journal');
  await teacher.getByRole('link', { name: 'Что не сдано' }).click();
  await expect(teacher.getByRole('heading', { level: 1 })).toHaveText('Что не сдано');
  await ready(teacher);
  expect(await violations(teacher)).toEqual([]);
  await teacher.getByRole('link', { name: /Соколов.*сдать до 27 ноября/ }).click();
  // the journal opens at the lesson, with its panel
  await expect(teacher.getByRole('dialog')).toBeVisible();
  await teacher.keyboard.press('Escape');
  await expect(teacher.getByRole('dialog')).toHaveCount(0);

  // a mark pays
  await teacher.locator(`.grid-body .grid-row[aria-rowindex="${row + 3}"] > .grid-cell[data-kind="owed"]`).first().click();
  await teacher.keyboard.press('4');
  await grid.saved();
  expect(await stored()).toBe('4 true 2026-11-27 true');
  // the open diary hears of it by itself
  await expect(parent.getByText('сдать до 27 ноября')).toHaveCount(0, { timeout: 20_000 });
  await ready(parent);
  await open(parent, `/diary/${child}/subjects`);
  await expect(parent.getByText('сдано 17 ноября, вовремя')).toBeVisible();
  expect(await violations(parent)).toEqual([]);
  await emptied(server, load, 2);
});

test('a block of dots is filled down and copied with its days, without a network as well', async ({ as, server, watch }) => {
  watch.allow(/net::ERR_INTERNET_DISCONNECTED|Failed to fetch/);
  const teacher = await as('teacher');
  const load = await algebra(server);
  const grid = await Grid.open(teacher, server, load, 3);
  const { column } = await grid.active();
  await teacher.context().setOffline(true);
  await teacher.keyboard.press('F2');
  await teacher.keyboard.type('. 30.11');
  await teacher.keyboard.press('Enter');
  await expect(grid.at(0, column)).toHaveText('•');
  await grid.at(0, column).click();
  await teacher.keyboard.press('Shift+ArrowDown');
  await teacher.keyboard.press('Shift+ArrowDown');
  await teacher.keyboard.press('Control+d');
  await expect(grid.at(2, column)).toHaveText('•');
  await teacher.context().setOffline(false);
  await grid.saved();
  const days = await server.sql(`
    select distinct m.owed_until::text from mark m join assignment a on a.school_id = m.school_id and a.id = m.assignment_id
    where m.school_id = ${SCHOOL} and a.lesson_id = ${grid.lesson} and m.owed and m.code is null`);
  expect(days).toEqual([['2026-11-30']]);
  await emptied(server, load, 3);
});
