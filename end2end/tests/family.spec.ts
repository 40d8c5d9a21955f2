// What tells a family: a calendar for the phone, a question about a mark, notices.
import { violations } from '../support/axe';
import { algebra, pupil, SCHOOL } from '../support/places';
import { expect, open, PHONE, ready, test, TODAY } from '../support/test';

test('a parent takes the lessons into the calendar of the phone, and takes them back', async ({ as }) => {
  const page = await as('parent', PHONE);
  await open(page, '/diary');
  await page.getByRole('link', { name: 'Уроки в календаре телефона' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Уроки в календаре');
  await ready(page);
  await expect(page.getByText('Адресов пока нет')).toBeVisible();
  await page.getByRole('button', { name: 'Создать адрес' }).click();
  const field = page.getByLabel('Адрес календаря');
  await expect(field).toHaveValue(/^http.*\/feed\/[0-9a-f]{64}\.ics$/);
  expect(await violations(page)).toEqual([]);
  const address = await field.inputValue();
  await expect(page.getByRole('link', { name: 'Открыть в календаре' })).toHaveAttribute('href', address.replace(/^https?/, 'webcal'));

  // a program of its own, which has no cookie
  const calendar = await fetch(address);
  expect(calendar.status).toBe(200);
  expect(calendar.headers.get('content-type')).toBe('text/calendar; charset=utf-8');
  const text = await calendar.text();
  expect(text).toMatch(/^BEGIN:VCALENDAR\r\n/);
  expect(text).toContain('SUMMARY:Алгебра\r\n');
  const again = await fetch(address, { headers: { 'if-none-match': calendar.headers.get('etag')! } });
  expect(again.status).toBe(304);

  // shown once
  await page.reload();
  await ready(page);
  await expect(page.getByText(/Календарь обращался/)).toBeVisible();
  await expect(page.getByLabel('Адрес календаря')).toHaveCount(0);
  await page.getByRole('button', { name: /^Удалить адрес/ }).click();
  await expect(page.getByText('Адресов пока нет')).toBeVisible();
  expect((await fetch(address)).status).toBe(404);
});

test('a question about a mark is asked in the diary and answered in the journal', async ({ as, server }) => {
  // a mother has asked about a mark of algebra, which this teacher teaches
  const load = await algebra(server);
  const child = await pupil(server, 'Соколов', 'Артём');
  await server.sql(`delete from dispute_message where school_id = ${SCHOOL}`);
  await server.sql(`delete from dispute where school_id = ${SCHOOL}`);
  await server.sql(`
    with about as (
      select m.assignment_id, m.code, a.person_id from mark m
      join assignment w on w.school_id = m.school_id and w.id = m.assignment_id
      join lesson l on l.school_id = w.school_id and l.id = w.lesson_id, account a
      where m.school_id = ${SCHOOL} and m.pupil_id = ${child} and m.code is not null and l.load_id = ${load} and a.login = 'parent'
      order by l.held_on desc limit 1),
    asked as (
      insert into dispute (school_id, assignment_id, pupil_id, code, asked_by, asked_at, due_on)
      select ${SCHOOL}, assignment_id, ${child}, code, person_id, '${TODAY} 05:00Z', '${TODAY}'::date + 3 from about returning id, asked_by)
    insert into dispute_message (school_id, dispute_id, pupil_id, author_id, by_family, at, text)
    select ${SCHOOL}, id, ${child}, asked_by, true, '${TODAY} 05:00Z', 'Подскажите, пожалуйста, за что снижена отметка?' from asked`);
  // The database's clock runs today, the journeys live on a day of their own, and what is older than a day is told to nobody: that is an
  // import, not news. Here it is said to be news.
  await server.sql(`
    delete from notice where school_id = ${SCHOOL} and kind = 'dispute_answered';
    drop trigger audit_event_keeps_for_notices on audit_event;
    create trigger audit_event_keeps_for_notices after insert on audit_event for each row
      when (new.entity = 'dispute') execute function keep_for_notices()`);
  const teacher = await as('teacher');
  await open(teacher, '/journal');
  await expect(teacher.getByText(/вопрос об отметках ждёт ответа/)).toBeVisible();
  await teacher.getByRole('link', { name: 'Открыть', exact: true }).click();
  await expect(teacher.getByRole('heading', { level: 1 })).toHaveText('Вопросы об отметках');
  await ready(teacher);
  expect(await violations(teacher)).toEqual([]);
  await teacher.getByRole('link', { name: /Соколов/ }).click();
  await ready(teacher);
  await expect(teacher.getByText('за что снижена отметка')).toBeVisible();
  await teacher.getByLabel('Ваш ответ').fill('Ошибка в знаке. Разберём на консультации в четверг.');
  await teacher.getByRole('button', { name: 'Отправить' }).click();
  await expect(teacher.getByText('есть ответ')).toBeVisible();
  expect(await violations(teacher)).toEqual([]);

  // a minute later the family is told: nobody waits for it here, the entry is made older
  await expect.poll(() => server.ask(`select count(*) from notice_pending where school_id = ${SCHOOL} and entity = 'dispute'`)).toBe('1');
  await server.sql(`update notice_pending set at = at - interval '2 minutes' where school_id = ${SCHOOL} and entity = 'dispute'`);
  await expect
    .poll(() => server.ask(`select count(*) from notice where school_id = ${SCHOOL} and kind = 'dispute_answered' and pupil_id = ${child}`), { timeout: 20_000 })
    .toBe('1');
  const parent = await as('parent', PHONE);
  await open(parent, '/notices');
  await parent.getByRole('link', { name: /Учитель ответил на вопрос об отметке/ }).click();
  await ready(parent);
  await expect(parent.getByText('Разберём на консультации')).toBeVisible();
  expect(await violations(parent)).toEqual([]);
  await parent.getByRole('button', { name: 'Вопрос решён' }).click();
  await expect(parent.getByText('закрыт', { exact: true })).toBeVisible();
  // and another one, from the mark itself
  await open(parent, '/diary');
  await parent.getByRole('link', { name: 'Предметы' }).last().click();
  await expect(parent.getByRole('heading', { level: 1 })).toBeVisible();
  await parent.getByRole('button', { name: /: отметка/ }).first().click();
  await parent.locator(':popover-open').getByRole('link', { name: 'Спросить об этой отметке' }).click();
  await ready(parent);
  await parent.getByLabel('Ваш вопрос').fill('Можно ли пересдать?');
  await parent.getByRole('button', { name: 'Отправить' }).click();
  await expect(parent.getByText('ждёт ответа')).toBeVisible();
});

test('what a parent is told is chosen child by child', async ({ as }) => {
  const page = await as('parent', PHONE);
  await open(page, '/notices');
  await expect(page.getByRole('listitem').filter({ hasText: /^Отметка/ }).first()).toBeVisible();
  await page.getByRole('link', { name: 'Настроить' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('О чём сообщать');
  await ready(page);
  expect(await violations(page)).toEqual([]);
  const region = page.getByRole('region', { name: 'Артём' });
  await region.getByRole('checkbox', { name: 'Новая отметка: Здесь' }).uncheck();
  await expect(page.getByText('Сохранено')).toBeVisible();
  await open(page, '/notices');
  await expect(page.getByRole('listitem').filter({ hasText: 'Артём' }).filter({ hasText: /^Отметка/ })).toHaveCount(0);
});

test('a parent tells of an absence, the class teacher reads why, another teacher reads when', async ({ as }) => {
  const parent = await as('parent', PHONE);
  await open(parent, '/diary');
  await parent.getByRole('link', { name: 'Предупредить об отсутствии' }).click();
  await ready(parent);
  await expect(parent.getByText('Предупреждений нет')).toBeVisible();
  await parent.getByLabel('Причина').fill('Едем на соревнования');
  await parent.getByRole('button', { name: 'Предупредить' }).click();
  await expect(parent.getByText('Едем на соревнования')).toBeVisible();
  expect(await violations(parent)).toEqual([]);

  const leads = await as('classteacher');
  await open(leads, '/journal');
  const told = leads.getByRole('link', { name: /Соколов Артём.*Едем на соревнования/ });
  await expect(told).toBeVisible();
  await told.click();
  await ready(leads);
  await leads.getByRole('button', { name: /^Документ получен/ }).click();
  await expect(leads.getByText(/документ получен/)).toBeVisible();
  expect(await violations(leads)).toEqual([]);

  const teaches = await as('teacher');
  await open(teaches, '/journal');
  await expect(teaches.getByText('Соколов Артём')).toBeVisible();
  await expect(teaches.getByText('Едем на соревнования')).toHaveCount(0);
});
