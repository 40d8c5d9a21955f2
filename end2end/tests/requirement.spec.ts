// «Требования и пожелания»: what a deputy director asks here, the editor's cells say; somebody's newer save is never lost.
import type { Page } from '@playwright/test';
import { expect, open, PHONE, test, ready, TODAY } from '../support/test';
import { overflow, violations } from '../support/axe';
import { copyOfDraft, Editor } from '../support/editor';
import { algebra, load, SCHOOL } from '../support/places';
import type { Server } from '../support/programs';

/** The teacher of algebra in 7А. */
async function mathematician(server: Server): Promise<string> {
  return server.ask(`select employee_id from load_teacher where school_id = ${SCHOOL} and load_id = ${await algebra(server)} limit 1`);
}

const PAGE = '/timetable/requirements';
const hour = (page: Page, day: number, slot: number) => page.locator(`[data-hour="${day}-${slot}"]`);
const saved = (page: Page) => expect(page.locator('.toasts')).toContainText('Сохранено', { timeout: 20_000 });
const kept = (server: Server, teacher: string) =>
  server.ask(`select coalesce(string_agg(day || '-' || slot || ' ' || weight, ', ' order by day, slot), '') from unavailability
    where school_id = ${SCHOOL} and employee_id = ${teacher}`);

test('hours painted by mouse and keyboard turn the cells of the editor red, with the reason', async ({ as, server }) => {
  const teacher = await mathematician(server);
  await server.sql(`delete from unavailability where school_id = ${SCHOOL} and employee_id = ${teacher}`);
  const page = await as('deputy');
  await open(page, '/timetable');
  await page.getByRole('link', { name: 'Требования' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Требования и пожелания' })).toBeVisible();
  // what the words mean stands on the page
  await expect(page.getByText('Иначе поставить нельзя')).toBeVisible();
  await open(page, `${PAGE}?part=teachers&of=${teacher}`);
  // the whole of Wednesday by its head, Friday's first two lessons by a stroke, Monday's first by keyboard
  await page.getByRole('button', { name: 'Закрасить целиком: Ср' }).click();
  await page.getByRole('radio', { name: /желательно/ }).check();
  const [from, to] = [await hour(page, 4, 0).boundingBox(), await hour(page, 4, 1).boundingBox()];
  await page.mouse.move(from!.x + 9, from!.y + 9);
  await page.mouse.down();
  await page.mouse.move(to!.x + 9, to!.y + 9, { steps: 4 });
  await page.mouse.up();
  await hour(page, 4, 0).focus();
  for (const key of ['Home', 'Enter']) await page.keyboard.press(key);
  await expect(hour(page, 0, 0)).toHaveAttribute('aria-label', /Пн, 1 урок: не ставить — желательно/);
  await expect(page.getByText('не сохранено')).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Сохранить часы' }).click();
  await saved(page);
  const slots = Number(await server.ask(`select cardinality(slot_names) from timetable_version where school_id = ${SCHOOL} and state = 'published' limit 1`));
  const wednesday = Array.from({ length: slots }, (_, n) => `2-${n} must`);
  expect(await kept(server, teacher)).toBe(['0-0 rather', ...wednesday, '4-0 rather', '4-1 rather'].join(', '));
  expect(await server.ask(`select count(*) from audit_event where school_id = ${SCHOOL} and entity = 'employee_hours' and entity_key = '${teacher}'`)).toBe('1');
  // lessons in force on hours that are closed now are named: nothing has moved them
  const struck = await server.ask(`select count(*) from card k join timetable_version v on v.school_id = k.school_id and v.id = k.version_id
    join load_teacher t on t.school_id = k.school_id and t.load_id = k.load_id and t.employee_id = ${teacher}
    where k.school_id = ${SCHOOL} and v.state = 'published' and date '${TODAY}' between v.valid_from and coalesce(v.valid_to, 'infinity') and k.day = 2`);
  expect(Number(struck)).toBeGreaterThan(0);
  const banner = page.getByRole('status').filter({ hasText: 'на закрытых часах' });
  await expect(banner.getByRole('listitem')).toHaveCount(Number(struck));
  await expect(banner.getByRole('listitem').first()).toContainText('Ср, ');
  expect(await violations(page)).toEqual([]);
  const editor = await Editor.open(page, await copyOfDraft(server, 'Часы учителя'));
  await editor.choose('Класс', '7А');
  await editor.tray.getByRole('button', { name: /Алгебра/ }).click();
  const free = page.locator('.tt-cell[data-at^="2-"][data-verdict="clash"]').filter({ hasText: 'Учитель не работает' });
  await expect(free.first()).toBeVisible();
  await expect(page.locator('.tt-cell[data-at^="2-"]:not([data-verdict="clash"])')).toHaveCount(0);
  await expect(page.locator('.tt-cell[data-at^="1-"]:not([data-verdict="clash"])').first()).toBeVisible();
});

test('«back» goes where it would have gone once nothing is lost by it', async ({ as, server }) => {
  const teacher = await mathematician(server);
  await server.sql(`delete from unavailability where school_id = ${SCHOOL} and employee_id = ${teacher}`);
  const page = await as('deputy');
  const question = page.getByRole('dialog', { name: 'Часы не сохранены' });
  const paint = async () => {
    await open(page, '/timetable');
    await open(page, `${PAGE}?part=teachers&of=${teacher}`);
    await hour(page, 1, 2).click();
    await expect(hour(page, 1, 2)).toHaveAttribute('data-weight', 'must');
  };
  await paint();
  await page.evaluate(() => history.back());
  await question.getByRole('button', { name: 'Уйти' }).click();
  await expect(page).toHaveURL(/\/timetable$/);
  // whoever leaves a page while its parts are on the way hears the browser complain
  await ready(page);
  expect(await server.ask(`select count(*) from unavailability where school_id = ${SCHOOL} and employee_id = ${teacher}`)).toBe('0');
  // saved: one press is enough, and nobody asks
  await paint();
  await page.getByRole('button', { name: 'Сохранить часы' }).click();
  await saved(page);
  await page.evaluate(() => history.back());
  await expect(page).toHaveURL(/\/timetable$/);
  expect(await kept(server, teacher)).toBe('1-2 must');
  await server.sql(`delete from unavailability where school_id = ${SCHOOL} and employee_id = ${teacher}`);
});

test('a weight and a limit are chosen, and two deputies do not overwrite each other; on a narrow window', async ({ as, server, watch }) => {
  test.setTimeout(120_000);
  const teacher = await mathematician(server);
  await server.sql(`delete from unavailability where school_id = ${SCHOOL} and employee_id = ${teacher}`);
  const page = await as('deputy', { ...PHONE, viewport: { width: 360, height: 740 } });
  await open(page, `${PAGE}?part=school`);
  const windows = page.getByRole('group', { name: /Окна учителей/ });
  await windows.getByLabel('Насколько важно').selectOption({ label: 'очень важно' });
  await windows.getByRole('button', { name: 'Сохранить' }).click();
  await saved(page);
  const weight = () => server.ask(`select coalesce(max(weight), 'usual') from requirement where school_id = ${SCHOOL} and kind = 'teacher_window'`);
  expect(await weight()).toBe('very');
  await windows.getByRole('button', { name: /Вернуть обычное/ }).click();
  await expect.poll(weight).toBe('usual');
  // a tap paints
  await open(page, `${PAGE}?part=teachers&of=${teacher}`);
  await hour(page, 1, 2).tap();
  await expect(hour(page, 1, 2)).toHaveAttribute('data-weight', 'must');
  expect(await overflow(page)).toEqual([]);
  expect(await violations(page)).toEqual([]);
  watch.allow(/status of 409/);
  // meanwhile the director paints another hour of the same teacher
  const other = await as('director');
  await open(other, `${PAGE}?part=teachers&of=${teacher}`);
  await hour(other, 3, 3).click();
  await other.getByRole('button', { name: 'Сохранить часы' }).click();
  await saved(other);
  await page.getByRole('button', { name: 'Сохранить часы' }).click();
  await expect(page.getByRole('alert')).toContainText('ваше изменение не записано');
  await expect(hour(page, 3, 3)).toHaveAttribute('data-weight', 'must');
  expect(await kept(server, teacher)).toBe('3-3 must');
  // one's own version is not lost
  await page.getByRole('button', { name: 'Вернуть мой вариант' }).click();
  await expect(hour(page, 1, 2)).toHaveAttribute('data-weight', 'must');
  await page.getByRole('button', { name: 'Сохранить часы' }).click();
  await saved(page);
  expect(await kept(server, teacher)).toBe('1-2 must');
});

test('a teacher looks at their own and changes nothing', async ({ as, server, watch }) => {
  const page = await as('teacher');
  await open(page, `${PAGE}?part=teachers`);
  await expect(page.getByRole('grid')).toHaveAttribute('aria-readonly', 'true');
  await expect(page.getByLabel('Учитель', { exact: true }).locator('option')).toHaveCount(1);
  await expect(page.getByRole('main').getByRole('button', { name: /Сохранить|Закрасить/ })).toHaveCount(0);
  await hour(page, 0, 0).click();
  await expect(hour(page, 0, 0)).not.toHaveAttribute('data-weight', /./);
  await page.getByRole('link', { name: 'Нормы' }).click();
  await expect(page.getByText('СанПиН 1.2.3685-21').first()).toBeVisible();
  expect(await violations(page)).toEqual([]);
  // and whoever goes round the page is refused by the server
  watch.allow(/status of 403/);
  const refused = await page.evaluate(async (teacher) => {
    const body = JSON.stringify({ who: { teacher }, seen: [], hours: [] });
    const answer = await fetch('/api/requirement/save_hours', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    return [answer.status, await answer.text()];
  }, Number(await mathematician(server)));
  expect(refused).toEqual([403, expect.stringContaining('forbidden')]);
});

test('a ban for a fortnight, a subgroup of its own, a subject on its day; and nothing painted is lost by going away', async ({ as, server }) => {
  test.setTimeout(120_000);
  const teacher = await mathematician(server);
  const group = await server.ask(`select min(g.id) from subgroup g join class c on c.school_id = g.school_id and c.id = g.class_id
    where g.school_id = ${SCHOOL} and c.name = '7А'`);
  await server.sql(`delete from unavailability where school_id = ${SCHOOL} and (employee_id = ${teacher} or subgroup_id = ${group})`);
  const page = await as('deputy');
  await open(page, `${PAGE}?part=teachers&of=${teacher}`);
  // for a time: what is painted for always stays apart
  await hour(page, 0, 0).click();
  await page.getByText('На время…').click();
  await page.getByLabel('С', { exact: true }).first().fill('2027-01-11');
  await page.getByLabel('По', { exact: true }).first().fill('2027-01-24');
  await page.getByRole('button', { name: 'Закрашивать на эти даты' }).click();
  await expect(hour(page, 0, 0)).not.toHaveAttribute('data-weight', /./);
  await page.getByRole('button', { name: 'Закрасить целиком: Вт' }).click();
  await expect(page.getByText(/с 11\.01\.2027 по 24\.01\.2027: Вт весь день — обязательно/).first()).toBeVisible();
  expect(await violations(page)).toEqual([]);
  // a link asks first; «Остаться» stays, and nothing is lost
  await page.getByRole('link', { name: 'Расписание', exact: true }).first().click();
  const question = page.getByRole('dialog', { name: 'Часы не сохранены' });
  await expect(question).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await question.getByRole('button', { name: 'Остаться' }).click();
  await expect(page).toHaveURL(new RegExp(`of=${teacher}$`));
  // so does the browser's «back», which no page can hold: staying keeps what is painted, and a second press asks again
  for (const answer of ['Остаться', 'Escape']) {
    await page.evaluate(() => history.back());
    await expect(question).toBeVisible();
    if (answer === 'Escape') await page.keyboard.press('Escape');
    else await question.getByRole('button', { name: answer }).click();
    await expect(question).toBeHidden();
    await expect(page).toHaveURL(new RegExp(`of=${teacher}$`));
    await expect(hour(page, 1, 0)).toHaveAttribute('data-weight', 'must');
  }
  // closing asks too, by the browser's own question
  let asked = '';
  page.once('dialog', (dialog) => {
    asked = dialog.type();
    void dialog.accept();
  });
  await page.reload();
  expect(asked).toBe('beforeunload');
  await expect(page.getByRole('grid')).toBeVisible();
  await expect(hour(page, 0, 0)).not.toHaveAttribute('data-weight', /./);
  // painted once more and saved: nobody asks any more
  await hour(page, 0, 0).click();
  await page.getByText('На время…').click();
  await page.getByLabel('По', { exact: true }).first().fill('2027-01-24');
  await page.getByRole('button', { name: 'Закрашивать на эти даты' }).click();
  await hour(page, 1, 1).click();
  await page.getByRole('button', { name: 'Сохранить часы' }).click();
  await saved(page);
  expect(await server.ask(`select string_agg(day || '-' || slot || ' ' || coalesce(valid_to::text, 'always'), ', ' order by day) from unavailability
    where school_id = ${SCHOOL} and employee_id = ${teacher}`)).toBe('0-0 always, 1-1 2027-01-24');
  // the part of a class
  await open(page, `${PAGE}?part=classes&of=group-${group}`);
  await hour(page, 4, 0).click();
  await page.getByRole('button', { name: 'Сохранить часы' }).click();
  await saved(page);
  expect(await server.ask(`select day || '-' || slot || ' ' || weight from unavailability where school_id = ${SCHOOL} and subgroup_id = ${group}`)).toBe('4-0 must');
  // a subject on its day and as the first lesson: the editor says why elsewhere is red
  const maths = await server.ask(`select id from subject where school_id = ${SCHOOL} and name = 'Алгебра'`);
  await open(page, `${PAGE}?part=subjects&of=${maths}`);
  const choose = async (name: RegExp, value: string) => {
    const row = page.getByRole('group', { name });
    await row.getByLabel('Значение').selectOption(value);
    await row.getByLabel('Насколько важно').selectOption({ label: 'обязательно' });
    await row.getByRole('button', { name: 'Сохранить' }).click();
  };
  try {
    await choose(/День недели — только/, '3');
    await saved(page);
    const version = await copyOfDraft(server, 'День предмета');
    const editor = await Editor.open(page, version);
    await editor.choose('Класс', '7А');
    await editor.tray.getByRole('button', { name: /Алгебра/ }).click();
    await expect(page.locator('.tt-cell[data-at^="2-"]:not([data-verdict="clash"])')).toHaveCount(0);
    await expect(page.locator('.tt-cell[data-at^="2-"][data-verdict="clash"]').filter({ hasText: 'Не время предмета' }).first()).toBeVisible();
    await expect(page.locator('.tt-cell[data-at^="3-"]').filter({ hasText: 'Не время предмета' })).toHaveCount(0);
  } finally {
    await server.sql(`delete from requirement where school_id = ${SCHOOL} and subject_id = ${maths};
      delete from unavailability where school_id = ${SCHOOL} and (employee_id = ${teacher} or subgroup_id = ${group})`);
  }
});

test('lessons of two loads, one right after the other: saved as it is offered, said by the review and in a cell', async ({ as, server }) => {
  test.setTimeout(120_000);
  // algebra of 7А lies in the tray whole: geometry is placed
  const [one, other] = [await load(server, 'Геометрия', '7А'), await load(server, 'Физика', '7А')];
  const subject = await server.ask(`select subject_id from teaching_load where school_id = ${SCHOOL} and id = ${one}`);
  const rows = () =>
    server.ask(`select coalesce(string_agg(kind || ' ' || weight || ' ' || load_id || '-' || other_load_id, ', '), 'none')
      from requirement where school_id = ${SCHOOL} and other_load_id is not null`);
  const page = await as('deputy', { ...PHONE, viewport: { width: 360, height: 740 } });
  await open(page, `${PAGE}?part=subjects&of=${subject}`);
  await page.getByLabel('Кому', { exact: true }).selectOption(one);
  await page.getByLabel('С какими уроками').selectOption(other);
  const after = page.getByRole('group', { name: /^Сразу друг за другом/ });
  // the usual weight needs no second thought
  await after.getByRole('button', { name: 'Сохранить' }).click();
  await saved(page);
  expect(await rows()).toBe(`loads_right_after very ${one}-${other}`);
  const known = page.getByRole('group', { name: /^Вместе с другими уроками/ }).locator('ul').first();
  await expect(known).toContainText('Сразу друг за другом');
  await expect(known).toContainText('Физика');
  expect(await violations(page)).toEqual([]);
  expect(await overflow(page)).toEqual([]);
  await after.getByLabel('Насколько важно').selectOption({ label: 'желательно' });
  await after.getByRole('button', { name: 'Сохранить' }).click();
  await expect.poll(rows).toBe(`loads_right_after rather ${one}-${other}`);
  const version = await copyOfDraft(server, 'Друг за другом');
  await server.sql(`update card set day = null, slot = null, room_id = null where school_id = ${SCHOOL} and id =
    (select min(id) from card where school_id = ${SCHOOL} and version_id = ${version} and load_id = ${other})`);
  const wide = await as('deputy');
  const editor = await Editor.open(wide, version);
  await editor.choose('Класс', '7А');
  await wide.getByRole('button', { name: /Проверка/ }).click();
  await expect(wide.getByText(/школа просит ставить (прямо перед|сразу после): /).first()).toBeAttached();
  await wide.keyboard.press('Escape');
  await editor.tray.getByRole('button', { name: /Физика/ }).first().click();
  await expect(editor.panel).toContainText(/школа просит ставить (прямо перед|сразу после): /);
  await wide.close();
  await after.getByRole('button', { name: 'Убрать: Сразу друг за другом' }).click();
  await expect.poll(rows).toBe('none');
});

test('lessons that are never at once and lessons that end the day: saved as they are offered, and taken back', async ({ as, server }) => {
  test.setTimeout(120_000);
  const [one, other] = [await load(server, 'Геометрия', '7А'), await load(server, 'Физика', '7А')];
  const subject = await server.ask(`select subject_id from teaching_load where school_id = ${SCHOOL} and id = ${one}`);
  const rows = () =>
    server.ask(`select coalesce(string_agg(kind || ' ' || weight, ', ' order by kind), 'none')
      from requirement where school_id = ${SCHOOL} and kind in ('loads_apart', 'subject_ends_day')`);
  const page = await as('deputy', { ...PHONE, viewport: { width: 360, height: 740 } });
  await open(page, `${PAGE}?part=subjects&of=${subject}`);
  await page.getByLabel('Кому', { exact: true }).selectOption(one);
  const last = page.getByRole('group', { name: /^Последним уроком дня/ });
  await last.getByRole('button', { name: 'Сохранить' }).click();
  await saved(page);
  expect(await rows()).toBe('subject_ends_day very');
  await page.getByLabel('С какими уроками').selectOption(other);
  const apart = page.getByRole('group', { name: /^Не в одно время/ });
  await apart.getByRole('button', { name: 'Сохранить' }).click();
  await expect.poll(rows).toBe('loads_apart must, subject_ends_day very');
  expect(await violations(page)).toEqual([]);
  expect(await overflow(page)).toEqual([]);
  await last.getByRole('button', { name: 'Убрать: Последним уроком дня' }).click();
  await expect.poll(rows).toBe('loads_apart must');
  await apart.getByRole('button', { name: 'Убрать: Не в одно время' }).click();
  await expect.poll(rows).toBe('none');
});

test('one row for all teachers, one for the fifth to ninth grades, and a rule switched off; on a narrow window', async ({ as, server }) => {
  test.setTimeout(120_000);
  const teacher = await mathematician(server);
  const clear = () => server.sql(`delete from requirement where school_id = ${SCHOOL} and (employee_id = ${teacher} and kind = 'teacher_windows_a_week'
    or employee_id is null and class_id is null and subject_id is null and load_id is null)`);
  await clear();
  const row = (kind: string) =>
    server.ask(`select coalesce(string_agg(coalesce(value::text, '-') || ' ' || weight || ' ' || coalesce(grade_from || '-' || grade_to, 'all'), ', '), 'none')
      from requirement where school_id = ${SCHOOL} and kind = '${kind}' and employee_id is null and class_id is null`);
  const page = await as('deputy', { ...PHONE, viewport: { width: 360, height: 740 } });
  try {
    await open(page, `${PAGE}?part=school`);
    const teachers = page.getByRole('region', { name: 'Всем учителям' }).getByRole('group', { name: /^Окон в неделю/ });
    await teachers.getByLabel('Значение').selectOption('2');
    await teachers.getByRole('button', { name: 'Сохранить' }).click();
    await saved(page);
    expect(await row('teacher_windows_a_week')).toBe('2 rather all');
    // by keyboard: the grades are chosen, and the row is theirs
    const classes = page.getByRole('region', { name: 'Всем классам' });
    await page.getByLabel('Каким классам').selectOption({ label: '5–9 кл.' });
    const windows = classes.getByRole('group', { name: /^Окон в день/ });
    await windows.getByLabel('Значение').selectOption('0');
    await windows.getByLabel('Насколько важно').selectOption({ label: 'обязательно' });
    await windows.getByRole('button', { name: 'Сохранить' }).focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => row('class_windows_a_day')).toBe('0 must 5-9');
    await expect(classes.getByText(/5–9 кл\.: Окон в день — не больше: 0 — обязательно/)).toBeVisible();
    expect(await violations(page)).toEqual([]);
    expect(await overflow(page)).toEqual([]);
    // whoever has no row of their own reads what holds; their own goes before it
    await open(page, `${PAGE}?part=teachers&of=${teacher}`);
    const own = page.getByRole('group', { name: /^Окон в неделю/ });
    await expect(own).toContainText('У всех учителей — 2, желательно');
    await own.getByLabel('Значение').selectOption('4');
    await own.getByRole('button', { name: 'Сохранить' }).click();
    await saved(page);
    await expect(own).not.toContainText('У всех учителей');
    // a rule that no text of the law has confirmed is left out
    await open(page, `${PAGE}?part=norms`);
    const peak = page.getByRole('group', { name: /^Самые трудные дни/ }).first();
    await peak.getByLabel('Насколько важно').selectOption({ label: 'не учитывать' });
    await peak.getByRole('button', { name: 'Сохранить' }).click();
    await expect.poll(() => row('peak_days')).toMatch(/^- off \d+-\d+$/);
    await expect(page.getByText('Облегчённый день в середине недели: Ср, Чт').first()).toBeVisible();
    expect(await violations(page)).toEqual([]);
    expect(await overflow(page)).toEqual([]);
  } finally {
    await clear();
  }
});
