// Attendance: the class teacher sets the reason of an illness for its days and takes it back; an exemption is seen in the journal; a
// parent acknowledges a week without scripts; the teacher reads who has seen a mark.
import { expect, open, PHONE, ready, test, TODAY } from '../support/test';
import { overflow, violations } from '../support/axe';
import { emptied, held } from '../support/grid';
import { algebra, classCalled, pupil, SCHOOL } from '../support/places';

test('a reason is set for the days of an illness, seen in the journal, and taken back', async ({ as, server }) => {
  const load = await algebra(server);
  const lesson = await held(server, load, 1);
  const child = await pupil(server, 'Соколов', 'Артём');
  await server.sql(`insert into attendance (school_id, lesson_id, pupil_id, code, changed_by, changed_at)
    select ${SCHOOL}, ${lesson}, ${child}, 'н', 12, '${TODAY} 05:00Z'
    on conflict (school_id, lesson_id, pupil_id) do update set code = 'н', version = attendance.version + 1`);
  const on = await server.ask(`select held_on from lesson where school_id = ${SCHOOL} and id = ${lesson}`);
  const leads = await as('classteacher');
  await open(leads, '/journal');
  await leads.getByRole('link', { name: 'Посещаемость' }).click();
  await leads.getByRole('link', { name: /^7А/ }).click();
  await expect(leads.getByRole('heading', { level: 1, name: 'Посещаемость: 7А' })).toBeVisible();
  await ready(leads);
  expect.soft(await violations(leads), 'axe: attendance').toEqual([]);
  // one press fills the form in and shows what would change
  await leads.getByRole('link', { name: /^Указать причину: Соколов Артём/ }).first().click();
  await expect(leads).toHaveURL(/pupil=/);
  await ready(leads);
  const form = leads.getByRole('region', { name: 'Поставить причину за дни' });
  await form.getByLabel('С какого дня').fill(on);
  await form.getByLabel('По какой день').fill(on);
  await form.getByLabel('Номер').fill('17-а');
  await form.getByRole('button', { name: 'Показать, что изменится' }).click();
  await expect(form.getByText('н → б').first()).toBeVisible();
  await form.getByRole('button', { name: /^Поставить причину/ }).click();
  await expect(leads.getByText(/^Причина проставлена/)).toBeVisible();
  await expect.poll(() => server.ask(`select code from attendance where lesson_id = ${lesson} and pupil_id = ${child}`)).toBe('б');
  const set = leads.getByRole('region', { name: 'Проставленные причины' }).getByRole('listitem').filter({ hasText: '17-а' });
  await expect(set).toContainText('Соколов Артём');
  expect.soft(await violations(leads), 'axe: a reason was set').toEqual([]);
  await set.getByRole('button', { name: /^Отменить/ }).click();
  await expect(leads.getByText(/^Отменено/)).toBeVisible();
  await expect.poll(() => server.ask(`select code from attendance where lesson_id = ${lesson} and pupil_id = ${child}`)).toBe('н');
});

test('a paper that comes when the period is closed: the class teacher asks, is let in, and sets the reason', async ({ as, server }) => {
  const load = await algebra(server);
  const lesson = await held(server, load, 2);
  const child = await pupil(server, 'Соколов', 'Артём');
  const code = () => server.ask(`select code from attendance where school_id = ${SCHOOL} and lesson_id = ${lesson} and pupil_id = ${child}`);
  await server.sql(`insert into attendance (school_id, lesson_id, pupil_id, code, changed_by, changed_at)
    select ${SCHOOL}, ${lesson}, ${child}, 'н', 12, '${TODAY} 05:00Z'
    on conflict (school_id, lesson_id, pupil_id) do update set code = 'н', version = attendance.version + 1`);
  const on = await server.ask(`select held_on from lesson where school_id = ${SCHOOL} and id = ${lesson}`);
  const period = `school_id = ${SCHOOL} and '${on}' between starts_on and ends_on and system_id in (select p.period_system_id from parallel p
    join class c on c.school_id = p.school_id and c.year_id = p.year_id and c.grade = p.grade where c.school_id = ${SCHOOL} and c.id = ${await classCalled(server, '7А')})`;
  await server.sql(`update period set locked_at = '2026-01-01', lock_reason = 'Отметки сданы' where ${period}`);
  const [leads, deputy] = [await as('classteacher'), await as('deputy')];
  const show = async () => {
    await open(leads, `/attendance/${await classCalled(server, '7А')}?pupil=${child}&from=${on}`);
    return leads.getByRole('region', { name: 'Поставить причину за дни' });
  };
  try {
    let form = await show();
    await expect(form.getByText('период закрыт').first()).toBeVisible();
    await form.getByText('Период закрыт. Попросить исправить…').click();
    await form.getByLabel('Что и почему нужно исправить').fill('Справку принесли после каникул');
    await form.getByRole('button', { name: 'Отправить запрос' }).click();
    await expect(form.getByText(/^Запрос отправлен завучу/)).toBeVisible();
    // nothing half under the bar
    await leads.evaluate(() => scrollTo(0, 0));
    expect.soft(await violations(leads), 'axe: a question about reasons').toEqual([]);
    await open(deputy, '/journal/periods');
    const question = deputy.getByRole('region', { name: 'Запросы на исправление' }).getByRole('listitem').filter({ hasText: 'Причины пропусков, 7А' });
    await expect(question).toContainText('Справку принесли после каникул');
    await question.getByRole('button', { name: 'Разрешить' }).click();
    await expect(deputy.getByText('Сохранено.')).toBeVisible();
    form = await show();
    await expect(form.getByText('н → б').first()).toBeVisible();
    await form.getByRole('button', { name: /^Поставить причину/ }).click();
    await expect.poll(code).toBe('б');
  } finally {
    await server.sql(`update period set locked_at = null, lock_reason = null where ${period};
      delete from period_request where school_id = ${SCHOOL} and class_id is not null;
      update absence_reason set withdrawn_at = now(), withdrawn_by = 13 where school_id = ${SCHOOL} and pupil_id = ${child} and starts_on = '${on}';
      update attendance set code = 'н', version = version + 1 where school_id = ${SCHOOL} and lesson_id = ${lesson} and pupil_id = ${child}`);
  }
});

test('an exemption is entered and stands in the journal of the subject', async ({ as, server }) => {
  const load = await algebra(server);
  const child = await pupil(server, 'Соколов', 'Артём');
  const leads = await as('classteacher');
  await open(leads, `/exemptions/${await classCalled(server, '7А')}`);
  await leads.getByLabel('Ученик').selectOption({ label: 'Соколов Артём' });
  await leads.getByLabel('Предмет').selectOption({ label: 'Алгебра' });
  await leads.getByRole('button', { name: 'Записать' }).click();
  await expect(leads.getByText('Освобождение записано. Учитель видит его в журнале.')).toBeVisible();
  expect.soft(await violations(leads), 'axe: exemptions').toEqual([]);
  const teaches = await as('teacher');
  await open(teaches, `/journal/${load}`);
  await expect(teaches.getByRole('rowheader', { name: /Соколов Артём · осв/ })).toBeVisible();
  await server.sql(`update exemption set withdrawn_at = now(), withdrawn_by = 13 where school_id = ${SCHOOL} and pupil_id = ${child}`);
});

test('a lesson that falls out is cancelled with a reason, and taken back', async ({ as, server }) => {
  const load = await algebra(server);
  const lesson = await emptied(server, load, 0);
  const child = await pupil(server, 'Соколов', 'Артём');
  await server.sql(`insert into attendance (school_id, lesson_id, pupil_id, code, changed_by, changed_at)
    select ${SCHOOL}, ${lesson}, ${child}, 'н', 12, '${TODAY} 05:00Z'
    on conflict (school_id, lesson_id, pupil_id) do update set code = 'н', version = attendance.version + 1`);
  const [on, number] = (await server.ask(`select held_on || ' ' || slot + 1 from lesson where school_id = ${SCHOOL} and id = ${lesson}`)).split(' ');
  const state = () => server.ask(`select state || ' ' || coalesce(cancel_reason, '-') from lesson where school_id = ${SCHOOL} and id = ${lesson}`);
  const teaches = await as('teacher');
  await open(teaches, `/journal/${load}`);
  await expect(teaches.getByRole('grid')).not.toHaveAttribute('aria-busy', 'true');
  const deputy = await as('deputy');
  await open(deputy, '/journal');
  await deputy.getByRole('link', { name: 'Отмена уроков' }).click();
  await expect(deputy.getByRole('heading', { level: 1, name: 'Отмена уроков' })).toBeVisible();
  await deputy.getByLabel('Класс').selectOption({ label: '7А' });
  await deputy.getByLabel('День').fill(on);
  await deputy.getByRole('button', { name: 'Показать' }).click();
  // it is a page of its own: what is chosen before it lives is not heard
  await expect(deputy).toHaveURL(/class=/);
  await ready(deputy);
  const line = deputy.getByRole('listitem').filter({ hasText: `${number}. Алгебра` });
  await line.getByRole('checkbox').check();
  await deputy.getByLabel('Причина').fill('Авария отопления');
  expect.soft(await violations(deputy), 'axe: cancelling').toEqual([]);
  await deputy.getByRole('button', { name: 'Отменить выбранные' }).click();
  await expect(deputy.getByText('Уроки отменены.')).toBeVisible();
  await expect(line).toContainText('Причина отмены: Авария отопления');
  expect(await state()).toBe('cancelled Авария отопления');
  expect.soft(await violations(deputy), 'axe: cancelled').toEqual([]);
  // whoever has the journal open sees it fall out, and why
  const head = teaches.locator('.grid-lesson[data-cancelled]');
  await expect(head).toHaveCount(1, { timeout: 10_000 });
  await head.click();
  await expect(teaches.getByRole('dialog')).toContainText('Причина отмены: Авария отопления');
  await expect(teaches.getByRole('dialog').getByRole('button', { name: 'Вернуть урок' })).toHaveCount(0);
  await teaches.keyboard.press('Escape');
  // the family: struck out, without the absence and without the reason
  const family = await as('parent', PHONE);
  await open(family, `/diary/${child}/${on}`);
  const row = family.locator('.lesson[data-cancelled]').filter({ hasText: 'Алгебра' });
  await expect(row).toContainText('отменён');
  await expect(family.getByText('Авария отопления')).toHaveCount(0);
  // from the sheet of the lesson it is taken back
  await open(deputy, `/journal/${load}?lesson=${lesson}`);
  await deputy.getByRole('dialog').getByRole('button', { name: 'Вернуть урок' }).click();
  await expect(deputy.getByRole('dialog')).toBeHidden();
  await expect.poll(state).toMatch(/^(planned|held) -$/);
  await expect(head).toHaveCount(0, { timeout: 10_000 });
});

test('a cancelled lesson is told to the family and to the teacher', async ({ as, server }) => {
  test.setTimeout(90_000);
  const load = await algebra(server);
  const child = await pupil(server, 'Соколов', 'Артём');
  const [lesson, on] = (await server.ask(`select id || ' ' || held_on from lesson where school_id = ${SCHOOL} and load_id = ${load}
    and held_on > '${TODAY}' and state = 'planned' order by held_on, slot limit 1`)).split(' ');
  // The database's clock runs today, the journeys live on a day of their own (see `family.spec.ts`): here it is said to be news.
  await server.sql(`
    delete from notice where school_id = ${SCHOOL} and kind = 'cancellation';
    drop trigger audit_event_keeps_cancellations on audit_event;
    create trigger audit_event_keeps_cancellations after insert on audit_event for each row
      when (new.entity = 'lesson' and new.action in ('lesson.cancelled', 'lesson.restored')) execute function keep_for_notices()`);
  const told = async (count: string) => {
    await expect.poll(() => server.ask(`select count(*) from notice_pending where school_id = ${SCHOOL} and entity = 'cancellation'`)).toBe('1');
    await server.sql(`update notice_pending set at = at - interval '2 minutes' where school_id = ${SCHOOL} and entity = 'cancellation'`);
    await expect
      .poll(() => server.ask(`select count(*) from notice where school_id = ${SCHOOL} and kind = 'cancellation' and pupil_id = ${child}`), { timeout: 20_000 })
      .toBe(count);
  };
  const deputy = await as('deputy');
  await open(deputy, '/cancellations');
  await deputy.getByLabel('Класс').selectOption({ label: '7А' });
  await deputy.getByLabel('День').fill(on);
  await deputy.getByRole('button', { name: 'Показать' }).click();
  await expect(deputy).toHaveURL(/class=/);
  await ready(deputy);
  await deputy.getByRole('listitem').filter({ hasText: 'Алгебра' }).getByRole('checkbox').first().check();
  await deputy.getByLabel('Причина').fill('Авария отопления');
  await deputy.getByRole('button', { name: 'Отменить выбранные' }).click();
  await expect(deputy.getByText('Уроки отменены.')).toBeVisible();
  await told('1');
  const family = await as('parent', PHONE);
  await open(family, '/notices');
  const line = family.getByRole('listitem').filter({ hasText: 'Урок отменён' });
  await expect(line).toContainText('Алгебра');
  // the reason is the school's own
  await expect(family.getByText('Авария отопления')).toHaveCount(0);
  expect.soft(await violations(family), 'axe: a family is told').toEqual([]);
  expect.soft(await overflow(family), 'a family is told').toEqual([]);
  // who teaches finds it among the sections, reads why, and is led to the lesson
  const teacher = await as('teacher');
  await open(teacher, '/journal');
  await teacher.getByRole('navigation', { name: 'Разделы' }).getByRole('link', { name: /Уведомления/ }).click();
  await expect(teacher.getByRole('heading', { level: 1, name: 'Уведомления' })).toBeVisible();
  const own = teacher.getByRole('link', { name: /Урок отменён: Авария отопления/ });
  await expect(own).toContainText('Алгебра, 7А');
  expect.soft(await violations(teacher), 'axe: a teacher is told').toEqual([]);
  await own.click();
  await expect(teacher.getByRole('dialog')).toContainText('Причина отмены: Авария отопления');
  // and chooses where
  await open(teacher, '/notices/settings');
  const choice = teacher.getByRole('region', { name: 'По вашей работе' });
  await expect(choice.getByRole('rowheader')).toHaveText([
    'Отмены уроков',
    'Замены, которые вам назначили',
    'Новое расписание',
    'Вопросы семей об отметках',
    'Кто не придёт: сообщения родителей вашего класса',
    'Ответ на ваш запрос открыть период',
  ]);
  await choice.getByRole('row', { name: /Отмены уроков/ }).getByRole('checkbox', { name: /Здесь/ }).uncheck();
  await expect(teacher.getByText('Сохранено')).toBeVisible();
  expect.soft(await violations(teacher), 'axe: a teacher chooses').toEqual([]);
  await open(teacher, '/notices');
  await expect(teacher.getByText('Здесь появятся отмены ваших уроков')).toBeVisible();
  // taken back: told, too
  await open(deputy, `/journal/${load}?lesson=${lesson}`);
  await deputy.getByRole('dialog').getByRole('button', { name: 'Вернуть урок' }).click();
  await expect(deputy.getByRole('dialog')).toBeHidden();
  await told('2');
  await open(family, '/notices');
  await expect(family.getByRole('listitem').first()).toContainText('Урок всё-таки состоится');
});

test('a parent acknowledges a week without scripts, and the class teacher reads it', async ({ as, server }) => {
  const phone = await as('parent', { ...PHONE, javaScriptEnabled: false });
  await phone.goto('/diary');
  const signed = phone.getByRole('region', { name: 'Ознакомление с неделей' });
  await signed.getByRole('button', { name: 'Ознакомлен(а)' }).click();
  await expect(signed.getByText(/^Соколова М\. А\.: ознакомлен\(а\)/)).toBeVisible();
  await expect(signed.getByRole('button')).toHaveCount(0);
  const leads = await as('classteacher');
  await open(leads, `/acknowledgements/${await classCalled(server, '7А')}`);
  await expect(leads.getByRole('row', { name: /^Соколов Артём/ })).toContainText('Соколова М. А.');
  expect.soft(await violations(leads), 'axe: signatures').toEqual([]);
  expect.soft(await overflow(leads), 'signatures').toEqual([]);
});

test('without a network the button says that it needs one', async ({ as, watch }) => {
  watch.allow(/net::ERR/);
  const phone = await as('parent', PHONE);
  await open(phone, '/diary');
  await phone.context().setOffline(true);
  const signed = phone.getByRole('region', { name: 'Ознакомление с неделей' });
  const button = signed.getByRole('button', { name: /Ознакомлен/ });
  // the week may have been acknowledged by the journey before: then the week before it has not
  if ((await button.count()) === 0) {
    await phone.context().setOffline(false);
    await phone.getByRole('link', { name: 'Прошлая неделя' }).click();
    await ready(phone);
    await phone.context().setOffline(true);
  }
  await button.click();
  await expect(signed.getByRole('alert')).toContainText('Нет сети');
  await phone.context().setOffline(false);
});
