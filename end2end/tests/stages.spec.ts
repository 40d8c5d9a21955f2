// Half-years over quarters: the rules say that they are given, the teacher gives one that is proposed from two quarters, the family and the
// card of the year show it. Interim attestation: its form, its mark, and what it is to the year. Coursework of a college. A school's own letter
// of attendance.
import { expect, open, test } from '../support/test';
import { violations } from '../support/axe';
import { Grid } from '../support/grid';
import { algebra, pupil, SCHOOL } from '../support/places';
import type { Server } from '../support/programs';

/** A rule of all grades in force since the first day of the year, with one setting. */
async function rule(server: Server, setting: string) {
  await server.sql(`delete from period_mark where school_id = ${SCHOOL};
    update grading_rule set ${setting} where school_id = ${SCHOOL}`);
  const rules = await server.ask(`select count(*) from grading_rule where school_id = ${SCHOOL} and 7 between grade_from and grade_to
    and valid_from <= (select max(starts_on) from academic_year where school_id = ${SCHOOL})`);
  expect(Number(rules)).toBeGreaterThan(0);
}

/** Marks of the quarters of a pupil in a journal, by number. */
async function quarters(server: Server, load: string, child: string, codes: Record<number, string>) {
  for (const [number, code] of Object.entries(codes)) {
    await server.sql(`insert into period_mark (school_id, year_id, subject_id, pupil_id, stage, period_id, load_id, scale_id, code, changed_by, changed_at)
      select ${SCHOOL}, l.year_id, l.subject_id, ${child}, 'period', d.period_id, l.id, (select min(scale_id) from mark_scale_item where school_id = ${SCHOOL} and code = '${code}'), '${code}', (select min(id) from person), now()
      from teaching_load l join load_audience u on u.school_id = l.school_id and u.load_id = l.id
      join class_period d on d.school_id = u.school_id and d.class_id = u.class_id and d.number = ${number}
      where l.school_id = ${SCHOOL} and l.id = ${load} limit 1`);
  }
}

test('a half-year is given over two quarters, with its explanation, and stands in the diary', async ({ as, server }) => {
  test.setTimeout(90_000);
  const load = await algebra(server);
  const child = await pupil(server, 'Соколов', 'Артём');
  await rule(server, 'half_years = true');
  await quarters(server, load, child, { 1: '4', 2: '4' });
  const page = await as('teacher');
  await open(page, `/journal/${load}/totals`);
  const head = page.getByRole('columnheader', { name: /^1 полугодие/ }).first();
  await expect(head).toBeVisible();
  const at = await head.getAttribute('aria-colindex');
  const mine = page.getByRole('row', { name: /Соколов Артём/ }).locator(`[role=gridcell][aria-colindex="${at}"]`);
  await expect(mine.locator('.tm-made > [aria-hidden]')).toContainText('4');
  await mine.click();
  await page.keyboard.press('=');
  await expect.poll(() => server.ask(`select coalesce(max(code), '') from period_mark where school_id = ${SCHOOL} and stage = 'half_1'`)).toBe('4');
  await mine.click();
  await page.keyboard.press('Shift+F2');
  const sheet = page.getByRole('dialog', { name: /Соколов Артём/ });
  await expect(sheet.getByText('8 : 2 = 4,00')).toBeVisible();
  await expect(sheet.getByRole('row', { name: /1 четверть/ })).toBeVisible();
  expect(await violations(page)).toEqual([]);
  const parent = await as('parent');
  await open(parent, `/diary/${child}/subjects`);
  const subject = parent.getByRole('listitem').filter({ has: parent.getByRole('heading', { name: 'Алгебра', exact: true }) });
  await expect(subject.getByRole('list', { name: 'Итоговые отметки' })).toContainText('1 полугодие');
  await open(parent, `/sheets/${child}?kind=card`);
  await expect(parent.getByRole('columnheader', { name: '1 полугодие' })).toBeVisible();
});

test('interim attestation has a form, enters the year as the rules say, and is read with its form', async ({ as, server }) => {
  test.setTimeout(90_000);
  const load = await algebra(server);
  const child = await pupil(server, 'Соколов', 'Артём');
  await rule(server, "interim = 'period'");
  await server.sql(`update teaching_load set interim_form = null where school_id = ${SCHOOL}`);
  const page = await as('teacher');
  await open(page, `/journal/${load}/totals`);
  await page.getByLabel('Форма промежуточной аттестации').fill('зачёт');
  await page.getByRole('button', { name: 'Сохранить форму' }).click();
  await expect(page.getByText('Форма аттестации сохранена.')).toBeVisible();
  expect(await server.ask(`select interim_form from teaching_load where school_id = ${SCHOOL} and id = ${load}`)).toBe('зачёт');
  const head = page.getByRole('columnheader', { name: /^Промежуточная аттестация/ }).first();
  const at = await head.getAttribute('aria-colindex');
  const mine = page.getByRole('row', { name: /Соколов Артём/ }).locator(`[role=gridcell][aria-colindex="${at}"]`);
  await mine.click();
  await page.keyboard.press('5');
  await expect.poll(() => server.ask(`select coalesce(max(code), '') from period_mark where school_id = ${SCHOOL} and stage = 'interim'`)).toBe('5');
  // the year is counted with it
  const year = await page.getByRole('columnheader', { name: /^Год/ }).first().getAttribute('aria-colindex');
  await page.getByRole('row', { name: /Соколов Артём/ }).locator(`[role=gridcell][aria-colindex="${year}"]`).dblclick();
  const sheet = page.getByRole('dialog', { name: /Соколов Артём/ });
  await expect(sheet.getByText('входит в годовую как ещё один период')).toBeVisible();
  await expect(sheet.getByRole('row', { name: /Промежуточная аттестация/ })).toBeVisible();
  expect(await violations(page)).toEqual([]);
  const parent = await as('parent');
  await open(parent, `/diary/${child}/subjects`);
  const subject = parent.getByRole('listitem').filter({ has: parent.getByRole('heading', { name: 'Алгебра', exact: true }) });
  await expect(subject.getByRole('list', { name: 'Итоговые отметки' })).toContainText('Промежуточная аттестация (зачёт)');
});

test('in a college a coursework has its topic first, then its mark; the student reads both', async ({ as, server }) => {
  test.setTimeout(90_000);
  const load = await algebra(server);
  const child = await pupil(server, 'Соколов', 'Артём');
  await server.sql(`delete from period_mark where school_id = ${SCHOOL}; update organisation set kind = 'college' where id = ${SCHOOL}`);
  try {
    const page = await as('teacher');
    await open(page, `/journal/${load}/totals`);
    await page.getByLabel('Курсовые работы').check();
    const head = page.getByRole('columnheader', { name: /^Курсовая работа, 2 четверть/ }).first();
    const at = await head.getAttribute('aria-colindex');
    const mine = page.getByRole('row', { name: /Соколов Артём/ }).locator(`[role=gridcell][aria-colindex="${at}"]`);
    await mine.click();
    await page.keyboard.press('Shift+F2');
    const sheet = page.getByRole('dialog', { name: /Соколов Артём/ });
    await sheet.getByLabel('Тема курсовой работы').fill('Учёт основных средств');
    await sheet.getByRole('button', { name: 'Сохранить тему' }).click();
    await expect(sheet.getByText('Тема сохранена.')).toBeVisible();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await mine.click();
    await page.keyboard.press('5');
    const kept = `select coalesce(max(code || ' ' || topic), '') from period_mark where school_id = ${SCHOOL} and stage = 'coursework'`;
    await expect.poll(() => server.ask(kept)).toBe('5 Учёт основных средств');
    const parent = await as('parent');
    await open(parent, `/diary/${child}/subjects`);
    const subject = parent.getByRole('listitem').filter({ has: parent.getByRole('heading', { name: 'Алгебра', exact: true }) });
    await expect(subject.getByRole('list', { name: 'Итоговые отметки' })).toContainText('(Учёт основных средств)');
    await open(parent, `/sheets/${child}?kind=card`);
    await expect(parent.getByText('Учёт основных средств')).toBeVisible();
  } finally {
    await server.sql(`update organisation set kind = 'school' where id = ${SCHOOL}`);
  }
});

test('a letter of the school is typed in either layout and counts as what it means', async ({ as, server }) => {
  test.setTimeout(90_000);
  const load = await algebra(server);
  await server.sql(`delete from attendance where school_id = ${SCHOOL} and code = 'с'; delete from attendance_code where school_id = ${SCHOOL} and code = 'с'`);
  const deputy = await as('deputy');
  await open(deputy, '/journal/scales');
  await deputy.getByRole('button', { name: 'Добавить букву' }).click();
  const form = deputy.getByRole('group', { name: 'Буквы посещаемости' });
  await form.getByLabel('Буква').fill('с');
  await form.getByLabel('Что значит').fill('на соревнованиях');
  await form.getByLabel('Чем считается').selectOption('excused');
  expect(await violations(deputy)).toEqual([]);
  await form.getByRole('button', { name: 'Сохранить' }).click();
  await expect(deputy.getByRole('heading', { name: 'с на соревнованиях' })).toBeVisible();
  expect(await server.ask(`select reason from attendance_code where school_id = ${SCHOOL} and code = 'с'`)).toBe('excused');

  const page = await as('teacher');
  await Grid.open(page, server, load);
  // the key of «с» in the Latin layout
  await page.keyboard.press('c');
  await expect.poll(() => server.ask(`select count(*) from attendance where school_id = ${SCHOOL} and code = 'с'`)).toBe('1');
  await expect(deputy.getByText('считается:').first()).toBeVisible();
  await open(deputy, '/journal/scales');
  const line = deputy.getByRole('listitem').filter({ hasText: 'на соревнованиях' });
  await expect(line).toContainText('стоит в журналах');
  await expect(line.getByRole('button', { name: /Убрать|Удалить/ })).toHaveCount(0);
});
