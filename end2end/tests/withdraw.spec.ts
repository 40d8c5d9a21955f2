// What was published by mistake is withdrawn: the former timetable holds again, and what happens to lessons is known before.
import type { Page } from '@playwright/test';
import { day, expect, open, test } from '../support/test';
import { overflow, violations } from '../support/axe';
import { copyOfDraft, Editor } from '../support/editor';
import { appoint, emptySchool, enter, example } from '../support/newcomers';
import { published } from '../support/places';

async function publish(page: Page, from: string): Promise<void> {
  await page.getByRole('button', { name: 'Опубликовать…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Опубликовать расписание' });
  await dialog.getByLabel('Действует с').fill(from);
  await dialog.getByRole('button', { name: 'Опубликовать', exact: true }).click();
  await expect(dialog).toContainText('Расписание опубликовано', { timeout: 150_000 });
}

test('a mistake is withdrawn: it is a draft again, and the former timetable goes on', async ({ as, server }) => {
  test.setTimeout(480_000);
  const school = await emptySchool(server, 903, 'Школа с ошибкой');
  const page = await as('nobody');
  await enter(page, await appoint(server, school, 'deputy', 'Торопыгина Вера Львовна'), 'лес и синий ёж у реки');
  await open(page, '/import');
  await page.getByLabel('Файл FET').setInputFiles(example('Hopwood.fet'));
  await page.getByRole('button', { name: 'Импортировать' }).click({ timeout: 30_000 });
  await expect(page).toHaveURL(/\/timetable\/\d+$/, { timeout: 30_000 });
  await expect(page.getByRole('grid', { name: 'Сетка расписания' })).toBeVisible({ timeout: 20_000 });
  const imported = page.url();
  await page.getByRole('button', { name: /^Составить…|^Составляется…/ }).click();
  const compose = page.getByRole('dialog', { name: 'Составить расписание' });
  await compose.getByRole('radio', { name: '10 секунд' }).check({ force: true });
  await compose.getByRole('button', { name: 'Составить' }).click();
  await expect(compose).toContainText('Расписание составлено.', { timeout: 60_000 });
  await compose.getByRole('link', { name: 'Открыть результат' }).click();
  await expect(page).not.toHaveURL(imported);
  await expect(page.getByRole('grid', { name: 'Сетка расписания' })).toBeVisible({ timeout: 20_000 });
  const first = page.url().split('/').pop()!;
  await publish(page, day(1));

  // ── a copy of it is published for the week after: that is the mistake ──
  const title = await server.ask(`select title from timetable_version where school_id = ${school} and id = ${first}`);
  await open(page, '/timetable');
  await page.getByLabel('Из чего').selectOption({ label: `Копия: ${title}` });
  await page.getByLabel('Название').fill('Ошибка');
  await page.getByRole('button', { name: 'Создать' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Ошибка');
  const mistake = page.url().split('/').pop()!;
  await publish(page, day(8));
  const dates = (version: string) =>
    server.ask(`select state || ' ' || coalesce(valid_from::text, '') || ' ' || coalesce(valid_to::text, '') from timetable_version
      where school_id = ${school} and id = ${version}`);
  expect(await dates(first)).toBe(`published ${day(1)} ${day(7)}`);

  // ── the published version is looked at, with what lies nowhere in it, and withdrawn with a reason ──
  await open(page, `/timetable/${mistake}`);
  await expect(page.getByRole('complementary', { name: 'Лоток' })).toContainText('Всё размещено');
  await page.getByRole('button', { name: 'Снять с публикации…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Снять расписание с публикации' });
  await expect(dialog).toContainText(`снова действует «${title}»`, { timeout: 150_000 });
  await expect(dialog).toContainText('Эта версия снова станет черновиком');
  for (const width of [1440, 360]) {
    await page.setViewportSize({ width, height: 800 });
    expect.soft(await violations(page), `axe, ${width} px`).toEqual([]);
    expect.soft(await overflow(page), `wider than the window, ${width} px`).toEqual([]);
  }
  await page.setViewportSize({ width: 1440, height: 900 });
  const yes = dialog.getByRole('button', { name: 'Снять с публикации', exact: true });
  await expect(yes).toBeDisabled();
  await dialog.getByLabel('Причина').fill('Опубликовано не то');
  await yes.click();
  await expect(dialog).toContainText('Расписание снято с публикации.', { timeout: 150_000 });
  expect((await dates(mistake)).trim()).toBe('draft');
  expect((await dates(first)).trim()).toBe(`published ${day(1)}`);
  expect(await server.ask(`select new ->> 'reason' from audit_event where school_id = ${school} and action = 'timetable.withdrawn'`)).toBe('Опубликовано не то');
  // whoever closes the dialog goes on with the draft that it is now
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Опубликовать…' })).toBeVisible({ timeout: 20_000 });
  await expect(page.getByRole('button', { name: 'Снять с публикации…' })).toHaveCount(0);

  // ── the only one there is: that classes are left without lessons is agreed to, or nothing happens ──
  await open(page, `/timetable/${first}`);
  await page.getByRole('button', { name: 'Снять с публикации…' }).click();
  await expect(dialog).toContainText('расписания не будет', { timeout: 60_000 });
  await dialog.getByLabel('Причина').fill('Проверим');
  await expect(yes).toBeDisabled();
  await dialog.getByRole('checkbox', { name: 'Снять, хотя это так' }).check();
  await expect(yes).toBeEnabled();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  expect((await dates(first)).trim()).toBe(`published ${day(1)}`);
});

test('remarks of a draft are one number: on the button, in the review, before publishing and beside another version', async ({ as, server }) => {
  const page = await as('deputy');
  const version = await copyOfDraft(server, 'Один счёт');
  await Editor.open(page, version);
  const button = page.getByRole('button', { name: /^Проверка/ });
  const number = Number(await button.locator('.count > [aria-hidden]').innerText());
  expect(number).toBeGreaterThan(0);
  await button.click();
  const review = page.getByRole('dialog', { name: 'Проверка расписания' });
  await expect(review.locator('.tt-counts')).toContainText(new RegExp(`(^| )${number} замечани`));
  // the rules add up to it; windows of teachers are wished few, and no remarks
  const rules = review.locator('details > summary').filter({ hasNotText: /Окна у учителей|^С \d/ });
  const counts = await rules.locator('.count').allInnerTexts();
  expect(counts.map(Number).reduce((sum, n) => sum + n, 0)).toBe(number);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Опубликовать…' }).click();
  const publishing = page.getByRole('dialog', { name: 'Опубликовать расписание' });
  await expect(publishing.locator('details > summary')).toContainText(new RegExp(`^${number} замечани`));
  await page.keyboard.press('Escape');
  await open(page, `/timetable/compare?first=${await published(server)}&second=${version}`);
  const row = page.getByRole('region', { name: 'Было и стало' }).getByRole('row', { name: /Замечаний проверки/ });
  await expect(row.getByRole('cell').nth(1)).toHaveText(new RegExp(`^${number}( |$)`));
});

test('in English the days of a version are said in English', async ({ as, server }) => {
  const page = await as('deputy', { locale: 'en-GB' });
  await open(page, `/timetable/${await copyOfDraft(server, 'Days')}`);
  await page.getByRole('radio', { name: 'Teacher' }).check({ force: true });
  const heads = page.locator('.tt-col');
  await expect(heads.filter({ hasText: /^Mon/ })).toHaveCount(1);
  await expect(heads.filter({ hasText: /Пн/ })).toHaveCount(0);
});
