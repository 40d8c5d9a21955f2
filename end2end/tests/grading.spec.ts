// Rules of marking and totals: the deputy adds a rule and sees what it makes of an example; the teacher gives the marks of a quarter by
// keyboard, says why one differs from the proposal, looks where it comes from; the parent finds it in the diary.
import type { Page } from '@playwright/test';
import { expect, open, PHONE, test } from '../support/test';
import { overflow, violations } from '../support/axe';
import { Grid, journal } from '../support/grid';
import { algebra, pupil, SCHOOL } from '../support/places';

test('a rule from a day to come: an example counts at once, it is listed, and withdrawn', async ({ as, server }) => {
  const page = await as('deputy');
  await open(page, '/journal');
  await page.getByRole('link', { name: 'Правила оценивания' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Правила оценивания' })).toBeVisible();
  await page.getByRole('button', { name: 'Добавить правило' }).click();
  const form = page.getByRole('form', { name: 'Новое правило' });
  const year = await server.ask(`select date_part('year', max(ends_on)) from academic_year where school_id = ${SCHOOL}`);
  await form.getByLabel('Действует с').fill(`${year}-08-01`);
  await form.getByLabel('«5» от').fill('4,75');
  await form.getByLabel('Отметки', { exact: true }).fill('5 5 5 4');
  // (5 + 5 + 5 + 4) / 4 = 4,75: just there; one hundredth more and it is a four
  await expect(form.getByText('Предлагается 5: среднее не ниже 4,75')).toBeVisible();
  await form.getByLabel('«5» от').fill('4,76');
  await expect(form.getByText('Предлагается 4: среднее не ниже 3,65')).toBeVisible();
  await form.getByRole('button', { name: 'Добавить', exact: true }).click();
  await expect(form.getByText('Укажите номер')).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await form.getByLabel('Акт школы: название и номер').fill('Положение, № 31');
  await form.getByLabel('Дата акта').fill(`${year}-06-15`);
  await form.getByRole('button', { name: 'Добавить', exact: true }).click();
  await expect(page.getByText('Правило добавлено.')).toBeVisible();
  const card = page.getByRole('listitem').filter({ hasText: 'Положение, № 31' });
  await expect(card).toContainText('Начнёт действовать');
  await expect(card).toContainText('5 — от 4,76, 4 — от 3,65, 3 — от 2,65');
  await card.getByRole('button', { name: /Отозвать/ }).click();
  await expect(card).toHaveCount(0);
  const events = `select string_agg(action, ', ' order by id) from audit_event where school_id = ${SCHOOL} and entity = 'grading_rule'`;
  expect(await server.ask(events)).toBe('grading_rule.added, grading_rule.withdrawn');
});

/** The cell of a pupil in the running period. */
async function cell(page: Page, name: RegExp) {
  const row = page.getByRole('row', { name });
  return row.getByRole('gridcell').and(page.locator('[data-active], :not([data-shut])')).first();
}

test('a teacher gives the marks of a period by keyboard, with a reason where one is due; the parent sees them', async ({ as, server }) => {
  test.setTimeout(120_000);
  const load = await algebra(server);
  const child = await pupil(server, 'Соколов', 'Артём');
  await server.sql(`delete from period_mark where school_id = ${SCHOOL}`);
  const page = await as('teacher');
  await open(page, `/journal/${load}`);
  await page.getByRole('link', { name: 'Итоги' }).click();
  await expect(page.getByRole('heading', { level: 1, name: /Итоги: Алгебра, 7А/ })).toBeVisible();
  const grid = page.getByRole('grid');
  await expect(grid).toBeVisible();
  const kept = () => server.ask(`select coalesce(max(code || ' ' || version || ' ' || coalesce(reason, '-')), '') from period_mark
    where school_id = ${SCHOOL} and pupil_id = ${child} and stage = 'period'`);
  const mine = await cell(page, /Соколов Артём/);
  await mine.click();
  await expect(mine).toBeFocused();
  const made = (await mine.locator('.tm-made').innerText()).slice(0, 1);
  await page.keyboard.press('=');
  await expect(mine.locator('.tm-mark')).toHaveText(made);
  await expect.poll(kept).toBe(`${made} 1 -`);
  // down after a mark; back, and a mark that differs asks why
  await expect(mine).not.toBeFocused();
  await mine.click();
  await expect(mine).toBeFocused();
  const other = made === '2' ? '4' : '2';
  await page.keyboard.press(other);
  const dialog = page.getByRole('dialog', { name: 'Почему не предложенная?' });
  await expect(dialog).toContainText(`предлагается ${made}, вы ставите ${other}`);
  expect(await violations(page)).toEqual([]);
  await dialog.getByLabel('Причина отличия').fill('Пересдача');
  await dialog.getByRole('button', { name: 'Поставить' }).click();
  await expect.poll(kept).toBe(`${other} 2 Пересдача`);
  // taken back by undo, as an opposite change
  await mine.click();
  await page.keyboard.press('Control+z');
  await expect.poll(kept).toBe(`${made} 3 -`);
  // where it comes from: the marks, and who gave it
  await mine.click();
  await page.keyboard.press('Shift+F2');
  const sheet = page.getByRole('dialog', { name: /Соколов Артём/ });
  await expect(sheet.getByText('Положение о текущем контроле', { exact: false }).or(sheet.getByText('№ 12', { exact: false })).first()).toBeVisible();
  await expect(sheet.getByRole('table')).toBeVisible();
  await expect(sheet.getByText('Пересдача')).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Escape');
  // the figures of the column open too
  await page.getByRole('button', { name: /Успеваемость, %, 2 четверть|Успеваемость, %, \d четверть/ }).last().click();
  await expect(page.getByRole('dialog', { name: /Показатели/ })).toContainText('Всего считается, N');
  await page.keyboard.press('Escape');
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await overflow(page)).toEqual([]);
  const parent = await as('parent');
  await open(parent, `/diary/${child}/subjects`);
  const subject = parent.getByRole('listitem').filter({ has: parent.getByRole('heading', { name: 'Алгебра', exact: true }) });
  await expect(subject.getByRole('list', { name: 'Итоговые отметки' })).toContainText(made);
  await subject.getByText('Откуда этот балл').click();
  await expect(subject).toContainText('№ 12');
});

test('the mark of a period is given at the end of its row, by keyboard, with a reason where one is due, and taken back', async ({ as, server }) => {
  test.setTimeout(120_000);
  const load = await algebra(server);
  // in the middle of a period marks are few: here any number of them is enough
  await server.sql(`delete from grading_minimum where school_id = ${SCHOOL}`);
  await server.sql(`delete from period_mark where school_id = ${SCHOOL}`);
  const page = await as('teacher');
  const grid = await Grid.open(page, server, load, 0, true);
  const { column } = await grid.active();
  const end = (row: number, where = page) => where.locator(`.grid-body .grid-row[aria-rowindex="${row + 3}"] .grid-avg`).nth(1);
  const kept = () => server.ask(`select coalesce(string_agg(code || ' ' || version || ' ' || coalesce(reason, '-'), ', ' order by id), '')
    from period_mark where school_id = ${SCHOOL} and load_id = ${load}`);
  const made = (await end(0).innerText()).replace(/[()?]/g, '');
  expect(made).toMatch(/^[2-5]$/);
  // somebody else looks at the same journal
  const other = await as('deputy');
  await open(other, `/journal/${load}`);
  await expect(other.getByRole('grid')).not.toHaveAttribute('aria-busy', 'true');
  await grid.at(0, column).click();
  await page.keyboard.press('Alt+End');
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('radio').first()).toBeAttached();
  await expect(dialog.getByRole('radio', { name: new RegExp(`^${made},`) })).toBeFocused();
  expect(await violations(page)).toEqual([]);
  // a key of the scale chooses, Enter gives; the keyboard is back in the grid
  await page.keyboard.press(made);
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await expect(end(0)).toHaveText(made);
  await expect(grid.at(0, column)).toBeFocused();
  await expect(page.getByText(`за период поставлено ${made}`)).toBeVisible();
  expect(await kept()).toBe(`${made} 1 -`);
  await expect(end(0, other)).toHaveText(made, { timeout: 5_000 });
  // a whole mark from the proposed one: nothing is saved without a reason
  const far = made === '2' ? '4' : '2';
  await page.locator('.grid-ends .grid-end').first().locator('.grid-avg').nth(1).click();
  await expect(dialog.getByRole('radio', { name: new RegExp(`^${made},`) })).toBeFocused();
  await page.keyboard.press(far);
  await page.keyboard.press('Enter');
  await expect(dialog.getByLabel('Причина отличия')).toBeVisible();
  await expect(dialog).toBeVisible();
  await dialog.getByLabel('Причина отличия').fill('Пересдача');
  await dialog.getByRole('button', { name: 'Поставить и дальше' }).click();
  // on with the next pupil who has none
  await expect(dialog.getByRole('button', { name: 'Снять отметку' })).toBeHidden();
  await expect(end(0)).toHaveText(far);
  expect(await kept()).toBe(`${far} 2 Пересдача`);
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  // taken back
  await page.locator('.grid-ends .grid-end').first().locator('.grid-avg').nth(1).click();
  await expect(dialog.getByText('Пересдача').first()).toBeVisible();
  await dialog.getByRole('button', { name: 'Снять отметку' }).click();
  await expect(end(0)).toHaveText(/^\(/);
  const cleared = `select count(*) from audit_event where school_id = ${SCHOOL} and action = 'period_mark.cleared'`;
  expect(Number(await server.ask(cleared))).toBeGreaterThan(0);
  // whoever only reads sees how it is counted
  await other.locator('.grid-ends .grid-end').first().locator('.grid-avg').nth(1).click();
  await expect(other.getByRole('dialog').getByText('Как посчитано')).toBeVisible();
});

test('the mark of a period is typed at the end of its row like any other mark', async ({ as, server }) => {
  test.setTimeout(120_000);
  const load = await algebra(server);
  await server.sql(`delete from grading_minimum where school_id = ${SCHOOL}`);
  await server.sql(`delete from period_mark where school_id = ${SCHOOL}`);
  const page = await as('teacher');
  const grid = await Grid.open(page, server, load, 0, true);
  const end = (row: number) => page.locator(`.grid-body .grid-row[aria-rowindex="${row + 3}"] > .grid-avg`).nth(1);
  const pin = (row: number) => page.locator('.grid-ends > .grid-end').nth(row).locator('.grid-avg').nth(1);
  const proposed = async (row: number) => (await end(row).innerText()).replace(/[()?]/g, '');
  const child = await server.ask(`select pupil_id from enrolment e join pupil p on p.school_id = e.school_id and p.id = e.pupil_id
    join person n on n.id = p.person_id join class c on c.school_id = e.school_id and c.id = e.class_id
    where e.school_id = ${SCHOOL} and c.id = (select class_id from load_audience where school_id = ${SCHOOL} and load_id = ${load} limit 1)
    order by n.last_name, n.first_name limit 1`);
  const kept = () => server.ask(`select coalesce(max(coalesce(code, '-') || ' ' || version || ' ' || coalesce(reason, '-')), '')
    from period_mark where school_id = ${SCHOOL} and load_id = ${load} and pupil_id = ${child}`);
  const [first, second] = [await proposed(0), await proposed(1)];
  expect(first + second).toMatch(/^[2-5]{2}$/);
  // to the last lesson, and one further
  await page.keyboard.press('End');
  await expect(page.locator('.grid-body .grid-cell[data-active]')).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(end(0)).toBeFocused();
  await expect(pin(0)).toHaveAttribute('data-active', '');
  expect(await violations(page)).toEqual([]);
  // typed: given, and down; «=» takes what is proposed
  await page.keyboard.press(first);
  await expect(end(1)).toBeFocused();
  await expect(end(0)).toHaveText(first);
  await expect.poll(kept).toBe(`${first} 1 -`);
  await page.keyboard.press('=');
  await expect(end(2)).toBeFocused();
  await expect(end(1)).toHaveText(second);
  // what is on no scale is told and changes nothing
  await page.keyboard.press('7');
  await expect(end(2)).toBeFocused();
  await expect(page.locator('.grid-hint')).not.toBeEmpty();
  // a whole mark from the proposed one: the sheet opens with the typed mark, and with the question
  const far = first === '2' ? '4' : '2';
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press(far);
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('radio', { name: new RegExp(`^${far},`) })).toBeChecked();
  await expect(dialog.getByLabel('Причина отличия')).toBeFocused();
  expect(await violations(page)).toEqual([]);
  expect(await kept()).toBe(`${first} 1 -`);
  // left without an answer nothing is given, and the keyboard is where it was
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(end(0)).toBeFocused();
  await expect(end(0)).toHaveText(first);
  await page.keyboard.press(far);
  await dialog.getByLabel('Причина отличия').fill('Пересдача');
  await dialog.getByRole('button', { name: 'Поставить', exact: true }).click();
  await expect(dialog).toBeHidden();
  await expect(end(1)).toBeFocused();
  await expect(end(0)).toHaveText(far);
  expect(await kept()).toBe(`${far} 2 Пересдача`);
  // undo and redo: acts of their own, the reason comes back with its mark
  await page.keyboard.press('Control+z');
  await expect(end(0)).toBeFocused();
  await expect.poll(kept).toBe(`${first} 3 -`);
  await page.keyboard.press('Control+y');
  await expect.poll(kept).toBe(`${far} 4 Пересдача`);
  await expect(end(0)).toHaveText(far);
  // taken away
  await page.keyboard.press('Delete');
  await expect(end(0)).toHaveText(/^\(/);
  await expect.poll(kept).toBe('- 5 -');
  const events = `select string_agg(action, ' ' order by id) from audit_event where school_id = ${SCHOOL} and entity = 'period_mark'
    and entity_key like '${child}:%' and id > (select max(id) - 12 from audit_event where school_id = ${SCHOOL})`;
  expect(await server.ask(events)).toMatch(/period_mark.cleared$/);
  // Enter goes down and up as in other cells; the arrow leads back among the lessons
  await page.keyboard.press('Enter');
  await expect(end(1)).toBeFocused();
  await page.keyboard.press('Shift+Enter');
  await expect(end(0)).toBeFocused();
  await page.keyboard.press('ArrowLeft');
  await expect(page.locator('.grid-body .grid-cell[data-active]')).toBeFocused();
  expect((await grid.active()).row).toBe(0);
  await expect(pin(0)).not.toHaveAttribute('data-active', '');
});

test('marks of the period are selected, given, copied and taken back as a block', async ({ as, server }) => {
  const load = await algebra(server);
  await server.sql(`delete from grading_minimum where school_id = ${SCHOOL}; delete from period_mark where school_id = ${SCHOOL}`);
  const page = await as('teacher');
  await Grid.open(page, server, load, 0, true);
  const end = (row: number) => page.locator(`.grid-body .grid-row[aria-rowindex="${row + 3}"] > .grid-avg`).nth(1);
  const given = () => server.ask(`select count(*) from period_mark where school_id = ${SCHOOL} and load_id = ${load} and code is not null`);
  await page.keyboard.press('End');
  await expect(page.locator('.grid-body .grid-cell[data-active]')).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(end(0)).toBeFocused();
  for (let n = 0; n < 3; n += 1) await page.keyboard.press('Shift+ArrowDown');
  await expect(page.locator('.grid-body .grid-avg[aria-selected="true"]')).toHaveCount(4);
  // the proposed mark to each of them: one act
  await page.keyboard.press('=');
  await expect.poll(given).toBe('4');
  const marks: string[] = [];
  for (let n = 0; n < 4; n += 1) marks.push(await end(n).innerText());
  const copied = await page.evaluate(() => {
    const data = new DataTransfer();
    document.activeElement!.dispatchEvent(new ClipboardEvent('copy', { clipboardData: data, bubbles: true, cancelable: true }));
    return data.getData('text/plain');
  });
  expect(copied.split('\n')).toEqual(marks);
  const heard = () => expect(page.locator('.grid-body .grid-avg[data-state]')).toHaveCount(0);
  await heard();
  await page.keyboard.press('Control+z');
  await expect.poll(given).toBe('0');
  await heard();
  await page.keyboard.press('Control+y');
  await expect.poll(given).toBe('4');
  await heard();
  // cleared as a block, and back by one undo
  while (!(await end(0).evaluate((e) => e === document.activeElement))) await page.keyboard.press('ArrowUp');
  for (let n = 0; n < 3; n += 1) await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Delete');
  await expect.poll(given).toBe('0');
  await heard();
  await page.keyboard.press('Control+z');
  await expect.poll(given).toBe('4');
  await page.keyboard.press('ArrowDown');
  await expect(page.locator('.grid-avg[aria-selected="true"]')).toHaveCount(0);
});

test('all proposed marks of a column are given by one press and taken back by one; «н/а» is given with a reason and reaches the family', async ({ as, server }) => {
  test.setTimeout(90_000);
  const load = await algebra(server);
  const child = await pupil(server, 'Соколов', 'Артём');
  await server.sql(`delete from grading_minimum where school_id = ${SCHOOL}; delete from period_mark where school_id = ${SCHOOL}`);
  const page = await as('teacher');
  await open(page, `/journal/${load}/totals`);
  const mine = await cell(page, /Соколов Артём/);
  await mine.click();
  await expect(mine).toBeFocused();
  const column = await mine.getAttribute('aria-colindex');
  const proposed = await page.locator(`[role=gridcell][aria-colindex="${column}"] .tm-made > [aria-hidden]`).allInnerTexts();
  expect(proposed.length).toBeGreaterThan(10);
  const given = () => server.ask(`select coalesce(string_agg(code, '' order by code), 'none') from period_mark where school_id = ${SCHOOL} and load_id = ${load} and code is not null`);
  await page.getByRole('button', { name: 'Поставить предложенные в пустые' }).click();
  await expect.poll(given).toBe(proposed.map((text) => text.slice(0, 1)).sort().join(''));
  // one act: one undo
  await mine.click();
  await page.keyboard.press('Control+z');
  await expect.poll(given).toBe('none');

  // nobody is attested by an average: a reason is asked, and the family reads the mark
  await open(page, `/journal/${load}`);
  await expect(page.getByRole('grid')).not.toHaveAttribute('aria-busy', 'true');
  const line = await server.ask(`select count(*) + 1 from enrolment e join pupil p on p.school_id = e.school_id and p.id = e.pupil_id join person n on n.id = p.person_id
    where e.school_id = ${SCHOOL} and e.ends_on is null and e.class_id = (select class_id from load_audience where school_id = ${SCHOOL} and load_id = ${load} limit 1)
      and (n.last_name, n.first_name) < ('Соколов', 'Артём')`);
  await page.locator('.grid-ends > .grid-end').nth(Number(line) - 1).locator('.grid-avg').nth(1).click();
  const dialog = page.getByRole('dialog', { name: /Соколов Артём/ });
  await dialog.getByRole('radio', { name: /^н\/а/ }).check({ force: true });
  const reason = dialog.getByLabel('Причина отличия');
  await reason.waitFor({ timeout: 2_000 }).catch(() => undefined);
  if (await reason.isVisible()) await reason.fill('Болел всю четверть');
  await dialog.getByRole('button', { name: 'Поставить', exact: true }).click();
  await expect.poll(given).toBe('н/а');
  const parent = await as('parent');
  await open(parent, `/diary/${child}/subjects`);
  const subject = parent.getByRole('listitem').filter({ has: parent.getByRole('heading', { name: 'Алгебра', exact: true }) });
  await expect(subject.getByRole('list', { name: 'Итоговые отметки' })).toContainText('н/а');
});

test('on a phone the mark of a period is a tap on the end of the row', async ({ as, server }) => {
  const load = await journal(server, 5);
  await server.sql(`delete from period_mark where school_id = ${SCHOOL}`);
  const page = await as('teacher', PHONE);
  await open(page, `/journal/${load}`);
  await expect(page.getByRole('grid')).not.toHaveAttribute('aria-busy', 'true');
  const end = page.locator('.grid-body .grid-row[aria-rowindex="3"] .grid-avg').nth(1);
  await end.scrollIntoViewIfNeeded();
  await end.tap();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('radio', { name: /^5,/ }).check({ force: true });
  const reason = dialog.getByLabel('Причина отличия');
  await reason.waitFor({ timeout: 2_000 }).catch(() => undefined);
  if (await reason.isVisible()) await reason.fill('Олимпиада');
  expect(await violations(page)).toEqual([]);
  expect(await overflow(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Поставить', exact: true }).click();
  await expect(end).toHaveText('5');
});
