// What opens over a page is a page too: every dialog, sheet and popover with axe, in both themes, wide and on a phone.
import type { Page } from '@playwright/test';
import { expect, open, PHONE, test } from '../support/test';
import { overflow, violations } from '../support/axe';
import { copyOfDraft, Editor } from '../support/editor';
import { Grid, journal } from '../support/grid';
import { algebra } from '../support/places';
import { words } from '../support/texts';

const WIDTHS = [1440, 360];

/** The opened thing in each width. */
async function looked(page: Page, what: string): Promise<void> {
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 800 });
    expect.soft(await violations(page), `axe: ${what}, ${width} px`).toEqual([]);
    expect.soft(await overflow(page), `wider than the window: ${what}, ${width} px`).toEqual([]);
  }
  await page.setViewportSize({ width: 1440, height: 800 });
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the editor's dialogs, ${colorScheme}`, async ({ as, server }) => {
    const page = await as('deputy', { colorScheme });
    const editor = await Editor.open(page, await copyOfDraft(server, `Открытое ${colorScheme}`));
    await page.getByRole('button', { name: 'Опубликовать…' }).click();
    const publish = page.getByRole('dialog', { name: 'Опубликовать расписание' });
    await expect(publish).toBeVisible();
    await looked(page, 'publish');
    await page.keyboard.press('Escape');
    await expect(publish).toBeHidden();
    await page.getByRole('button', { name: /^Проверка/ }).click();
    const review = page.getByRole('dialog', { name: 'Проверка расписания' });
    await expect(review).toBeVisible();
    await looked(page, 'review');
    await page.keyboard.press('Escape');
    await expect(review).toBeHidden();
    // a held card: verdicts in every cell, the panel beside
    await editor.choose('Класс', '7А');
    await editor.tray.getByRole('button', { name: /Алгебра/ }).click();
    await expect(editor.cells('clash').first()).toBeVisible();
    await looked(page, 'a held card');
  });

  test(`the grid's sheets, ${colorScheme}`, async ({ as, server }) => {
    const page = await as('teacher', { colorScheme });
    const grid = await Grid.open(page, server, await journal(server, 4), 2);
    await page.keyboard.press('5');
    await grid.saved();
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Shift+F2');
    await expect(page.getByRole('dialog').getByText('Кто и когда менял')).toBeVisible();
    await looked(page, 'the sheet of a cell');
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toBeHidden();
    await page.keyboard.press('Alt+Enter');
    await expect(page.getByRole('dialog').getByLabel('Тема урока')).toBeVisible();
    await page.getByRole('dialog').getByText('Добавить работу').click();
    await looked(page, 'the sheet of a lesson');
    await page.getByRole('dialog').getByText('Задать отдельным ученикам').click();
    await looked(page, 'homework for some pupils');
  });

  test(`a new row of the plan and the figures of totals, ${colorScheme}`, async ({ as, server }) => {
    const page = await as('teacher', { colorScheme });
    const load = await algebra(server);
    await open(page, `/journal/${load}/plan`);
    await page.getByRole('listitem').getByRole('button').first().focus();
    await page.keyboard.press('Insert');
    await expect(page.getByRole('dialog', { name: 'Новая тема' })).toBeVisible();
    await looked(page, 'a new row of the plan');
    await open(page, `/journal/${load}/totals`);
    // whatever other journeys left in this journal: somebody has a mark of the quarter that runs
    const quarter = page.getByRole('row', { name: /Соколов Артём/ }).getByRole('gridcell').nth(1);
    await quarter.click();
    await expect(quarter).toBeFocused();
    await page.keyboard.press('=');
    await expect(quarter.locator('.tm-mark')).toHaveText(/^[2-5]$/);
    await page.getByRole('button', { name: /Успеваемость, %/ }).first().click();
    await expect(page.getByRole('dialog')).toContainText('Кто учтён');
    await looked(page, 'the indicators of a column');
  });

  test(`the result at a row's end, ${colorScheme}`, async ({ as, server }) => {
    const page = await as('teacher', { colorScheme });
    const grid = await Grid.open(page, server, await algebra(server), 0, true);
    await grid.at(0, (await grid.active()).column).click();
    await page.keyboard.press('Alt+End');
    await expect(page.getByRole('dialog').getByRole('radio').first()).toBeAttached();
    await looked(page, 'the result of a row');
  });

  test(`a mark's popover in the diary, ${colorScheme}`, async ({ as }) => {
    const page = await as('parent', { colorScheme });
    await open(page, '/diary');
    await page.getByRole('link', { name: 'Предметы' }).last().click();
    await page.getByRole('button', { name: /: отметка/ }).first().click();
    await expect(page.locator(':popover-open')).toContainText('За что');
    await looked(page, 'the popover of a mark');
  });
}

test('the editor\'s dialogs in English, by touch, in the dark, on a phone', async ({ as, server }) => {
  test.setTimeout(60_000);
  const t = words('en');
  const say = (key: string, places = {}) => t.say('study', key, places);
  const page = await as('deputy', { ...PHONE, viewport: { width: 360, height: 740 }, locale: 'en-GB', colorScheme: 'dark' });
  await open(page, `/timetable/${await copyOfDraft(server, 'In English')}`);
  await expect(page.locator('.tt-cell .tt-card').first()).toBeVisible({ timeout: 20_000 });
  for (const [action, title] of [
    ['action.publish', 'publish.title'],
    ['action.review', 'review.title'],
    ['repair.action', 'repair.title'],
    ['compose.action', 'compose.title'],
  ]) {
    // the review's button counts what it found
    await page.getByRole('button', { name: new RegExp(`^${say(action)}`) }).tap();
    const dialog = page.getByRole('dialog', { name: say(title), exact: true });
    await expect(dialog).toBeVisible();
    // each has read what it is about: nothing of it is in another language
    await expect(dialog.getByRole('button').last()).toBeVisible();
    await expect(dialog.locator('h2')).not.toHaveText(/[А-Яа-я]/);
    // names of people, subjects and classes are the school's own
    for (const words of await dialog.locator('legend, h3').allInnerTexts()) expect.soft(words, title).not.toMatch(/^[А-Яа-я]{4}/);
    expect.soft(await violations(page), `axe: ${title}`).toEqual([]);
    expect.soft(await overflow(page), `wider than the window: ${title}`).toEqual([]);
    // the way back of a phone
    await page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
  }
});
