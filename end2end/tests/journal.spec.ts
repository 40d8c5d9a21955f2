// The grade grid: the keyboard contract (design: interface.md C3 «Ours»), and that nothing typed is ever lost.
import { overflow, violations } from '../support/axe';
import { CUT, expect, open, PHONE, test } from '../support/test';
import { emptied, Grid, journal, press, SAVED, saved, toCome } from '../support/grid';
import { endSession, fillSignIn, PASSWORD, signInByPage } from '../support/people';
import { algebra, SCHOOL } from '../support/places';

test('one\'s journals begin with today\'s lessons', async ({ as }) => {
  const page = await as('teacher');
  await open(page, '/journal');
  await expect(page.getByRole('heading', { name: 'Сегодня' })).toBeVisible();
  await page.getByRole('link', { name: /Алгебра/ }).first().click();
  await expect(page.getByRole('grid')).toBeVisible();
});

test('a journal that one goes to from the list draws every column that is seen', async ({ as, server }) => {
  const page = await as('teacher');
  const load = await journal(server, 6);
  const columns = async (): Promise<string[]> => {
    await expect(page.getByRole('grid')).not.toHaveAttribute('aria-busy', 'true');
    // what lies under the pointer, from the names to the averages, in the first row
    return page.evaluate(() => {
      const left = document.querySelector('.grid-names')!.getBoundingClientRect().right;
      const { left: right, top, height } = document.querySelector('.grid-ends .grid-avg')!.getBoundingClientRect();
      const seen: string[] = [];
      for (let x = left + 4; x < right; x += 8) {
        const cell = document.elementFromPoint(x, top + height / 2)?.closest('.grid-cell, .grid-gap');
        seen.push(cell ? (cell.getAttribute('aria-colindex') ?? 'a gap') : 'nothing');
      }
      return [...new Set(seen)];
    });
  };
  await open(page, `/journal/${load}`);
  const whole = await columns();
  expect(whole).not.toContain('a gap');
  await open(page, '/journal');
  await page.locator(`main a[href="/journal/${load}"]`).last().click();
  await expect(page.getByRole('grid')).toBeVisible();
  await expect.poll(columns).toEqual(whole);
});

// [what, keys, where it leads from the third row of the column: rows, columns; infinite: to the edge]
const MOVES: [string, string[], number, number][] = [
  ['ArrowDown goes down', ['ArrowDown'], 1, 0],
  ['ArrowUp goes up', ['ArrowUp'], -1, 0],
  ['ArrowLeft goes left', ['ArrowLeft'], 0, -1],
  ['ArrowRight goes right, also into lessons to come', ['ArrowRight'], 0, 1],
  ['Enter goes down', ['Enter'], 1, 0],
  ['Shift+Enter goes up', ['Shift+Enter'], -1, 0],
  ['Home goes to the beginning of the row', ['Home'], 0, -Infinity],
  ['End goes to the end of the row', ['End'], 0, Infinity],
  ['Ctrl+Home goes to the first corner', ['Control+Home'], -Infinity, -Infinity],
  ['Ctrl+End goes to the last corner', ['Control+End'], Infinity, Infinity],
  ['a mark commits at once and goes down', ['5'], 1, 0],
  ['an absence commits at once and goes down', ['н'], 1, 0],
  ['a slip of the layout is understood', ['y'], 1, 0],
  ['F2 and Enter commit and go down', ['F2', '4', 'Enter'], 1, 0],
  ['F2 and Tab commit and go right', ['F2', '4', 'Tab'], 0, 1],
  ['F2 and Shift+Tab commit and go left', ['F2', '3', 'Shift+Tab'], 0, -1],
  ['F2 and Escape stay', ['F2', '4', 'Escape'], 0, 0],
  ['Delete clears and stays', ['Delete'], 0, 0],
  ['many pages down are the last row', Array(12).fill('PageDown'), Infinity, 0],
  ['many pages up are the first row', ['PageDown', ...Array(12).fill('PageUp')], -Infinity, 0],
];

test('the keyboard contract, row by row', async ({ as, server }) => {
  const page = await as('teacher');
  const grid = await Grid.open(page, server, await journal(server, 1));
  const { column } = await grid.active();
  const last = {
    row: (await page.locator('.grid-body .grid-row').count()) - 1,
    column: Number(await page.getByRole('grid').getAttribute('aria-colcount')) - 4,
  };
  const edge = (at: number, end: number): number => Math.max(0, Math.min(at, end));
  for (const [name, keys, rows, columns] of MOVES) {
    await grid.goTo(2, column);
    await page.keyboard.press('Delete');
    for (const key of keys) await press(page, key);
    const now = await grid.active();
    expect.soft(now, name).toEqual({ row: edge(2 + rows, last.row), column: edge(column + columns, last.column) });
  }
  // the row ends with the mark of the period, and both ways stop at the edge
  await page.keyboard.press('End');
  const { row } = await grid.active();
  for (const key of ['ArrowRight', 'ArrowRight', 'End']) {
    await page.keyboard.press(key);
    await expect(page.locator(`.grid-body .grid-row[aria-rowindex="${row + 3}"] > .grid-avg`).nth(1), key).toBeFocused();
  }
  await page.keyboard.press('Home');
  const first = await grid.active();
  await page.keyboard.press('ArrowLeft');
  expect(await grid.active()).toEqual(first);
  await grid.saved();
});

test('at the end of a column one goes on at the top of the next', async ({ as, server }) => {
  const page = await as('teacher');
  const grid = await Grid.open(page, server, await journal(server, 1));
  const { column } = await grid.active();
  await page.keyboard.press('ArrowLeft');
  for (let n = 0; n < 12; n += 1) await page.keyboard.press('PageDown');
  await page.keyboard.press('Enter');
  expect(await grid.active()).toEqual({ row: 0, column });
  await page.keyboard.press('Shift+Enter');
  expect((await grid.active()).column).toBe(column - 1);
});

test('the grid is one stop of Tab', async ({ as, server }) => {
  const page = await as('teacher');
  const grid = await Grid.open(page, server, await journal(server, 1));
  await grid.active();
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement!.closest('[role=grid]'))).toBeNull();
  await page.keyboard.press('Shift+Tab');
  await expect(page.locator('.grid-body .grid-cell[data-active]')).toBeFocused();
  expect(await page.locator('[role=grid] [tabindex="0"]').count()).toBe(1);
});

test('marks are typed, averaged, saved, undone; the history tells', async ({ as, server }) => {
  const page = await as('teacher');
  const grid = await Grid.open(page, server, await journal(server, 6), 0);
  const { column } = await grid.active();
  const average = page.locator('.grid-body .grid-row[aria-rowindex="3"] .grid-avg').first();
  const before = await average.innerText();
  for (const mark of ['5', '4', '3', '2']) await page.keyboard.press(mark);
  await expect(grid.at(0, column)).toHaveText('5');
  await expect(grid.at(3, column)).toHaveText('2');
  await grid.saved();
  await expect.poll(() => grid.stored(server)).toEqual(['5', '4', '3', '2']);
  // a five changes the average at once (unless it was a five already)
  if (before !== '5,00') await expect(average).not.toHaveText(before);
  await page.keyboard.press('Control+z');
  await expect(grid.at(3, column)).toHaveText('');
  await grid.saved();
  await expect.poll(() => grid.stored(server)).toEqual(['5', '4', '3']);
  await grid.at(3, column).click();
  await page.keyboard.press('Shift+F2');
  const panel = page.getByRole('dialog');
  await expect(panel.getByText('Кто и когда менял')).toBeVisible();
  await expect(panel.locator('.history li')).toHaveCount(2);
  await expect(panel.locator('.history li').first()).toContainText('Лебедева');
  await panel.getByRole('button', { name: 'Закрыть' }).click();
  await expect(page.locator('.grid-body .grid-cell[data-active]')).toBeFocused();
  const events = await server.ask(`select count(*) from audit_event where school_id = ${SCHOOL}`);
  expect(Number(events)).toBeGreaterThan(4);
});

test('a column from a spreadsheet is pasted, each cell checked by itself', async ({ as, server }) => {
  const page = await as('teacher');
  const grid = await Grid.open(page, server, await journal(server, 6), 1);
  const { column } = await grid.active();
  await grid.paste('5\n4\nнет такой\n3\n');
  await expect(grid.at(0, column)).toHaveText('5');
  await expect(grid.at(1, column)).toHaveText('4');
  await expect(grid.at(2, column)).toHaveText('');
  await expect(grid.at(3, column)).toHaveText('3');
  await expect(page.getByText(/1 значение не принято|сюда не поставить/).first()).toBeVisible();
  await grid.saved();
  await expect.poll(() => grid.stored(server)).toEqual(['5', '4', '3']);
});

// The sheet lies over the banner that leads to signing in, so it has the way in itself.
test('a sheet whose session has ended leads to signing in, and its topic is saved afterwards', async ({ as, server, watch }) => {
  watch.allow(CUT);
  const page = await as('nobody');
  await signInByPage(page, 'teacher');
  const load = await journal(server, 6);
  const grid = await Grid.open(page, server, load, 4);
  await page.keyboard.press('Alt+Enter');
  await endSession(page, server);
  const sheet = page.getByRole('dialog');
  await sheet.getByLabel('Тема урока').fill('Тема после входа');
  await sheet.getByRole('button', { name: 'Сохранить' }).first().click();
  await expect(sheet).toContainText('Сеанс закончился');
  await sheet.getByRole('link', { name: 'Войти' }).click();
  await fillSignIn(page, 'teacher', PASSWORD);
  await expect(page).toHaveURL(new RegExp(`/journal/${load}`));
  await grid.saved();
  await expect.poll(() => server.ask(`select count(*) from lesson where school_id = ${SCHOOL} and load_id = ${load} and topic = 'Тема после входа'`)).toBe('1');
});

test('a topic is undone as a topic, and the mark before it stays', async ({ as, server }) => {
  const page = await as('teacher');
  const grid = await Grid.open(page, server, await journal(server, 6), 2);
  const { column } = await grid.active();
  const topic = () => server.ask(`select coalesce(topic, 'none') from lesson where school_id = ${SCHOOL} and id = ${grid.lesson}`);
  const before = await topic();
  await page.keyboard.press('5');
  await grid.saved();
  await grid.at(0, column).click();
  await page.keyboard.press('Alt+Enter');
  const sheet = page.getByRole('dialog');
  await sheet.getByLabel('Тема урока').fill('Не та тема');
  await sheet.getByLabel('Домашнее задание').fill('Не то задание');
  await sheet.getByRole('button', { name: 'Сохранить', exact: true }).first().click();
  await expect(sheet.getByText('Записано')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(sheet).toBeHidden();
  await grid.at(0, column).click();
  await page.keyboard.press('Control+z');
  await expect(page.locator('.grid-hint')).toContainText(/Тема и задание урока .+ возвращены/);
  await expect.poll(topic).toBe(before);
  await expect(grid.at(0, column)).toHaveText('5');
  // redo brings it again; a second undo takes the topic, a third the mark
  await page.keyboard.press('Control+y');
  await expect.poll(topic).toBe('Не та тема');
  await page.keyboard.press('Control+z');
  await expect.poll(topic).toBe(before);
  await page.keyboard.press('Control+z');
  await expect(grid.at(0, column)).toHaveText('');
  // what a colleague has written since is not taken back
  await page.keyboard.press('Alt+Enter');
  await sheet.getByLabel('Тема урока').fill('Моя тема');
  await sheet.getByRole('button', { name: 'Сохранить', exact: true }).first().click();
  await expect(sheet.getByText('Записано')).toBeVisible();
  await page.keyboard.press('Escape');
  await server.sql(`update lesson set topic = 'Чужая тема', version = version + 1 where school_id = ${SCHOOL} and id = ${grid.lesson}`);
  await page.keyboard.press('Control+z');
  await expect.poll(topic).toBe('Чужая тема');
});

test('one value fills a selection', async ({ as, server }) => {
  const page = await as('teacher');
  const grid = await Grid.open(page, server, await journal(server, 6), 2);
  const { column } = await grid.active();
  await page.keyboard.press('5');
  await grid.at(0, column).click();
  for (let n = 0; n < 3; n += 1) await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Control+d');
  for (let n = 0; n < 4; n += 1) await expect(grid.at(n, column)).toHaveText('5');
  await grid.saved();
  // one act: one undo takes it back
  await page.keyboard.press('Control+z');
  await expect(grid.at(3, column)).toHaveText('');
  await expect(grid.at(0, column)).toHaveText('5');
  await grid.saved();
  await expect.poll(() => grid.stored(server)).toEqual(['5']);
  // and one redo brings it back, as an act of its own
  await page.keyboard.press('Control+y');
  for (let n = 0; n < 4; n += 1) await expect(grid.at(n, column)).toHaveText('5');
  await grid.saved();
  await expect.poll(() => grid.stored(server)).toEqual(['5', '5', '5', '5']);
  await page.keyboard.press('Control+z');
  await expect(grid.at(3, column)).toHaveText('');
  // what is typed after that is the newest: nothing is left to bring back
  await grid.at(3, column).click();
  await page.keyboard.press('3');
  await page.keyboard.press('Control+Shift+z');
  await expect(page.getByText('Повторять нечего.')).toBeVisible();
  await expect(grid.at(3, column)).toHaveText('3');
});

test('the end of a row says what the period comes to: what is proposed follows what is typed, what was given stands', async ({ as, server }) => {
  const page = await as('teacher');
  const load = await journal(server, 6);
  const grid = await Grid.open(page, server, load, 5);
  const { column } = await grid.active();
  await expect(page.locator('.grid-head .grid-avg').nth(1)).toHaveText('Итог');
  const ends = (row: number) => page.locator(`.grid-body .grid-row[aria-rowindex="${row + 3}"] .grid-avg`);
  const open = ends(0).nth(1);
  await grid.at(0, column).click();
  await page.keyboard.press('2');
  const low = await ends(0).first().innerText();
  await expect(open).toHaveText(/^\(?[2-5]\??\)?$/);
  await grid.at(0, column).click();
  await page.keyboard.press('5');
  await expect(ends(0).first()).not.toHaveText(low);
  await grid.saved();
  // a press opens what lies behind it
  await page.locator('.grid-ends .grid-end').first().locator('.grid-avg').nth(1).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText('Как посчитано')).toBeVisible();
  await dialog.getByRole('link', { name: 'Все итоги журнала' }).click();
  await expect(page).toHaveURL(/\/totals\?pupil=\d+&period=\d+/);
  await expect(page.getByRole('dialog')).toBeVisible();
});

test('a mark that the scale does not have is refused in words, and nothing is saved', async ({ as, server }) => {
  const page = await as('teacher');
  const grid = await Grid.open(page, server, await journal(server, 6), 3);
  const { column } = await grid.active();
  await page.keyboard.press('F2');
  await page.keyboard.type('7');
  await page.keyboard.press('Enter');
  await expect(page.getByText(/«7» сюда не поставить\. Отметки: 5, 4, 3, 2/)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(grid.at(0, column)).toHaveText('');
  await expect.poll(() => grid.stored(server)).toEqual([]);
});

test('a locked period is told before typing, and by the server to whoever did not know', async ({ as, server }) => {
  const load = await journal(server, 4);
  const page = await as('teacher');
  const grid = await Grid.open(page, server, load);
  const period = await server.ask(`
    select p.id from period p join lesson l on l.school_id = p.school_id and l.held_on between p.starts_on and p.ends_on
    join load_audience a on a.school_id = l.school_id and a.load_id = l.load_id
    left join subgroup g on g.school_id = a.school_id and g.id = a.subgroup_id
    join class c on c.school_id = a.school_id and c.id = coalesce(a.class_id, g.class_id)
    join parallel q on q.school_id = c.school_id and q.year_id = c.year_id and q.grade = c.grade and q.period_system_id = p.system_id
    where l.school_id = ${SCHOOL} and l.id = ${grid.lesson} limit 1`);
  const { column } = await grid.active();
  try {
    await server.sql(`update period set locked_at = '2026-01-01' where school_id = ${SCHOOL} and id = ${period}`);
    await page.keyboard.press('5');
    const status = page.locator('.save-status');
    await expect(status).toHaveText('1 не принято');
    await page.getByRole('button', { name: 'Посмотреть' }).click();
    await expect(page.getByRole('dialog')).toContainText('Период закрыт');
    await page.getByRole('dialog').getByRole('button', { name: 'Убрать' }).click();
    await expect(status).toHaveText(SAVED);
    await expect(grid.at(0, column)).toHaveText('');
    const again = await Grid.open(page, server, load, 0, true);
    await page.keyboard.press('5');
    await expect(page.getByText('Период закрыт: отметки не меняются.')).toBeVisible();
    await expect(again.at(0, column)).toHaveText('');
    expect(await again.stored(server)).toEqual([]);
  } finally {
    await server.sql(`update period set locked_at = null where school_id = ${SCHOOL} and id = ${period}`);
  }
});

for (const [n, name] of ['the first mark of a lesson', 'a mark that is there already'].entries()) {
  test(`two people on one cell, ${name}: the second is told who and what, and decides`, async ({ as, server }) => {
    const load = await journal(server, 6);
    const back = 4 + n * 2;
    const first = await as('teacher');
    const one = await Grid.open(first, server, load, back);
    if (n === 1) {
      await first.keyboard.press('3');
      await one.saved();
      await one.at(0, (await one.active()).column).click();
    }
    const second = await as('teacher');
    // what the first does comes too late for the second: else the mark would simply stand there
    await second.route(/\/api\/journal\/(follow|grid)/, () => undefined);
    const two = await Grid.open(second, server, load, back, true);
    const { column } = await two.active();
    await first.keyboard.press('5');
    await one.saved();
    await two.at(0, column).click();
    await second.keyboard.press('4');
    await expect(two.at(0, column)).toHaveAttribute('data-state', 'conflict');
    expect(await one.stored(server)).toEqual(['5']);
    await second.getByRole('button', { name: 'Посмотреть' }).click();
    const panel = second.getByRole('dialog');
    await expect(panel).toContainText('Лебедева');
    await expect(panel).toContainText('5');
    await panel.getByRole('button', { name: 'Оставить моё' }).click();
    await two.saved();
    await expect.poll(() => two.stored(server)).toEqual(['4']);
  });
}

test('topic, homework, another work with its weight, a comment', async ({ as, server }) => {
  const page = await as('teacher');
  const load = await journal(server, 5);
  const grid = await Grid.open(page, server, load);
  // the last lesson is two weeks ahead: what is planned may be written down
  await page.keyboard.press('End');
  await page.keyboard.press('Alt+Enter');
  const panel = page.getByRole('dialog');
  await panel.getByLabel('Тема урока').fill('Площадь трапеции');
  await panel.getByLabel('Домашнее задание').fill('§ 14, № 312');
  await panel.getByRole('button', { name: 'Сохранить' }).first().click();
  await expect(panel.getByText('Записано')).toBeVisible();
  await panel.getByText('Добавить работу').click();
  const added = panel.locator('details');
  await added.getByLabel('Название').fill('Срез');
  await added.getByLabel('Вес').fill('2,5');
  await added.getByRole('button', { name: 'Добавить' }).click();
  await expect.poll(() => server.sql(`select a.weight from assignment a join lesson l on l.school_id = a.school_id and l.id = a.lesson_id
    where a.school_id = ${SCHOOL} and l.load_id = ${load} and a.title = 'Срез'`)).toEqual([['2.50']]);
  await panel.getByRole('button', { name: 'Закрыть' }).click();
  await grid.saved();
  // not by its place at the end: a journey before may have laid out lessons of the next period
  expect(await server.ask(`select count(*) from lesson where school_id = ${SCHOOL} and load_id = ${load} and topic = 'Площадь трапеции'`)).toBe('1');
});

test('a sheet that is open saves on top of what its person saw: a colleague\'s topic and mark are not written over', async ({ as, server }) => {
  const page = await as('teacher');
  const load = await journal(server, 5);
  const grid = await Grid.open(page, server, load, 1);
  const topic = () => server.ask(`select coalesce(topic, '') from lesson where school_id = ${SCHOOL} and id = ${grid.lesson}`);
  const sheet = page.getByRole('dialog');
  // a colleague writes the topic while the sheet is open, and a work added in it brings the news
  await page.keyboard.press('Alt+Enter');
  await server.sql(`update lesson set topic = 'Тема коллеги', version = version + 1 where school_id = ${SCHOOL} and id = ${grid.lesson}`);
  await sheet.getByText('Добавить работу').click();
  const news = page.waitForResponse((response) => response.url().includes('/api/journal/grid'));
  await sheet.locator('details').getByRole('button', { name: 'Добавить' }).click();
  await news;
  await sheet.getByLabel('Домашнее задание').fill('№ 5');
  await sheet.getByRole('button', { name: 'Сохранить' }).first().click();
  await expect(sheet).toContainText('это изменили');
  await expect(sheet.getByText('Записано')).toHaveCount(0);
  expect(await topic()).toBe('Тема коллеги');
  await sheet.getByRole('button', { name: 'Посмотреть' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Взять другое' }).click();
  await grid.saved();
  expect(await topic()).toBe('Тема коллеги');

  // the same with a mark: the comment was written for a five, and it is a two now
  await grid.at(0, (await grid.active()).column).click();
  await page.keyboard.press('5');
  await grid.saved();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Shift+F2');
  await sheet.getByLabel('Комментарий к отметке').fill('Молодец');
  await server.sql(`update mark set code = '2', version = version + 1 where school_id = ${SCHOOL} and code = '5'
    and assignment_id in (select id from assignment where school_id = ${SCHOOL} and lesson_id = ${grid.lesson})`);
  const again = page.waitForResponse((response) => response.url().includes('/api/journal/grid'));
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange', { bubbles: true })));
  await again;
  await sheet.getByRole('button', { name: 'Сохранить' }).click();
  await expect(sheet).toContainText('это изменили');
  expect(await grid.stored(server)).toEqual(['2']);
  await sheet.getByRole('button', { name: 'Закрыть' }).click();

  // nor does undo take back what somebody else wrote
  await page.getByRole('button', { name: 'Посмотреть' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Взять другое' }).click();
  await grid.saved();
  await page.locator('.grid-body .grid-cell[data-active]').focus();
  await page.keyboard.press('Control+z');
  await expect(page.getByText('Не отменено: значение уже изменил кто-то другой.')).toBeVisible();
  expect(await grid.stored(server)).toEqual(['2']);
});

test('a sheet says what the server said, and asks before it drops what was typed', async ({ as, server, watch }) => {
  watch.allow(CUT);
  const page = await as('teacher');
  const load = await journal(server, 5);
  const grid = await Grid.open(page, server, load, 2);
  const homework = () => server.ask(`select count(*) from homework where school_id = ${SCHOOL} and lesson_id = ${grid.lesson} and text = '№ 77'`);
  await page.keyboard.press('Alt+Enter');
  const sheet = page.getByRole('dialog');
  await sheet.getByLabel('Домашнее задание').fill('№ 77');
  await sheet.locator('#lesson-due').fill('2028-01-01');
  await sheet.getByRole('button', { name: 'Сохранить' }).first().click();
  await expect(sheet).toContainText('Не записано.');
  await expect(sheet).toContainText(/учебн\S+ год/);
  expect(await homework()).toBe('0');
  // what was typed is still there, to be mended
  await expect(sheet.getByLabel('Домашнее задание')).toHaveValue('№ 77');
  await sheet.locator('#lesson-due').fill('');
  await page.keyboard.press('Escape');
  await expect(sheet).toContainText('Введённое не сохранено.');
  await sheet.getByRole('alert').getByRole('button', { name: 'Сохранить' }).click();
  await expect(sheet.getByText('Записано')).toBeVisible();
  expect(await homework()).toBe('1');
  // and stands in the sheet's history at once
  await expect(sheet.locator('.history li').first()).toContainText('Лебедева');
  await page.keyboard.press('Escape');
  await expect(sheet).toBeHidden();
  // without a network it says that it waits, and the sheet opens again with what was typed
  await page.context().setOffline(true);
  await page.keyboard.press('Alt+Enter');
  await sheet.getByLabel('Тема урока').fill('Тема без сети');
  await sheet.getByRole('button', { name: 'Сохранить' }).first().click();
  await expect(sheet).toContainText('Отправляется');
  await page.keyboard.press('Escape');
  await expect(sheet).toBeHidden();
  await page.keyboard.press('Alt+Enter');
  await expect(sheet.getByLabel('Тема урока')).toHaveValue('Тема без сети');
  await page.context().setOffline(false);
  await expect(sheet.getByText('Записано')).toBeVisible({ timeout: 20_000 });
  await sheet.getByRole('button', { name: 'Закрыть' }).click();
  await grid.saved();
});

test('a lesson to come is seen and walked over, not marked', async ({ as, server }) => {
  const page = await as('teacher');
  const load = await journal(server, 5);
  const grid = await Grid.open(page, server, load);
  const { column } = await grid.active();
  const next = grid.at(0, column + 1);
  await expect(next).toHaveAttribute('aria-readonly', 'true');
  await expect(grid.at(0, column)).not.toHaveAttribute('aria-readonly', 'true');
  await expect(page.locator(`.grid-head .grid-lesson[aria-colindex="${column + 3}"]`)).toHaveAttribute('aria-label', /ещё не прошёл/);
  await page.keyboard.press('ArrowRight');
  expect(await grid.active()).toEqual({ row: 0, column: column + 1 });
  for (const key of ['5', 'н', 'F2']) {
    await press(page, key);
    await expect(page.getByText(/^Урок ещё не прошёл: отметки — в его день и позже/)).toBeVisible();
    await expect(next).toHaveText('');
    await press(page, 'Escape');
    await expect(page.getByText(/^Урок ещё не прошёл/)).toHaveCount(0);
  }
  // a column pasted over today and the lesson to come: today's is taken, the other is told
  await page.keyboard.press('ArrowLeft');
  await grid.paste('5\t4\n4\t3');
  await expect(grid.at(1, column)).toHaveText('4');
  await expect(grid.at(1, column + 1)).toHaveText('');
  await expect(page.getByText(/2 значения не приняты.*ещё не прошёл/)).toBeVisible();
  await grid.saved();
  await expect.poll(() => grid.stored(server)).toEqual(['5', '4']);
  const ahead = await server.ask(`select count(*) from mark m join assignment a on a.school_id = m.school_id and a.id = m.assignment_id
    where m.school_id = ${SCHOOL} and a.lesson_id = ${await toCome(server, load)} and m.code is not null`);
  expect(ahead).toBe('0');
});

test('on a phone a lesson is filled with the thumb', async ({ as, server }) => {
  const page = await as('teacher', PHONE);
  const load = await journal(server, 2);
  const lesson = await emptied(server, load);
  await open(page, `/journal/${load}`);
  const cells = page.locator('.grid-body .grid-cell');
  await expect(cells.first()).toBeVisible();
  await page.getByLabel('Что показать').selectOption(lesson);
  await cells.first().tap();
  const pad = page.getByRole('group', { name: 'Отметки и посещаемость' });
  await pad.getByRole('button', { name: /^5,/ }).tap();
  await pad.getByRole('button', { name: /^н,/ }).tap();
  await expect(cells.nth(0)).toHaveText('5');
  await saved(page);
  for (const box of [await pad.getByRole('button').first().boundingBox()]) expect(Math.min(box!.width, box!.height)).toBeGreaterThanOrEqual(40);
});

test('on a small phone a lesson of two works opens with the column of the keys beside the names, also as the pad grows', async ({ as, server }) => {
  const page = await as('teacher', { ...PHONE, viewport: { width: 360, height: 740 } });
  const load = await journal(server, 3);
  const lesson = await emptied(server, load);
  for (const weight of [1, 2]) await server.sql(`insert into assignment (school_id, lesson_id, work_type_id, scale_id, weight)
    select ${SCHOOL}, ${lesson}, (select min(id) from work_type where school_id = ${SCHOOL}), (select min(id) from mark_scale where school_id = ${SCHOOL}), ${weight}`);
  await open(page, `/journal/${load}`);
  await expect(page.getByRole('grid')).not.toHaveAttribute('aria-busy', 'true');
  /** The active cell lies wholly in the free part: right of the names, inside the grid. */
  const inSight = () => page.evaluate(() => {
    const of = (what: string) => document.querySelector(what)!.getBoundingClientRect();
    const [cell, names, grid, head] = [of('.grid-body .grid-cell[data-active]'), of('.grid-names'), of('.grid'), of('.grid-head')];
    return cell.left >= names.right - 1 && cell.right <= grid.right + 1 && cell.top >= head.bottom - 1 && cell.bottom <= grid.bottom + 1;
  });
  await expect.poll(inSight).toBe(true);
  const pad = page.getByRole('group', { name: 'Отметки и посещаемость' });
  for (let n = 0; n < 4; n += 1) await pad.getByRole('button', { name: 'Следующий ученик' }).tap();
  await pad.getByRole('button', { name: 'Другие отметки' }).tap();
  await expect.poll(inSight).toBe(true);
  // two rows of keys, each wide enough for a thumb
  for (const key of await pad.getByRole('button').all()) expect((await key.boundingBox())!.height).toBeGreaterThanOrEqual(44);
  await page.getByRole('button', { name: 'Что ещё можно сделать' }).click();
  await expect(page.getByRole('link', { name: 'Оценочные процедуры' })).toBeVisible();
  expect.soft(await violations(page), 'axe: tools').toEqual([]);
  expect.soft(await overflow(page)).toEqual([]);
  await page.getByRole('button', { name: 'Урок: тема, задание, работы' }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
});

test('refused values of a paste are named with pupil and day, and no cell moves', async ({ as, server }) => {
  const page = await as('teacher');
  const load = await journal(server, 4);
  const grid = await Grid.open(page, server, load);
  await page.locator('.grid-body .grid-cell[data-active]').click();
  const first = page.locator('.grid-body .grid-row').first().locator('.grid-cell').first();
  await expect(first).toBeVisible();
  const before = (await first.boundingBox())!;
  await page.evaluate(() => {
    const data = new DataTransfer();
    data.setData('text/plain', '4,\n5\nzz9');
    document.querySelector('.grid-body .grid-cell[data-active]')!.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  });
  const names = (await page.locator('.grid-body .grid-name > span').allInnerTexts()).map((name) => name.split(' · ')[0]);
  const hint = page.locator('.grid-hint');
  await expect(hint).toContainText(`«4,» — ${names[0]}`);
  await expect(hint).toContainText(`«zz9» — ${names[2]}`);
  expect((await first.boundingBox())!.y).toBe(before.y);
  await grid.saved();
});

test('the keys of the journal can be looked at', async ({ as, server }) => {
  const page = await as('teacher');
  await open(page, `/journal/${await algebra(server)}`);
  await page.getByRole('button', { name: 'Клавиши журнала' }).click();
  const keys = page.getByRole('dialog', { name: 'Клавиши журнала' });
  await expect(keys).toContainText('работу нужно сдать');
  expect.soft(await violations(page), 'axe: keys').toEqual([]);
});

test.describe('journals of others', () => {
  test('a parent does not find one', async ({ as, server, watch }) => {
    watch.allow(/status of 404/);
    const page = await as('parent');
    const response = await page.goto(`/journal/${await algebra(server)}`);
    expect(response?.status()).toBe(404);
    await expect(page.getByRole('heading', { name: 'Не нашли' })).toBeVisible();
  });

  test('a deputy of another school does not find one', async ({ as, server, watch }) => {
    watch.allow(/status of 404/);
    const page = await as('deputy2');
    const response = await page.goto(`/journal/${await algebra(server)}`);
    expect(response?.status()).toBe(404);
  });

  test('the class teacher looks, and changes nothing', async ({ as, server }) => {
    const page = await as('classteacher');
    await open(page, `/journal/${await algebra(server)}`);
    await expect(page.getByText('Только просмотр')).toBeVisible();
    await page.locator('.grid-body .grid-cell').first().click();
    await page.keyboard.press('5');
    await expect(page.getByText('Этот журнал можно только смотреть.')).toBeVisible();
  });
});
