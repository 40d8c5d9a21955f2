// A new version is released while people work: the pages that are open are of the old one, the server is of the new. What was typed is not
// lost, what happened is said, and the page is renewed when the person presses.
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page, Route } from '@playwright/test';
import { Grid, journal, saved } from '../support/grid';
import { NOW, Server, SITE } from '../support/programs';
import { expect, open, test } from '../support/test';

/** The built site as another build: one file more, so another name. */
function released(): string {
  const site = mkdtempSync(path.join(tmpdir(), 'parta-site.'));
  mkdirSync(path.join(site, 'pkg'));
  for (const name of readdirSync(SITE)) if (name !== 'pkg') cpSync(path.join(SITE, name), path.join(site, name), { recursive: true });
  for (const name of readdirSync(path.join(SITE, 'pkg'))) symlinkSync(path.join(SITE, 'pkg', name), path.join(site, 'pkg', name));
  writeFileSync(path.join(site, 'pkg', 'released.css'), '');
  return site;
}

const CALM = 'Вышла новая версия. Обновить сейчас?';
const DEAF = /Вышла новая версия, а эта страница — прежняя/;
const build = (page: Page) => page.locator('html').getAttribute('data-build');

test('a teacher types while the server is exchanged: the mark goes to the new one, the page is renewed by a press', async ({ as, server, watch }) => {
  watch.allow(/net::ERR|Failed to fetch|status of (50|404)|Failed to execute 'compile'|SplitLoaderError|unreachable/);
  const site = released();
  const old = await Server.start(server.databaseUrl);
  let fresh: Server | undefined;
  try {
    const page = await as('teacher', {}, old);
    const grid = await Grid.open(page, old, await journal(old, 6), 1);
    const before = await build(page);
    await old.stop();
    await page.keyboard.press('5');
    await expect(page.locator('.save-status')).toHaveText('1 ждёт отправки');
    fresh = await Server.start(server.databaseUrl, NOW, { port: old.port, env: { PARTA_SITE: site } });
    await saved(page, 30_000);
    expect(await grid.stored(server)).toEqual(['5']);
    // it was said calmly, and who does not want it now goes on
    await expect(page.getByText(CALM)).toBeVisible();
    expect(await build(page)).toBe(before);
    await page.getByRole('button', { name: 'Позже' }).click();
    await grid.at(1, (await grid.active()).column).click();
    await page.keyboard.press('4');
    await expect.poll(() => grid.stored(server)).toEqual(['5', '4']);
    await expect(page.getByText(CALM)).toHaveCount(0);
    // a part that the new server no longer has
    await page.route(/split_access_pages.*\.wasm/, (route) => route.fulfill({ status: 404 }));
    await page.getByRole('navigation', { name: 'Разделы' }).getByRole('link', { name: 'Профиль' }).click();
    await expect(page.getByText(DEAF)).toBeVisible();
    await page.unroute(/split_access_pages.*\.wasm/);
    await page.getByRole('button', { name: 'Обновить', exact: true }).last().click();
    await expect.poll(() => build(page)).not.toBe(before);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  } finally {
    await fresh?.stop();
    rmSync(site, { recursive: true, force: true });
  }
});

/** As a server of another build answers a question of the old page. */
const newer = (status: number, body: string, deaf: boolean) => (route: Route) =>
  route.fulfill({
    status,
    contentType: 'application/json',
    headers: { 'x-parta-build': 'another', ...(deaf ? { 'x-parta-deaf': '1' } : {}) },
    body,
  });

for (const [name, answer, words] of [
  ['a function that is no more', newer(404, '{"kind":"not_found"}', true), DEAF],
  ['other arguments', newer(422, '{"kind":"invalid","fields":[{"field":"","message":"x"}]}', true), DEAF],
  ['another shape of the answer', newer(200, '{"verdicts":{"a":1}}', false), CALM],
] as const) {
  test(`the new server has ${name}: the mark waits, the page says so, the new page sends it`, async ({ as, server, watch }) => {
    watch.allow(/status of 4\d\d/);
    const page = await as('teacher');
    const grid = await Grid.open(page, server, await journal(server, 6), 2);
    // what the old page asks is not understood; what the page asks that comes after it is
    let old = true;
    page.on('framenavigated', () => (old = false));
    await page.route('**/api/journal/save_cells', (route) => (old ? answer(route) : route.continue()));
    await page.keyboard.press('3');
    await expect(page.getByText(words)).toBeVisible();
    await expect(page.locator('.save-status')).toHaveText('1 ждёт отправки');
    expect(await grid.stored(server)).toEqual([]);
    await page.getByRole('button', { name: 'Обновить', exact: true }).last().click();
    if (words === CALM) {
      // what was typed is to go first; it cannot, it is kept, and the person decides
      await expect(page.getByText(/Сначала уйдёт введённое/)).toBeVisible();
      await expect(page.getByText(/Не отправлено: 1\. Оно сохранено/)).toBeVisible({ timeout: 20_000 });
      await page.getByRole('button', { name: 'Обновить', exact: true }).last().click();
    }
    await expect.poll(() => old).toBe(false);
    await grid.saved();
    await expect.poll(() => grid.stored(server)).toEqual(['3']);
  });
}

test('text that stands in a form and was never sent is asked about', async ({ as, watch }) => {
  watch.allow(/status of 4\d\d/);
  const page = await as('parent');
  await open(page, '/diary');
  await page.getByRole('link', { name: 'Предупредить об отсутствии' }).click();
  await page.locator('html[data-ready]').waitFor();
  await page.getByLabel('Причина').fill('Едем к бабушке');
  await page.route('**/api/absence/tell', newer(404, '{"kind":"not_found"}', true));
  await page.getByRole('button', { name: 'Предупредить' }).click();
  await expect(page.getByText(DEAF)).toBeVisible();
  const asked = page.waitForEvent('dialog');
  const press = page.getByRole('button', { name: 'Обновить', exact: true }).last().click();
  const dialog = await asked;
  expect(dialog.message()).toContain('неотправленный текст');
  await dialog.dismiss();
  await press;
  await expect(page.getByLabel('Причина')).toHaveValue('Едем к бабушке');
});

test('«Позже» gives the keyboard back to where it stood', async ({ as, server }) => {
  const page = await as('teacher');
  const grid = await Grid.open(page, server, await journal(server, 6), 2);
  const { column } = await grid.active();
  await page.route('**/api/journal/save_cells', newer(200, '[]', false));
  await grid.at(1, column).click();
  await page.keyboard.press('5');
  const later = page.getByRole('button', { name: 'Позже' });
  await expect(later).toBeVisible();
  await page.unroute('**/api/journal/save_cells');
  await grid.at(2, column).click();
  await expect(grid.at(2, column)).toBeFocused();
  // as Tab would bring one there, from wherever one stands
  await later.focus();
  await page.keyboard.press('Enter');
  await expect(later).toHaveCount(0);
  await expect(grid.at(2, column)).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(grid.at(3, column)).toBeFocused();
});
