// Deadlines of the journal: a teacher sees what is late and gets to the lesson; a deputy's figure opens the lessons behind it.
import { expect, open, test } from '../support/test';
import { overflow, violations } from '../support/axe';
import { held } from '../support/grid';
import { algebra, SCHOOL } from '../support/places';

test('what is due leads to the lesson, and is gone when it is written', async ({ as, server }) => {
  const load = await algebra(server);
  const lesson = await held(server, load, 3);
  await server.sql(`update lesson set topic = null where school_id = ${SCHOOL} and id = ${lesson}`);
  const page = await as('teacher');
  await open(page, '/journal');
  await page.getByRole('link', { name: 'Показать уроки' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Сроки журнала' })).toBeVisible();
  expect.soft(await violations(page), 'axe: deadlines').toEqual([]);
  const row = page.locator(`a[href*="lesson=${lesson}"]`).filter({ hasText: 'Тема' });
  await expect(row).toContainText('просрочено на');
  await row.click();
  const sheet = page.getByRole('dialog');
  await sheet.getByRole('textbox', { name: 'Тема урока' }).fill('Записано позже');
  await sheet.getByRole('button', { name: 'Сохранить', exact: true }).click();
  await expect(sheet.getByText('Записано', { exact: true })).toBeVisible();
  await open(page, '/deadlines');
  await expect(page.locator(`a.deadline-row[href*="lesson=${lesson}"]`).filter({ hasText: 'Тема' })).toHaveCount(0);
});

test('what was written late is told quietly to its teacher, and by a figure that opens to the deputy', async ({ as, server }) => {
  const load = await algebra(server);
  // what the demonstration has of topics was written by nobody, so what is written today is the first one
  const lesson = await held(server, load, 4);
  await server.sql(`update lesson set topic = null where school_id = ${SCHOOL} and id = ${lesson}`);
  const page = await as('teacher');
  await open(page, '/deadlines');
  await page.locator(`a.deadline-row[href*="lesson=${lesson}"]`).filter({ hasText: 'Тема' }).click();
  const sheet = page.getByRole('dialog');
  await sheet.getByRole('textbox', { name: 'Тема урока' }).fill('Записано позже');
  await sheet.getByRole('button', { name: 'Сохранить', exact: true }).click();
  await expect(sheet.getByText('Записано', { exact: true })).toBeVisible();
  await open(page, '/deadlines');
  const own = page.getByRole('region', { name: 'Внесено позже срока' });
  await own.locator('summary').click();
  const row = own.locator(`a.deadline-late-row[href*="lesson=${lesson}"]`).filter({ hasText: 'Тема' });
  await expect(row).toContainText('внесено');
  expect.soft(await violations(page), 'axe: written late').toEqual([]);

  const deputy = await as('deputy');
  await open(deputy, '/deadlines');
  await deputy.getByRole('link', { name: 'Показать за текущий период' }).click();
  const board = deputy.getByRole('region', { name: 'Внесено позже срока' }).first();
  const figure = board.locator('a.deadline-late-figure[href*="what=topic"]').first();
  const count = Number(await figure.innerText());
  await figure.click();
  await expect(board.locator('a.deadline-late-row')).toHaveCount(count);
  await expect(board.locator('a.deadline-late-row').first()).toContainText('Тема');
  expect.soft(await violations(deputy), 'axe: the board of what was late').toEqual([]);
  await deputy.setViewportSize({ width: 320, height: 640 });
  expect.soft(await overflow(deputy)).toEqual([]);
});

test('each figure of the board opens as many lessons as it says', async ({ as, server }) => {
  const lesson = await held(server, await algebra(server), 2);
  await server.sql(`update lesson set topic = null where school_id = ${SCHOOL} and id = ${lesson}`);
  const page = await as('deputy');
  await open(page, '/deadlines?by=class');
  const figure = page.getByRole('row', { name: /^7А/ }).locator('a.deadline-figure').first();
  const count = Number(/\d+/.exec(await figure.innerText())?.[0]);
  await figure.click();
  await expect(page.locator('.deadline-row')).toHaveCount(count);
  expect.soft(await violations(page), 'axe: the board').toEqual([]);
});
