// Attendance: the class teacher sets the reason of an illness for its days and takes it back; an exemption is seen in the journal; a
// parent acknowledges a week without scripts; the teacher reads who has seen a mark.
import { expect, open, PHONE, ready, test } from '../support/test';
import { overflow, violations } from '../support/axe';
import { held } from '../support/grid';
import { algebra, classCalled, pupil, SCHOOL } from '../support/places';

test('a reason is set for the days of an illness, seen in the journal, and taken back', async ({ as, server }) => {
  const load = await algebra(server);
  const lesson = await held(server, load, 1);
  const child = await pupil(server, 'Соколов', 'Артём');
  await server.sql(`insert into attendance (school_id, lesson_id, pupil_id, code, changed_by, changed_at)
    select ${SCHOOL}, ${lesson}, ${child}, 'н', 12, now()
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
