// What a search came to can be read again, compared with anything, and was searched as somebody wished it this time.
import { expect, open, test } from '../support/test';
import { overflow, violations } from '../support/axe';
import { copyOfDraft, Editor } from '../support/editor';
import { SCHOOL } from '../support/places';

for (const [where, viewport, colorScheme] of [
  ['wide', { width: 1440, height: 900 }, 'light'],
  ['on a phone, dark', { width: 360, height: 740 }, 'dark'],
] as const) {
  test(`this time fewer windows, for twelve seconds; the result says what it came from and is compared; ${where}`, async ({ as, server }) => {
    test.setTimeout(150_000);
    const page = await as('deputy', { viewport, colorScheme });
    const version = await copyOfDraft(server, `Взвесим ${where}`);
    await Editor.open(page, version);
    await page.getByRole('button', { name: 'Составить…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Составить расписание' });
    // the fold has what the school has
    await dialog.getByText('Пожелания этого поиска').click();
    const windows = dialog.getByRole('combobox', { name: 'Окна учителей' });
    await expect(windows).toHaveValue('rather');
    await windows.selectOption({ label: 'очень важно' });
    await expect(dialog).toContainText('изменено 1');
    await expect(dialog).toContainText(/у школы: желательно/i);
    await dialog.getByRole('radio', { name: 'Своё время' }).check({ force: true });
    const seconds = dialog.getByRole('spinbutton', { name: /Секунд/ });
    await expect(seconds).toHaveAttribute('min', '10');
    await expect(seconds).toHaveAttribute('max', '600');
    // the browser itself refuses what is too short
    await seconds.fill('9');
    await dialog.getByRole('button', { name: 'Составить' }).click();
    expect(await seconds.evaluate((field: HTMLInputElement) => field.validity.rangeUnderflow)).toBe(true);
    await seconds.fill('12');
    expect(await violations(page)).toEqual([]);
    expect(await overflow(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Составить' }).click();
    await expect(dialog).toContainText('Расписание составлено.', { timeout: 60_000 });
    await expect(dialog).toContainText(/Пожелания этого поиска.*Окна учителей — очень важно/);
    await expect(dialog.getByRole('region', { name: 'По правилам' }).getByRole('row').nth(1)).toContainText(/\d/);
    expect(await violations(page)).toEqual([]);
    expect(await overflow(page)).toEqual([]);
    // asked, done and written down so; the school's own wishes are as they were
    const run = `select seconds || ' ' || (wishes -> 0 ->> 'weight') from compose_run where school_id = ${SCHOOL} and version_id = ${version}`;
    expect(await server.ask(run)).toBe('12 very');
    for (const action of ['timetable.compose_asked', 'timetable.composed']) {
      const audit = `select new -> 'wishes' -> 0 ->> 'kind' from audit_event where school_id = ${SCHOOL} and action = '${action}' order by id desc limit 1`;
      expect(await server.ask(audit)).toBe('teacher_window');
    }
    expect(await server.ask(`select count(*) from requirement where school_id = ${SCHOOL} and kind = 'teacher_window'`)).toBe('0');

    // the result's own editor says what it was made of, and leads to the comparison
    await dialog.getByRole('link', { name: 'Открыть результат' }).click();
    await expect(page).not.toHaveURL(new RegExp(`/timetable/${version}$`));
    const from = page.getByRole('link', { name: 'Сравнить с исходным' });
    await expect(from).toBeVisible({ timeout: 20_000 });
    await expect(from).toHaveAttribute('title', `Составлено из «Взвесим ${where}»`);
    expect(await overflow(page)).toEqual([]);
    await from.click();
    await expect(page.getByRole('heading', { name: 'Сравнение расписаний' })).toBeVisible();
    const rules = page.getByRole('region', { name: 'По правилам' });
    await expect(rules.getByRole('row', { name: /Окна у учителей/i })).toBeVisible();
    await expect(page.getByRole('region', { name: 'Кому стало хуже и лучше' }).getByRole('row').nth(1)).toContainText(/→/);
    await expect(page.getByRole('list', { name: 'Стоят по-другому' }).getByRole('listitem').first()).toContainText(/ — .+ → /);
    await expect(page.locator('main')).toContainText(/Пожелания этого поиска.*Окна учителей/);
    expect(await violations(page)).toEqual([]);
    expect(await overflow(page)).toEqual([]);

    // and any two are compared from the list; the way back says the opposite
    await open(page, '/timetable');
    await page.getByRole('link', { name: `Сравнить с…: «Взвесим ${where}»` }).click();
    await expect(page.getByText('Выберите два разных расписания')).toBeVisible();
    await page.getByLabel('Стало', { exact: true }).selectOption({ index: 0 });
    await page.getByRole('button', { name: 'Сравнить', exact: true }).click();
    await expect(page).toHaveURL(/first=\d+&second=\d+/);
    await expect(page.getByRole('region', { name: 'Было и стало' })).toBeVisible();
  });
}

test('in English: the fold, the outcome and the comparison', async ({ as, server }) => {
  test.setTimeout(90_000);
  const page = await as('deputy', { locale: 'en-GB' });
  const version = await copyOfDraft(server, 'In English');
  await open(page, `/timetable/${version}`);
  await page.getByRole('button', { name: 'Compose…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Compose the timetable' });
  await dialog.getByText('Wishes of this search').click();
  await dialog.getByRole('radio', { name: 'Other', exact: true }).check({ force: true });
  await dialog.getByRole('spinbutton', { name: /Seconds/ }).fill('10');
  expect(await violations(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Compose', exact: true }).click();
  await expect(dialog).toContainText('The timetable is composed.', { timeout: 60_000 });
  await expect(dialog.getByRole('region', { name: 'Rule by rule' })).toBeVisible();
  expect(await violations(page)).toEqual([]);
});

test('why a card has no place after a search names the day that was to stay, and no chain moves anything of it', async ({ as, server }) => {
  test.setTimeout(120_000);
  const page = await as('deputy');
  const version = await copyOfDraft(server, 'Оставим вторник');
  // a lesson of a class on Tuesday; another of the class waits, and its teacher can come at that very hour only
  const whole = `from card k join load_audience a on a.school_id = k.school_id and a.load_id = k.load_id and a.subgroup_id is null
    join load_teacher t on t.school_id = k.school_id and t.load_id = k.load_id`;
  const [stays, at, waits, employee] = (await server.ask(`
    with here as (select k.id, k.day, k.slot, k.load_id, a.class_id, t.employee_id ${whole}
      where k.school_id = ${SCHOOL} and k.version_id = ${version} and k.duration = 1 and k.weeks = 'every' and k.day is not null)
    select x.id || '|' || x.slot || '|' || c.id || '|' || c.employee_id
    from here x join here c on c.class_id = x.class_id and c.employee_id <> x.employee_id and c.day <> 1
    where x.day = 1 and (select count(*) from load_audience a where a.school_id = ${SCHOOL} and a.load_id in (x.load_id, c.load_id)) = 2
      and not exists (select from here o where o.employee_id = c.employee_id and o.day = 1 and o.slot = x.slot)
    order by x.id, c.id limit 1`)).split('|');
  await server.sql(`
    delete from card k using load_teacher t where k.school_id = ${SCHOOL} and k.version_id = ${version} and k.id <> ${waits}
      and t.school_id = k.school_id and t.load_id = k.load_id and t.employee_id = ${employee};
    update card set day = null, slot = null, room_id = null where school_id = ${SCHOOL} and id = ${waits};
    insert into unavailability (school_id, year_id, employee_id, day, slot)
    select ${SCHOOL}, v.year_id, ${employee}, d, s from timetable_version v, generate_series(0, cardinality(v.day_names) - 1) d,
      generate_series(0, cardinality(v.slot_names) - 1) s
    where v.school_id = ${SCHOOL} and v.id = ${version} and (d, s) <> (1, ${at}) on conflict do nothing`);
  try {
    await Editor.open(page, version);
    await page.getByRole('button', { name: 'Составить…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Составить расписание' });
    await dialog.getByRole('radio', { name: /Выбранные дни и классы/ }).check();
    await dialog.getByRole('checkbox', { name: 'Вт' }).check();
    await dialog.getByRole('radio', { name: '10 секунд' }).check({ force: true });
    await dialog.getByRole('button', { name: 'Составить' }).click();
    await expect(dialog).toContainText('Поиск закончен. Без места остал', { timeout: 60_000 });
    const line = dialog.getByRole('list', { name: 'Остались без места' }).getByRole('listitem').first();
    await expect(line).toContainText('Или отпустите то, что велено оставить: день Вт', { timeout: 60_000 });
    expect(await violations(page)).toEqual([]);
    // and again, from a page that is loaded anew
    await Editor.open(page, version);
    await page.getByRole('button', { name: 'Составить…' }).click();
    await expect(line).toContainText('день Вт', { timeout: 60_000 });
    const made = await server.ask(`select result_id from compose_run where school_id = ${SCHOOL} and version_id = ${version}`);
    const lies = (of: string) => `select count(*) from card where school_id = ${SCHOOL} and version_id = ${of} and day = 1 and slot = ${at}
      and load_id = (select load_id from card where school_id = ${SCHOOL} and id = ${stays})`;
    expect(await server.ask(lies(made))).toBe(await server.ask(lies(version)));
  } finally {
    await server.sql(`delete from unavailability where school_id = ${SCHOOL} and employee_id = ${employee}`);
  }
});
