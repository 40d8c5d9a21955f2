// The deputy director's story: a real school comes from a FET file with a wish that cannot be met; she sees what collides and
// why, mends it where it was asked, has a timetable made, compares, and puts it in force.
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { day, expect, open, test } from '../support/test';
import { violations } from '../support/axe';
import { copyOfDraft, Editor } from '../support/editor';
import { appoint, emptySchool, enter, example } from '../support/newcomers';
import { SCHOOL } from '../support/places';

/** The school of the file, with a teacher of thirteen lessons who can come to two of them. */
function withACollision(teacher: string): Buffer {
  const text = readFileSync(example('Hopwood.fet'), 'utf8').replaceAll('<Permanently_Locked>true<', '<Permanently_Locked>false<');
  const names = (list: string, of: string) => [...text.split(`<${list}>`)[1].split(`</${list}>`)[0].matchAll(new RegExp(`<${of}>\\s*<Name>([^<]*)<`, 'g'))].map((m) => m[1]);
  const [days, hours] = [names('Days_List', 'Day'), names('Hours_List', 'Hour')];
  const away = days.flatMap((d) => hours.map((h) => [d, h])).slice(2);
  const times = away.map(([d, h]) => `<Not_Available_Time><Day>${d}</Day><Hour>${h}</Hour></Not_Available_Time>`).join('\n');
  const wish = `<ConstraintTeacherNotAvailableTimes><Weight_Percentage>100</Weight_Percentage><Teacher>${teacher}</Teacher>
    <Number_of_Not_Available_Times>${away.length}</Number_of_Not_Available_Times>${times}<Active>true</Active><Comments></Comments>
    </ConstraintTeacherNotAvailableTimes>`;
  return Buffer.from(text.replace('</Time_Constraints_List>', `${wish}\n</Time_Constraints_List>`));
}

test('a deputy director sees what collides in a file, mends it, composes, compares and publishes', async ({ as, server }) => {
  test.setTimeout(240_000);
  const school = await emptySchool(server, 901, 'Школа с накладкой');
  const page = await as('nobody');
  await enter(page, await appoint(server, school, 'deputy', 'Составная Вера Ильинична'), 'синий ёж и лес за рекой');

  // ── the file: it opens in the editor with its clashes ──
  await open(page, '/import');
  await page.getByLabel('Файл FET').setInputFiles({ name: 'school.fet', mimeType: 'application/xml', buffer: withACollision('Inka') });
  await page.getByRole('button', { name: 'Импортировать' }).click({ timeout: 30_000 });
  await expect(page).toHaveURL(/\/timetable\/\d+$/, { timeout: 30_000 });
  await expect(page.getByRole('grid', { name: 'Сетка расписания' })).toBeVisible({ timeout: 20_000 });
  const imported = page.url();
  await page.getByRole('button', { name: /Проверка/ }).click();
  const review = page.getByRole('dialog', { name: 'Проверка расписания' });
  await expect(review.getByRole('heading', { name: /Накладки/ })).toBeVisible();
  await expect(review).toContainText(/Inka.*не работает/);
  await page.keyboard.press('Escape');

  // ── what cannot be met is said by name before anybody searches, with the figures ──
  await page.getByRole('button', { name: /^Составить…|^Составляется…/ }).click();
  const compose = page.getByRole('dialog', { name: 'Составить расписание' });
  await expect(compose).toContainText('Не сходится', { timeout: 30_000 });
  await expect(compose).toContainText('Inka: уроков 13, а часов для них — 2');
  await expect(compose).toContainText('Не хватает места для 11 уроков');
  await expect(compose.getByRole('link', { name: 'Inka' }).first()).toHaveAttribute('href', /requirements\?part=teachers&of=\d+$/);
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Escape');

  // ── and mended where it was asked: the hours that the file closed are opened again ──
  const inka = await server.ask(`select e.id from employee e join person p on p.id = e.person_id where e.school_id = ${school} and p.last_name = 'Inka'`);
  await open(page, `/timetable/requirements?part=teachers&of=${inka}`);
  await expect(page.locator('[data-hour="1-0"]')).toHaveAttribute('data-weight', 'must');
  await expect(page.locator('[data-hour="0-1"]')).not.toHaveAttribute('data-weight', /./);
  await page.getByRole('radio', { name: 'Можно' }).check();
  for (const head of await page.getByRole('columnheader').getByRole('button').all()) await head.click();
  // and instead she would rather have two windows a week at most
  await page.getByRole('button', { name: 'Сохранить часы' }).click();
  await expect(page.locator('.toasts')).toContainText('Сохранено', { timeout: 20_000 });
  const week = page.getByRole('group', { name: /Окон в неделю/ });
  await week.getByLabel('Значение').selectOption('2');
  await week.getByRole('button', { name: 'Сохранить' }).click();
  await expect.poll(() => server.ask(`select count(*) from requirement where school_id = ${school} and kind = 'teacher_windows_a_week'`)).toBe('1');
  expect(await server.ask(`select count(*) from unavailability where school_id = ${school} and employee_id = ${inka}`)).toBe('0');

  // ── now it can be made; what is better and what has moved is told; nothing is published by itself ──
  await open(page, new URL(imported).pathname);
  await page.getByRole('button', { name: /^Составить…|^Составляется…/ }).click();
  await expect(compose).toContainText('Противоречий в требованиях не видно', { timeout: 30_000 });
  await compose.getByRole('radio', { name: '10 секунд' }).check({ force: true });
  await compose.getByRole('button', { name: 'Составить' }).click();
  await expect(compose).toContainText('Расписание составлено.', { timeout: 60_000 });
  const unplaced = compose.getByRole('row', { name: /Не размещено карточек/ });
  await expect(unplaced.getByRole('cell').nth(1)).toHaveText(/^0/);
  await compose.getByText('Что переставлено').click();
  await expect(compose.locator('details li').first()).toContainText(/ — .+ → /);
  expect(await violations(page)).toEqual([]);
  await compose.getByRole('link', { name: 'Открыть результат' }).click();
  await expect(page).not.toHaveURL(imported);
  await expect(page.getByRole('grid', { name: 'Сетка расписания' })).toBeVisible({ timeout: 20_000 });
  await expect(page.locator('.tt-bar .badge[data-tone="bad"]')).toHaveCount(0);
  const made = page.url().split('/').pop()!;
  expect(await server.ask(`select state from timetable_version where school_id = ${school} and id = ${made}`)).toBe('draft');

  // ── in force from tomorrow, and the lessons are laid out ──
  await page.getByRole('button', { name: 'Опубликовать…' }).click();
  const publish = page.getByRole('dialog', { name: 'Опубликовать расписание' });
  await publish.getByLabel('Действует с').fill(day(1));
  await publish.getByRole('button', { name: 'Опубликовать', exact: true }).click();
  await expect(publish).toContainText('Расписание опубликовано', { timeout: 60_000 });
  expect(await server.ask(`select state from timetable_version where school_id = ${school} and id = ${made}`)).toBe('published');
  expect(Number(await server.ask(`select count(*) from lesson where school_id = ${school} and held_on >= '${day(1)}'`))).toBeGreaterThan(100);
});

test('a browser that is closed while a search runs loses nothing and leaves nothing half-written', async ({ as, server }) => {
  test.setTimeout(150_000);
  const version = await copyOfDraft(server, 'Закроем окно');
  const lies = () =>
    server.ask(`select md5(string_agg(load_id || ' ' || coalesce(day, -1) || ' ' || coalesce(slot, -1), ',' order by id)) from card where school_id = ${SCHOOL} and version_id = ${version}`);
  const drafts = () => server.ask(`select count(*) from timetable_version where school_id = ${SCHOOL} and title like 'Закроем окно — составлено%'`);
  const before = await lies();
  const runs = () => server.ask(`select count(*) from compose_run where school_id = ${SCHOOL} and version_id = ${version}`);
  const opened = async () => {
    const page = await as('deputy');
    await Editor.open(page, version);
    await page.getByRole('button', { name: /^Составить…|^Составляется…/ }).click();
    return page;
  };
  const start = async (page: Page, where: 'На сервере' | 'На этом устройстве', long: '10 секунд' | '1 минута') => {
    const dialog = page.getByRole('dialog', { name: 'Составить расписание' });
    await dialog.getByRole('radio', { name: where }).check({ force: true });
    await dialog.getByRole('radio', { name: long }).check({ force: true });
    await dialog.getByRole('button', { name: 'Составить' }).click();
    await expect(dialog.getByRole('row', { name: /Окон у учителей/ }).getByRole('cell').nth(1)).toHaveText(/^\d/, { timeout: 60_000 });
  };
  // on the server: it goes on, and who comes back finds what it found
  const first = await opened();
  await start(first, 'На сервере', '10 секунд');
  await first.context().close();
  await expect
    .poll(() => server.ask(`select state from compose_run where school_id = ${SCHOOL} and version_id = ${version}`), { timeout: 60_000 })
    .toBe('done');
  expect(await lies()).toBe(before);
  expect(await drafts()).toBe('1');
  const second = await opened();
  const outcome = second.getByRole('dialog', { name: 'Составить расписание' });
  // what it came to is read as if the window had stayed: figures, rules, teachers, what has moved
  await expect(outcome).toContainText('Расписание составлено.');
  await expect(outcome.getByRole('row', { name: /Не размещено карточек/ }).getByRole('cell').nth(1)).toHaveText(/^0/);
  await expect(outcome.getByRole('region', { name: 'По правилам' }).getByRole('row').nth(1)).toContainText(/\d/);
  await outcome.getByText('Что переставлено').click();
  await expect(outcome.locator('details li').first()).toContainText(/ — .+ → /);
  expect(await violations(second)).toEqual([]);
  await outcome.getByRole('button', { name: 'Ещё раз' }).click();
  await expect(outcome).toContainText('Прошлый поиск: Расписание составлено.');
  await outcome.getByRole('button', { name: 'Показать итог' }).click();
  await expect(outcome.getByRole('link', { name: 'Открыть результат' })).toBeVisible();
  await outcome.getByRole('button', { name: 'Ещё раз' }).click();
  // on this device: with the window the search is gone, and nothing of it was written
  // (a minute: it must still be searching when the window goes)
  await start(second, 'На этом устройстве', '1 минута');
  await second.context().close();
  expect(await lies()).toBe(before);
  expect(await drafts()).toBe('1');
  expect(await runs()).toBe('1');
});
