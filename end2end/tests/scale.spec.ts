// Scales of marks and types of work: the deputy sets them, the teacher's journal offers them.
import { expect, open, test } from '../support/test';
import { violations } from '../support/axe';
import { Grid } from '../support/grid';
import { algebra, pupil, SCHOOL } from '../support/places';

test('a deputy adds a type of work and a scale', async ({ as, server, watch }) => {
  watch.allow(/status of 422/);
  const page = await as('deputy');
  await open(page, '/journal/scales');
  await expect(page.getByRole('heading', { level: 1, name: 'Шкалы и виды работ' })).toBeVisible();
  await page.getByRole('button', { name: 'Добавить вид работы' }).click();
  await page.getByLabel('Буква в столбце').fill('ЗЧТ');
  await page.getByLabel('Название', { exact: true }).fill('Зачёт по теме');
  await page.getByLabel('Обычный вес').fill('2,5');
  await page.getByRole('button', { name: 'Сохранить' }).click();
  await expect(page.getByRole('heading', { name: 'ЗЧТ Зачёт по теме' })).toBeVisible();
  expect(await server.ask(`select weight from work_type where school_id = ${SCHOOL} and code = 'ЗЧТ'`)).toBe('2.50');
  await page.getByRole('button', { name: 'Добавить шкалу' }).click();
  await page.getByLabel('Название шкалы').fill('Зачёт и незачёт');
  await page.getByLabel('Что ставят').fill('+');
  await page.getByLabel('Как читается').fill('зачёт');
  await page.getByRole('button', { name: 'Добавить отметку' }).click();
  await page.getByLabel('Что ставят').nth(1).fill('+');
  await page.getByLabel('Как читается').nth(1).fill('незачёт');
  await page.getByRole('button', { name: 'Сохранить' }).click();
  await expect(page.getByText('Отметка «+» стоит в шкале дважды.')).toBeVisible();
  await page.getByLabel('Что ставят').nth(1).fill('−');
  expect(await violations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Сохранить' }).click();
  await expect(page.getByRole('heading', { name: 'Зачёт и незачёт' })).toBeVisible();
  // what somebody has got can only be renamed
  await page.getByRole('button', { name: /^Изменить: Пят/ }).click();
  await expect(page.getByLabel('Что ставят').first()).toHaveAttribute('readonly', '');
  await page.getByRole('button', { name: 'Не сохранять' }).click();
  expect(await server.ask(`select count(*) from audit_event where school_id = ${SCHOOL} and entity in ('mark_scale', 'work_type')`)).toBe('2');
});

test('a teacher types «+» of another scale: it counts as the school has said, and what stands for the quarter stays', async ({ as, server }) => {
  test.setTimeout(120_000);
  const load = await algebra(server);
  const deputy = await as('deputy');
  await open(deputy, '/journal/scales');
  await deputy.getByRole('button', { name: 'Добавить шкалу' }).click();
  await deputy.getByLabel('Название шкалы').fill('Плюсы');
  await deputy.getByLabel('Что ставят').fill('+');
  await deputy.getByLabel('Как читается').fill('получилось');
  // a level brings its figure along
  await deputy.getByLabel('Уровень').selectOption('отлично');
  await expect(deputy.getByLabel('Как сколько из пяти', { exact: true })).toHaveValue('5');
  await deputy.getByRole('button', { name: 'Сохранить' }).click();
  const card = deputy.getByRole('listitem').filter({ has: deputy.getByRole('heading', { name: 'Плюсы' }) });
  await expect(card).toContainText('получилось (как 5, отлично)');

  const page = await as('teacher');
  const figures = async (): Promise<string[]> => {
    await open(page, `/journal/${load}/totals`);
    await expect(page.getByRole('grid')).toBeVisible();
    return [...await page.locator('.tm-mark').allInnerTexts(), ...await page.locator('section table tbody').last().allInnerTexts()];
  };
  const grid = await Grid.open(page, server, load);
  const before = await figures();
  await open(page, `/journal/${load}`);
  await expect(page.getByRole('grid')).not.toHaveAttribute('aria-busy', 'true');
  await page.locator('.grid-body .grid-cell[data-active]').click();
  await page.keyboard.press('Alt+Enter');
  const panel = page.getByRole('dialog');
  await panel.getByText('Добавить работу').click();
  const added = panel.locator('details');
  await added.getByLabel('Шкала').selectOption('Плюсы');
  const news = page.waitForResponse((response) => response.url().includes('/api/journal/grid'));
  await added.getByRole('button', { name: 'Добавить' }).click();
  await news;
  await panel.getByRole('button', { name: 'Закрыть' }).click();
  await page.locator('.grid-body .grid-cell[data-active]').click();
  await page.keyboard.press('+');
  await grid.saved();
  await expect.poll(() => server.ask(`select m.code from mark m join assignment a on a.school_id = m.school_id and a.id = m.assignment_id
    join lesson l on l.school_id = a.school_id and l.id = a.lesson_id
    where m.school_id = ${SCHOOL} and l.load_id = ${load} order by a.id desc limit 1`)).toBe('+');
  expect(await figures()).toEqual(before);
});

test('a mark that was rewritten on another day shows both to teacher and family, where the school says so', async ({ as, server }) => {
  const load = await algebra(server);
  const child = await pupil(server, 'Соколов', 'Артём');
  const page = await as('teacher');
  const grid = await Grid.open(page, server, load, 1);
  const { column } = await grid.active();
  const line = page.locator('.grid-body .grid-row').filter({ has: page.getByRole('rowheader', { name: /Соколов Артём/ }) });
  const cell = grid.at(Number(await line.getAttribute('aria-rowindex')) - 3, column);
  await cell.click();
  await page.keyboard.press('3');
  await grid.saved();
  // given the day before yesterday: the trigger keeps that day itself, so it looks away
  await server.sql(`alter table mark disable trigger mark_was_rewritten;
    update mark set changed_at = changed_at - interval '2 days', given_at = given_at - interval '2 days' where school_id = ${SCHOOL}
      and pupil_id = ${child} and assignment_id in (select a.id from assignment a where a.school_id = ${SCHOOL} and a.lesson_id = ${grid.lesson});
    alter table mark enable trigger mark_was_rewritten`);
  await cell.click();
  await page.keyboard.press('5');
  await grid.saved();
  await page.reload();
  await expect(page.getByRole('gridcell', { name: '5, вместо 3' })).toBeVisible();
  await expect(page.locator('.grid-cell s[data-text="3"]').first()).toBeVisible();
  const parent = await as('parent');
  await open(parent, `/diary/${child}/subjects`);
  const mark = parent.getByRole('button', { name: 'Алгебра: отметка 5 вместо 3' }).first();
  await expect(mark.locator('s')).toHaveText('3');
  expect(await violations(parent)).toEqual([]);
});

test('a work of weight 0 is seen and does not count', async ({ as, server }) => {
  const load = await algebra(server);
  const page = await as('teacher');
  const grid = await Grid.open(page, server, load);
  const { column } = await grid.active();
  const average = page.locator('.grid-body .grid-row[aria-rowindex="3"] .grid-avg').first();
  const before = await average.innerText();
  await page.keyboard.press('2');
  await grid.saved();
  await expect(average).not.toHaveText(before);
  await grid.at(0, column).click();
  await page.keyboard.press('Alt+Enter');
  const sheet = page.getByRole('dialog');
  await sheet.locator('details > summary').filter({ hasText: '×' }).first().click();
  await sheet.locator('details[open]').getByLabel('Вес').fill('0');
  await sheet.locator('details[open]').getByRole('button', { name: 'Сохранить' }).click();
  await expect.poll(() => server.ask(`select max(weight) from assignment where school_id = ${SCHOOL} and lesson_id = ${grid.lesson}`)).toMatch(/^0/);
  await page.keyboard.press('Escape');
  await expect(average).toHaveText(before);
  await expect(grid.at(0, column)).toHaveText('2');
});
