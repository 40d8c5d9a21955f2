// A homework with everything: minutes against the day's limit while one types, a link, a file that is seen on its way and opened by the
// family, something for one pupil only; an assessment work planned, approved, seen in the diary; a lesson at a distance.
import { expect, open, PHONE, test, TODAY } from '../support/test';
import { violations } from '../support/axe';
import { algebra, SCHOOL } from '../support/places';
import type { Server } from '../support/programs';

/** The parent's child, and the last algebra lesson held in its class. */
async function lesson(server: Server): Promise<{ load: string; lesson: string; pupil: string }> {
  const load = await algebra(server);
  const [[id]] = await server.sql(`
    select id from lesson where school_id = ${SCHOOL} and load_id = ${load} and state = 'held' and held_on < '${TODAY}'
    order by held_on desc, slot desc limit 1`);
  const [[pupil]] = await server.sql(`
    select p.id from pupil p join guardianship g on g.ward_id = p.person_id join account a on a.person_id = g.guardian_id
    join enrolment e on e.school_id = p.school_id and e.pupil_id = p.id
    join load_audience u on u.school_id = p.school_id and u.class_id = e.class_id and u.load_id = ${load}
    where p.school_id = ${SCHOOL} and a.login = 'parent' limit 1`);
  return { load: String(load), lesson: String(id), pupil: String(pupil) };
}

test('a teacher gives it all, the family opens it', async ({ as, server, watch }) => {
  const { load, lesson: id, pupil } = await lesson(server);
  const page = await as('teacher');
  await open(page, `/journal/${load}?lesson=${id}`);
  const sheet = page.getByRole('dialog');
  await expect(sheet).toBeVisible();
  await sheet.getByLabel('Домашнее задание').fill('№ 5, карточка во вложении');
  await expect(sheet.locator('#lesson-day').getByText(/Уже задано на .+ из (150|105) минут/)).toBeVisible();
  await sheet.locator('#lesson-minutes').fill('600');
  await expect(sheet.locator('#lesson-day').getByText(/на \d+ больше нормы/)).toBeVisible();
  await sheet.locator('#lesson-minutes').fill('20');
  const links = sheet.locator('#lesson-links');
  await links.fill('http://resh.edu.ru');
  await expect(sheet.getByText(/Это не ссылка/)).toBeVisible();
  await links.fill('https://resh.edu.ru/subject/lesson/1234/');
  await expect(sheet.getByText(/Это не ссылка/)).toBeHidden();
  await sheet.getByRole('button', { name: 'Сохранить', exact: true }).first().click();
  await expect(sheet.getByText('Записано')).toBeVisible();

  // what lies about itself is refused in words; a PDF is taken
  const file = sheet.getByLabel('Добавить файл').first();
  watch.allow(/422/);
  await file.setInputFiles({ name: 'карточка.pdf', mimeType: 'application/pdf', buffer: Buffer.from('<script>alert(1)</script>') });
  await expect(sheet.getByText(/имя файла говорит другое/)).toBeVisible();
  await file.setInputFiles({ name: 'карточка.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n1 0 obj\n') });
  await expect(sheet.getByRole('link', { name: 'карточка.pdf' })).toBeVisible();
  expect.soft(await violations(page), 'axe: the sheet of a lesson').toEqual([]);

  // for one pupil only
  const [[name]] = await server.sql(`select n.last_name || ' ' || n.first_name from pupil p join person n on n.id = p.person_id where p.school_id = ${SCHOOL} and p.id = ${pupil}`);
  await sheet.getByText('Задать отдельным ученикам').click();
  await sheet.locator('#individual-0-homework').fill('Повторить формулы');
  await sheet.getByRole('checkbox', { name: String(name) }).check();
  await sheet.getByRole('button', { name: 'Добавить', exact: true }).first().click();
  await expect(sheet.locator('summary').filter({ hasText: 'Повторить формулы' })).toBeVisible();

  const phone = await as('parent', PHONE);
  const [[due]] = await server.sql(`
    select min(n.held_on)::text from lesson l join lesson n on n.school_id = l.school_id and n.load_id = l.load_id and n.held_on > l.held_on
    where l.school_id = ${SCHOOL} and l.id = ${id} and n.state <> 'cancelled'`);
  const [[monday]] = await server.sql(`select date_trunc('week', '${due}'::date)::date::text`);
  await open(phone, `/diary/${pupil}/${monday}`);
  await expect(phone.getByText('№ 5, карточка во вложении').first()).toBeVisible();
  await expect(phone.getByText('Повторить формулы').first()).toBeVisible();
  await expect(phone.getByRole('link', { name: /resh\.edu\.ru\/subject\/lesson\/1234/ }).first()).toHaveAttribute('href', 'https://resh.edu.ru/subject/lesson/1234/');
  const download = phone.waitForEvent('download');
  await phone.getByRole('link', { name: 'карточка.pdf' }).first().click();
  expect((await download).suggestedFilename()).toBe('карточка.pdf');
  expect.soft(await violations(phone), 'axe: the diary').toEqual([]);
});

test('a test is planned, approved and seen; a lesson is joined from home', async ({ as, server }) => {
  const { load, pupil } = await lesson(server);
  await server.sql(`delete from assessment where school_id = ${SCHOOL}`);
  const page = await as('teacher');
  await open(page, `/assessments/${load}`);
  await page.getByLabel('Тема работы').fill('Линейная функция');
  await expect(page.locator('#assessment-against')).not.toBeEmpty();
  const offered = page.getByRole('group', { name: 'Ближайшие свободные дни:' }).getByRole('button').first();
  if (await offered.isVisible()) await offered.click();
  expect.soft(await violations(page), 'axe: planning').toEqual([]);
  await page.getByRole('button', { name: 'Сохранить', exact: true }).click();
  await expect(page.getByText('Работа ждёт решения завуча')).toBeVisible();
  await expect(page.getByRole('heading', { name: /Линейная функция/ })).toBeVisible();

  const deputy = await as('deputy');
  // a second one the next week is too near: where that stands, since when, and that nobody has laid the letter beside it
  await server.sql(`insert into assessment (school_id, load_id, held_on, slot, work_type_id, title, minutes, whole_class, planned_by, planned_at)
    select school_id, load_id, held_on + 7, slot, work_type_id, 'Вторая работа', minutes, whole_class, planned_by, planned_at
    from assessment where school_id = ${SCHOOL} and load_id = ${load}`);
  await open(deputy, '/assessments?grade=7');
  const remark = deputy.getByRole('listitem').filter({ hasText: 'Вторая работа' }).locator('.norm').filter({ hasText: '2,5 недели' });
  await expect(remark.locator('cite')).toContainText('действует с 6 августа 2021 (проверьте по тексту документа)');
  await server.sql(`delete from assessment where school_id = ${SCHOOL} and title = 'Вторая работа'`);
  await open(deputy, '/assessments?grade=7');
  expect.soft(await violations(deputy), 'axe: the schedule').toEqual([]);
  await deputy.getByRole('button', { name: /^В график: .*Линейная функция/ }).click();
  await expect(deputy.getByText('Работа в графике.')).toBeVisible();
  const download = deputy.waitForEvent('download');
  await deputy.getByRole('link', { name: 'Скачать для сайта (CSV)' }).click();
  expect((await download).suggestedFilename()).toBe('График оценочных процедур.csv');

  // the class learns from home today
  await open(deputy, '/distance');
  const [[name]] = await server.sql(`select c.name from class c join load_audience u on u.school_id = c.school_id and u.class_id = c.id where u.school_id = ${SCHOOL} and u.load_id = ${load}`);
  await deputy.getByLabel('Класс', { exact: true }).selectOption({ label: String(name) });
  await deputy.getByLabel('Ссылка').fill('https://meet.example/7a');
  await deputy.getByRole('button', { name: 'Перевести' }).click();
  await expect(deputy.getByText('семьи видят это в дневнике')).toBeVisible();
  expect.soft(await violations(deputy), 'axe: days at a distance').toEqual([]);

  const [[when]] = await server.sql(`select held_on::text from assessment where school_id = ${SCHOOL} and load_id = ${load}`);
  const phone = await as('parent', PHONE);
  const [[near]] = await server.sql(`select ('${when}'::date <= '${TODAY}'::date + 21)::text`);
  await open(phone, `/diary/${pupil}`);
  if (near === 'true') await expect(phone.getByRole('region', { name: 'Впереди работы' }).getByText(/Линейная функция/)).toBeVisible();
  await expect(phone.getByRole('link', { name: /Подключиться к уроку/ }).first()).toHaveAttribute('href', 'https://meet.example/7a');
  expect.soft(await violations(phone), 'axe: the diary').toEqual([]);
});

test('homework for some pupils is given without a network, and goes when it is back', async ({ as, server, watch }) => {
  watch.allow(/net::ERR|Failed to fetch/);
  const { load, lesson: id } = await lesson(server);
  const page = await as('teacher');
  await open(page, `/journal/${load}?lesson=${id}`);
  const sheet = page.getByRole('dialog');
  await expect(sheet.getByRole('heading', { name: 'Индивидуальные задания' })).toBeVisible();
  await page.context().setOffline(true);
  await sheet.getByText('Задать отдельным ученикам').click();
  const form = sheet.locator('form').filter({ has: page.locator('.hw-pupils') }).last();
  await form.getByRole('checkbox').first().check();
  await form.locator('#individual-0-homework').fill('Без сети: повторить формулы');
  await form.getByRole('button', { name: 'Добавить' }).click();
  const waits = sheet.getByRole('listitem').filter({ hasText: 'Без сети: повторить формулы' });
  await expect(waits).toContainText('Ждёт отправки');
  expect.soft(await violations(page), 'axe: waiting').toEqual([]);
  const kept = () => server.ask(`select count(*) from individual_homework where school_id = ${SCHOOL} and lesson_id = ${id} and text like 'Без сети%'`);
  expect(await kept()).toBe('0');
  await page.context().setOffline(false);
  await expect.poll(kept, { timeout: 20_000 }).toBe('1');
  await expect(waits).toHaveCount(0);
  await expect(sheet.locator('summary').filter({ hasText: 'Без сети: повторить формулы' })).toBeVisible();
});

test('an address or a file is a homework too, and emptied words take no file with them', async ({ as, server }) => {
  const { load, lesson: id } = await lesson(server);
  await server.sql(`delete from homework where school_id = ${SCHOOL} and lesson_id = ${id}`);
  const page = await as('teacher');
  await open(page, `/journal/${load}?lesson=${id}`);
  const sheet = page.getByRole('dialog');
  await expect(sheet.getByLabel('Добавить файл').first()).toBeVisible();
  const save = () => sheet.getByRole('button', { name: 'Сохранить', exact: true }).first().click();
  /** Words, addresses and files of the lesson's homework. */
  const stored = () => server.ask(`select coalesce((
    select h.text || '|' || cardinality(h.links) || '|' || (select count(*) from homework_file f where f.school_id = h.school_id and f.homework_id = h.id)
    from homework h where h.school_id = ${SCHOOL} and h.lesson_id = ${id}), 'none')`);
  // minutes alone tell nobody what to do: neither kept nor swallowed
  await sheet.locator('#lesson-minutes').fill('20');
  await save();
  await expect(sheet.getByText(/Непонятно, что сделать/)).toBeVisible();
  await expect(sheet.locator('#lesson-minutes')).toHaveValue('20');
  expect(await stored()).toBe('none');
  await sheet.locator('#lesson-links').fill('https://resh.edu.ru/subject/lesson/1234/');
  await save();
  await expect.poll(stored).toBe('|1|0');
  await sheet.getByLabel('Добавить файл').first().setInputFiles({ name: 'карточка.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n1 0 obj\n') });
  await expect(sheet.getByRole('link', { name: 'карточка.pdf' })).toBeVisible();
  await expect.poll(stored).toBe('|1|1');
  // without words and addresses the file is the homework; it goes when that is said, with its number
  const remove = sheet.getByRole('button', { name: 'Убрать задание вместе с 1 файлом' });
  await expect(remove).toHaveCount(0);
  await sheet.locator('#lesson-links').fill('');
  await expect(remove).toBeVisible();
  expect.soft(await violations(page), 'axe: only a file is left').toEqual([]);
  await save();
  await expect.poll(stored).toBe('|0|1');
  await expect(sheet.getByRole('link', { name: 'карточка.pdf' })).toBeVisible();
  await remove.click();
  await expect.poll(stored).toBe('none');
  await expect(sheet.getByRole('link', { name: 'карточка.pdf' })).toHaveCount(0);
  const told = await server.ask(`select count(*) from audit_event where school_id = ${SCHOOL} and action = 'homework.file_removed' and old ->> 'lesson' = '${id}'`);
  expect(told).toBe('1');
});
