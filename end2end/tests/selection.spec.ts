// Selections in the grade grid (design: interface.md C3): what keys select, and what is done to all of it as one act.
import { expect, test } from '../support/test';
import { Grid, journal } from '../support/grid';

// [what, keys, the selection that they leave: rows and columns from where one stood in a grid of `rows` lines]
type Corners = (rows: number, column: number, columns: number) => { from: [number, number]; to: [number, number] };
const SELECTIONS: [string, string[], Corners][] = [
  ['Shift and arrows', ['Shift+ArrowDown', 'Shift+ArrowDown', 'Shift+ArrowLeft'], (_r, c) => ({ from: [2, c - 1], to: [4, c] })],
  ['Shift+Home', ['Shift+Home'], (_r, c) => ({ from: [2, 0], to: [2, c] })],
  ['Shift+End', ['Shift+End'], (_r, c, columns) => ({ from: [2, c], to: [2, columns - 1] })],
  ['Ctrl+Space takes the column', ['Control+Space'], (rows, c) => ({ from: [0, c], to: [rows - 1, c] })],
  ['Shift+Space takes the row', ['Shift+Space'], (_r, _c, columns) => ({ from: [2, 0], to: [2, columns - 1] })],
  ['Ctrl+A takes all', ['Control+a'], (rows, _c, columns) => ({ from: [0, 0], to: [rows - 1, columns - 1] })],
];

test('what is selected by keys, corner by corner', async ({ as, server }) => {
  const page = await as('teacher');
  const grid = await Grid.open(page, server, await journal(server, 1));
  const { column } = await grid.active();
  const rows = await page.locator('.grid-body .grid-row').count();
  const columns = Number(await page.getByRole('grid').getAttribute('aria-colcount')) - 3;
  for (const [name, keys, corners] of SELECTIONS) {
    await grid.goTo(2, column);
    for (const key of keys) await page.keyboard.press(key);
    const { from, to } = corners(rows, column, columns);
    // what is drawn of the selection: columns and rows far away are not in the page
    const selected = await page.evaluate(() => [...document.querySelectorAll('.grid-body .grid-cell[aria-selected=true]')].map((e) => [
      Number(e.parentElement!.getAttribute('aria-rowindex')) - 3, Number(e.getAttribute('aria-colindex')) - 2]));
    const drawn = await page.evaluate(() => [...document.querySelectorAll('.grid-body .grid-cell')].map((e) => [
      Number(e.parentElement!.getAttribute('aria-rowindex')) - 3, Number(e.getAttribute('aria-colindex')) - 2]));
    const wanted = drawn.filter(([r, c]) => from[0] <= r && r <= to[0] && from[1] <= c && c <= to[1]);
    expect.soft(wanted.length, `${name}: some of it is seen`).toBeGreaterThan(1);
    expect.soft(selected, name).toEqual(wanted);
    await page.keyboard.press('Escape');
    expect.soft(await page.locator('.grid-cell[aria-selected=true]').count(), `${name}: Escape lets go`).toBe(0);
  }
});

test('a selection is filled, copied, cut and emptied as one act each', async ({ as, server }) => {
  const page = await as('teacher');
  const grid = await Grid.open(page, server, await journal(server, 1), 1);
  const { column } = await grid.active();
  const texts = async (): Promise<string[]> => {
    const all: string[] = [];
    for (let row = 0; row < 4; row += 1) all.push(await grid.at(row, column).innerText());
    return all;
  };
  const clipboard = (kind: 'copy' | 'cut'): Promise<string> => page.evaluate((kind) => {
    const data = new DataTransfer();
    document.activeElement!.dispatchEvent(new ClipboardEvent(kind, { clipboardData: data, bubbles: true, cancelable: true }));
    return data.getData('text/plain');
  }, kind);
  for (const mark of ['5', '4', '3']) await page.keyboard.press(mark);
  expect(await texts()).toEqual(['5', '4', '3', '']);
  // Ctrl+Enter: what stands in the active cell goes into all that is selected
  await grid.at(3, column).click();
  await page.keyboard.press('Shift+ArrowUp');
  await page.keyboard.press('Control+Enter');
  expect(await texts()).toEqual(['5', '4', '3', '3']);
  await page.keyboard.press('Control+z');
  expect(await texts()).toEqual(['5', '4', '3', '']);
  // three are copied, and cut in one act
  await grid.at(0, column).click();
  for (let n = 0; n < 2; n += 1) await page.keyboard.press('Shift+ArrowDown');
  expect(await clipboard('copy')).toBe('5\n4\n3');
  expect(await texts()).toEqual(['5', '4', '3', '']);
  expect(await clipboard('cut')).toBe('5\n4\n3');
  expect(await texts()).toEqual(['', '', '', '']);
  await page.keyboard.press('Control+z');
  expect(await texts()).toEqual(['5', '4', '3', '']);
  // and emptied in one
  await grid.at(0, column).click();
  for (let n = 0; n < 2; n += 1) await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Delete');
  expect(await texts()).toEqual(['', '', '', '']);
  await grid.saved();
  expect(await grid.stored(server)).toEqual([]);
});

test('what is pasted over the last line is told, not lost in silence', async ({ as, server }) => {
  const page = await as('teacher');
  const grid = await Grid.open(page, server, await journal(server, 1), 1);
  const { column } = await grid.active();
  const rows = await page.locator('.grid-body .grid-row').count();
  for (let n = 1; n < rows; n += 1) await page.keyboard.press('ArrowDown');
  expect(await grid.active()).toEqual({ row: rows - 1, column });
  await grid.paste('5\n4\n3\n');
  await expect(grid.at(rows - 1, column)).toHaveText('5');
  await expect(page.locator('.grid-hint')).toContainText('2 значения не поместились');
  await grid.saved();
});
