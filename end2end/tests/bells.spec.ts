// «Звонки»: a deputy director copies a schedule, moves it by minutes and is told what of it breaks a norm; whoever takes a bell away hears first
// which lessons lie there; two people do not overwrite each other; a family reads.
import type { Page } from '@playwright/test';
import { expect, open, PHONE, test } from '../support/test';
import { overflow, violations } from '../support/axe';
import { SCHOOL } from '../support/places';
import type { Server } from '../support/programs';
import { LOCALE, words } from '../support/texts';

const PAGE = '/timetable/bells';
const card = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
const saved = (page: Page) => expect(page.locator('.toasts')).toContainText('Звонки сохранены', { timeout: 20_000 });
/** Lessons of a schedule: «1 08:30-09:00». */
const lessons = (server: Server, title: string) =>
  server.ask(`select coalesce(string_agg(b.number || ' ' || to_char(b.starts_at, 'HH24:MI') || '-' || to_char(b.ends_at, 'HH24:MI'), ', ' order by b.number), 'none')
    from bell b join bell_schedule s on s.school_id = b.school_id and s.id = b.schedule_id where s.school_id = ${SCHOOL} and s.title = '${title}'`);

test('a copy is moved by minutes, saved by keyboard, refused where lessons overlap, and removed', async ({ as, server, watch }) => {
  test.setTimeout(90_000);
  const page = await as('deputy', { viewport: { width: 1440, height: 900 } });
  await open(page, '/timetable');
  await page.getByRole('link', { name: 'Звонки', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Звонки' })).toBeVisible();
  const short = card(page, 'Сокращённые уроки');
  await expect(short).toContainText('Пока ни для кого');
  await expect(short).toContainText('08:30–09:00');
  await expect(short).toContainText('перемена 20 минут');
  await page.getByRole('button', { name: 'Сделать копию звонков «Сокращённые уроки»' }).click();
  await expect(page.getByLabel('Название')).toHaveValue('Сокращённые уроки, копия');
  await page.getByLabel('Название').fill('Предпраздничные');
  // from the third lesson on ten minutes later
  await page.getByRole('combobox', { name: 'Какие' }).selectOption({ label: 'С 3-го урока' });
  await page.getByLabel('На сколько минут').fill('10');
  await page.getByRole('button', { name: 'Позже', exact: true }).click();
  await expect(page.getByLabel('3-й урок: начало')).toHaveValue('10:10');
  await expect(page.getByLabel('2-й урок: начало')).toHaveValue('09:10');
  await page.getByRole('button', { name: 'Убрать 8-й урок' }).click();
  // nothing lies half under the head of the page
  await page.evaluate(() => scrollTo(0, 0));
  expect(await violations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Сохранить звонки' }).click();
  await saved(page);
  const now = () => lessons(server, 'Предпраздничные');
  expect(await now()).toMatch(/^1 08:30-09:00, 2 09:10-09:40, 3 10:10-10:40, .*, 7 13:00-13:30$/);
  // by keyboard alone: the button, a new title, Enter; the keyboard goes on from where it was
  const edit = page.getByRole('button', { name: 'Изменить звонки «Предпраздничные»' });
  await edit.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('Название')).toBeFocused();
  await page.keyboard.press('Control+A');
  await page.keyboard.type('Короткие дни');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Изменить звонки «Короткие дни»' })).toBeFocused({ timeout: 20_000 });
  expect(await lessons(server, 'Короткие дни')).toContain('3 10:10-10:40');
  // what is wrong is said and changes nothing
  await page.keyboard.press('Enter');
  await page.getByLabel('2-й урок: начало').fill('08:50');
  await page.getByRole('button', { name: 'Сохранить звонки' }).click();
  await expect(page.getByRole('alert')).toContainText('2-й урок начинается раньше, чем кончается 1-й');
  expect(await lessons(server, 'Короткие дни')).toContain('2 09:10-09:40');
  // whoever leaves is asked
  await page.getByRole('navigation', { name: 'Путь' }).getByRole('link', { name: 'Расписание' }).click();
  const question = page.getByRole('dialog', { name: 'Звонки не сохранены' });
  await question.getByRole('button', { name: 'Остаться' }).click();
  await page.getByRole('button', { name: 'Отмена', exact: true }).click();
  page.once('dialog', (dialog) => dialog.accept());
  await page.getByRole('button', { name: 'Удалить звонки «Короткие дни»' }).click();
  await expect(card(page, 'Короткие дни')).toHaveCount(0, { timeout: 20_000 });
  expect(await lessons(server, 'Короткие дни')).toBe('none');
  expect(await server.ask(`select string_agg(action, ' ' order by id) from audit_event where school_id = ${SCHOOL} and entity = 'bell_schedule'`))
    .toBe('bells.saved bells.saved bells.removed');
  watch.allow(/status of 422/);
});

test('a broken norm is told beside its line, and lessons that would lose their bell before it is saved; on a narrow window', async ({ as, server }) => {
  test.setTimeout(90_000);
  const page = await as('deputy', { ...PHONE, viewport: { width: 360, height: 740 } });
  await open(page, PAGE);
  await expect(card(page, 'Обычные звонки')).toContainText(/2–11 кл\.: Пн–Пт|2–11 кл\.: Пн–Сб/);
  expect(await overflow(page)).toEqual([]);
  await page.getByRole('button', { name: 'Изменить звонки «Обычные звонки»' }).click();
  await page.getByLabel('1-й урок: начало').fill('07:30');
  await expect(page.locator('.bl-remark').filter({ hasText: 'начинается раньше 8:00' })).toContainText('СП 2.4.3648-20');
  await expect(page.locator('.bl-remark').filter({ hasText: 'урок 105 мин' })).toBeVisible();
  await page.getByLabel('1-й урок: начало').fill('08:30');
  await expect(page.locator('.bl-remark').filter({ hasText: 'начинается раньше 8:00' })).toHaveCount(0);
  const monday = page.getByRole('checkbox', { name: '7-е классы, Пн' });
  await monday.tap();
  await expect(monday).not.toBeChecked();
  expect(await overflow(page)).toEqual([]);
  expect(await violations(page)).toEqual([]);
  const uses = () => server.ask(`select count(*) from bell_use where school_id = ${SCHOOL} and grade = 7 and weekday = 1`);
  const cards = () => server.ask(`select count(*) from card where school_id = ${SCHOOL} and day is not null`);
  const before = await cards();
  await page.getByRole('button', { name: 'Сохранить звонки' }).click();
  const question = page.getByRole('dialog', { name: 'Уроки останутся без звонка' });
  await expect(question).toContainText(/Пн, 1-й урок: сто(ит|ят) \d+ урок/);
  expect(await violations(page)).toEqual([]);
  await question.getByRole('button', { name: 'Вернуться к звонкам' }).click();
  await expect(question).toBeHidden();
  expect(await uses()).toBe('1');
  await page.getByRole('button', { name: 'Сохранить звонки' }).click();
  await question.getByRole('button', { name: 'Всё равно сохранить' }).click();
  await saved(page);
  expect([await uses(), await cards()]).toEqual(['0', before]);
  await server.sql(`insert into bell_use (school_id, year_id, grade, weekday, schedule_id)
    select school_id, year_id, grade, 1, schedule_id from bell_use where school_id = ${SCHOOL} and grade = 7 and weekday = 2`);
});

test('who was slower is told and keeps their own; in English, a weekday goes from one schedule to another', async ({ as, server, watch }) => {
  test.setTimeout(90_000);
  const say = (key: string, places: Record<string, string | number> = {}) => words('en').say('study', `bells.${key}`, places);
  for (const size of [{ width: 360, height: 740 }, { width: 1440, height: 900 }]) {
    const page = await as('deputy', { viewport: size, locale: LOCALE.en });
    await open(page, PAGE);
    await page.getByRole('button', { name: say('edit_of', { title: 'Сокращённые уроки' }) }).click();
    await page.getByRole('checkbox', { name: /Mon/ }).nth(6).check();
    await expect(page.locator('.bl-taken')).toContainText('Обычные звонки');
    await page.getByRole('checkbox', { name: /Mon/ }).nth(6).uncheck();
    await expect(page.locator('.bl-taken')).toHaveCount(0);
    await page.getByLabel(say('starts', { number: 1 })).fill('08:25');
    await server.sql(`update bell set ends_at = '08:59' where school_id = ${SCHOOL} and number = 1 and schedule_id = (
      select id from bell_schedule where school_id = ${SCHOOL} and title = 'Сокращённые уроки')`);
    watch.allow(/status of 409/);
    await page.getByRole('button', { name: say('save') }).click();
    await expect(page.getByRole('alert')).toContainText('your change was not written');
    await expect(page.getByText(say('now', { title: 'Сокращённые уроки' }))).toBeVisible();
    await expect(page.locator('details')).toContainText('08:30–08:59');
    await expect(page.getByLabel(say('starts', { number: 1 }))).toHaveValue('08:25');
    expect(await violations(page)).toEqual([]);
    expect(await overflow(page)).toEqual([]);
    await page.getByRole('button', { name: say('save') }).click();
    await expect(page.locator('.toasts')).toContainText(say('saved'), { timeout: 20_000 });
    expect(await lessons(server, 'Сокращённые уроки')).toMatch(/^1 08:25-09:00, /);
    await server.sql(`update bell set starts_at = '08:30', ends_at = '09:00' where school_id = ${SCHOOL} and number = 1 and schedule_id = (
      select id from bell_schedule where school_id = ${SCHOOL} and title = 'Сокращённые уроки')`);
  }
});

test('a family reads when lessons begin and changes nothing', async ({ as, watch }) => {
  const page = await as('parent');
  await open(page, PAGE);
  await expect(card(page, 'Обычные звонки')).toContainText('08:30–09:15');
  await expect(page.getByRole('main').getByRole('button')).toHaveCount(0);
  expect(await violations(page)).toEqual([]);
  // and whoever goes round the page is refused by the server
  watch.allow(/status of 40[34]/);
  const refused = await page.evaluate(async () => {
    const terms = { title: 'x', shift: 1, lessons: [{ number: 1, starts: '08:00:00', ends: '08:45:00' }], uses: [] };
    const body = JSON.stringify({ at: null, terms, others: [], known: [] });
    const answer = await fetch('/api/bells/save', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    return answer.status;
  });
  expect([403, 404]).toContain(refused);
});
