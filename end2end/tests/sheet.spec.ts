// Sheets: a deputy opens the summary of a class and takes it away as a file of each kind, a class teacher prints a pupil after the other,
// a mother finds her child's report.
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { expect, open, PHONE, test } from '../support/test';
import { overflow, violations } from '../support/axe';
import { classCalled, pupil, results, SCHOOL } from '../support/places';

/** Clicks a button that takes a file away: its name and what is in it. */
async function taken(page: Page, button: string) {
  const [download] = await Promise.all([page.waitForEvent('download', { timeout: 60_000 }), page.getByRole('link', { name: button }).click()]);
  return { name: download.suggestedFilename(), bytes: readFileSync((await download.path())!) };
}

test('a deputy opens each sheet of a class and takes it away', async ({ as, server }) => {
  await results(server);
  const page = await as('deputy');
  await open(page, '/journal');
  await page.getByRole('link', { name: 'Отчёты' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Отчёты' })).toBeVisible();
  await page.getByLabel('Класс').selectOption({ label: '7А' });
  await page.getByLabel('За какое время').selectOption({ label: '1 четверть' });
  await page.getByRole('button', { name: 'Показать' }).click();
  const sheet = page.getByRole('article', { name: 'Сводная ведомость успеваемости' });
  await expect(sheet).toContainText('1 четверть');
  const table = sheet.getByRole('region', { name: 'Таблица: Сводная ведомость успеваемости' });
  // as many pupils as the class has, and the shares under them
  const count = await server.ask(`select count(*) from enrolment where class_id = ${await classCalled(server, '7А')} and school_id = ${SCHOOL}`);
  await expect(table.getByRole('rowheader').filter({ has: page.getByRole('link') })).toHaveCount(Number(count));
  await expect(table.getByRole('row', { name: /^% качества/ })).toContainText(/\d+,\d\d/);
  expect.soft(await violations(page), 'axe: marks').toEqual([]);
  for (const [link, ending, magic] of [
    ['PDF', /Сводная ведомость успеваемости 7А 1 четверть.*\.pdf$/, '%PDF-'],
    ['Excel (XLSX)', /\.xlsx$/, 'PK'],
  ] as const) {
    const file = await taken(page, link);
    expect(file.name).toMatch(ending);
    expect(file.bytes.subarray(0, magic.length).toString('latin1')).toBe(magic);
  }
  await page.getByRole('link', { name: 'Посещаемость класса' }).click();
  await expect(page.getByRole('article', { name: 'Сводная ведомость посещаемости' })).toContainText('7А');
  expect.soft(await violations(page), 'axe: attendance').toEqual([]);
  // on paper the form is gone and the places to sign are there
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByRole('button', { name: 'Показать' })).toBeHidden();
  await expect(page.locator('.paper-signs')).toBeVisible();
});

test('a teacher takes the page of a journal for the printer and for Excel', async ({ as }) => {
  const page = await as('teacher');
  await open(page, '/sheets?kind=journal');
  const sheet = page.getByRole('article', { name: 'Страница классного журнала' });
  await expect(sheet.getByRole('columnheader', { name: 'Тема урока' })).toBeVisible();
  expect.soft(await violations(page), 'axe: journal').toEqual([]);
  const pdf = await taken(page, 'PDF');
  expect(pdf.name).toMatch(/^Страница классного журнала .+\.pdf$/);
  // two pages at least, of A4 on its side or upright; both weights of the font lie in the file
  const text = pdf.bytes.toString('latin1');
  expect(text.startsWith('%PDF-')).toBe(true);
  expect(text.trimEnd().endsWith('%%EOF')).toBe(true);
  expect(text.match(/\/Type\s*\/Page\b/g)?.length).toBeGreaterThanOrEqual(2);
  expect(text).toMatch(/PTSans-Narrow\b/);
  expect(text).toMatch(/PTSans-NarrowBold\b/);
  const xlsx = await taken(page, 'Excel (XLSX)');
  expect(xlsx.name).toMatch(/^Страница классного журнала .+\.xlsx$/);
  expect(xlsx.bytes.subarray(0, 2).toString('latin1')).toBe('PK');
});

test('a class teacher goes from pupil to pupil of the own class', async ({ as }) => {
  const page = await as('classteacher');
  await open(page, '/sheets');
  await page.getByRole('link', { name: 'Ученики' }).click();
  // all the cards of the class at once, for the printer: nine seconds of a server that is not optimised
  test.slow();
  const cards = await taken(page, 'Табели всего класса одним файлом (PDF)');
  expect(cards.name).toMatch(/^Табели успеваемости \d+\S .+\.pdf$/);
  expect(cards.bytes.subarray(0, 5).toString('latin1')).toBe('%PDF-');
  await page.getByRole('link', { name: /^Отчёт: / }).first().click();
  const report = page.getByRole('article', { name: 'Отчёт об успеваемости и посещаемости ученика' });
  await expect(report).toBeVisible();
  const first = await report.locator('.paper-facts').innerText();
  await page.getByRole('link', { name: /^Следующий: / }).click();
  await expect(report.locator('.paper-facts')).not.toHaveText(first);
  expect.soft(await violations(page), 'axe: report').toEqual([]);
});

test('a mother opens the report of her child on a phone', async ({ as, server }) => {
  const page = await as('parent', PHONE);
  const child = await pupil(server, 'Соколов', 'Артём');
  await open(page, `/diary/${child}/subjects`);
  await page.getByRole('link', { name: 'Отчёт об успеваемости' }).click();
  const report = page.getByRole('article', { name: 'Отчёт об успеваемости и посещаемости ученика' });
  await expect(report).toContainText('Соколов Артём');
  expect.soft(await overflow(page), 'overflow').toEqual([]);
  expect.soft(await violations(page), 'axe: report').toEqual([]);
  await page.getByRole('link', { name: 'Табель' }).click();
  const card = page.getByRole('article', { name: 'Табель успеваемости' });
  await expect(card.getByRole('row', { name: /Алгебра/ })).toContainText(/[2-5]/);
  const pdf = await taken(page, 'PDF');
  expect(pdf.name).toMatch(/^Табель успеваемости.*Соколов.*\.pdf$/);
  expect(pdf.bytes.subarray(0, 5).toString('latin1')).toBe('%PDF-');
  expect((await taken(page, 'Excel (XLSX)')).name).toMatch(/^Табель успеваемости.*\.xlsx$/);
});
