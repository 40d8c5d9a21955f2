// A lesson is given to another teacher: the deputy says who, that one finds it among the lessons of today and writes it, and no other; the
// family sees «замена»; taken back, the journal is closed again.
import { expect, open, ready, test, TODAY } from '../support/test';
import { overflow, violations } from '../support/axe';
import { SCHOOL } from '../support/places';

/** A lesson of today of `teacher` in a class that the class teacher of 7А neither teaches nor leads. */
const FOREIGN = `select l.id || ' ' || l.load_id || ' ' || l.slot + 1 from lesson l
  join load_teacher t on t.school_id = l.school_id and t.load_id = l.load_id
  join employee e on e.school_id = t.school_id and e.id = t.employee_id join account a on a.person_id = e.person_id
  where l.school_id = ${SCHOOL} and l.held_on = '${TODAY}' and l.state <> 'cancelled' and a.login = 'teacher'
    and not exists (select from load_audience u join class c on c.school_id = u.school_id and c.id = u.class_id
      where u.school_id = l.school_id and u.load_id = l.load_id and c.name = '7А')
    and not exists (select from load_teacher o join employee x on x.school_id = o.school_id and x.id = o.employee_id
      join account b on b.person_id = x.person_id where o.school_id = l.school_id and o.load_id = l.load_id and b.login = 'classteacher')
  order by l.slot limit 1`;

const employee = (login: string) => `select e.id from employee e join account a on a.person_id = e.person_id
  where e.school_id = ${SCHOOL} and a.login = '${login}'`;

test('another teacher gives a lesson, writes it and no other, until it is taken back', async ({ as, server, watch }) => {
  // a journal that is closed, and pages that are left while something still comes
  watch.allow(/status of 404|net::ERR_INCOMPLETE_CHUNKED_ENCODING|TypeError: network error/);
  test.setTimeout(120_000);
  const [lesson, load, number] = (await server.ask(FOREIGN)).split(' ');
  const absent = await server.ask(employee('teacher'));
  const instead = await server.ask(employee('classteacher'));
  await server.sql(`update lesson set substitute_id = null, substitute_reason = null where school_id = ${SCHOOL} and id = ${lesson}`);
  const state = () => server.ask(`select coalesce(substitute_id::text, '-') || ' ' || coalesce(substitute_reason, '-') from lesson where school_id = ${SCHOOL} and id = ${lesson}`);

  // closed to who has nothing to do there
  const substitute = await as('classteacher');
  await substitute.goto(`/journal/${load}`);
  await expect(substitute.getByRole('grid')).toHaveCount(0);

  const deputy = await as('deputy');
  await open(deputy, '/journal');
  await deputy.getByRole('link', { name: 'Замены' }).click();
  await expect(deputy.getByRole('heading', { level: 1, name: 'Замены' })).toBeVisible();
  await deputy.getByLabel('День').fill(TODAY);
  await deputy.getByLabel('Кого заменить').selectOption(absent);
  await deputy.getByRole('button', { name: 'Показать' }).click();
  await expect(deputy).toHaveURL(/teacher=\d/);
  await ready(deputy);
  expect.soft(await violations(deputy), 'axe: choosing').toEqual([]);
  expect.soft(await overflow(deputy), 'choosing').toEqual([]);
  const choice = deputy.locator(`#substitute-${lesson}`);
  await choice.selectOption(instead);
  await deputy.getByLabel('Причина').fill('Болезнь');
  await deputy.getByRole('button', { name: 'Назначить', exact: true }).click();
  // who has a lesson of their own is asked for once more
  const again = deputy.getByRole('button', { name: 'Назначить всё равно' });
  const done = deputy.getByText('Сохранено.');
  await expect(again.or(done)).toBeVisible();
  if (await again.isVisible()) {
    await expect(deputy.getByText(/В это же время у заменяющего другой урок/)).toBeVisible();
    expect(await state()).toBe('- -');
    await again.click();
  }
  await expect(done).toBeVisible();
  expect(await state()).toBe(`${instead} Болезнь`);
  expect.soft(await violations(deputy), 'axe: given').toEqual([]);

  // it stands among the lessons of today, and the journal opens
  await open(substitute, '/journal');
  const today = substitute.locator('section').filter({ has: substitute.getByRole('heading', { name: 'Сегодня' }) });
  await expect(today.locator(`a[href="/journal/${load}"]`)).toContainText('замена');
  await expect(substitute.getByRole('heading', { name: 'Где вы заменяете' })).toBeVisible();
  expect.soft(await violations(substitute), 'axe: journals').toEqual([]);
  await open(substitute, `/journal/${load}?lesson=${lesson}`);
  await expect(substitute.getByText('писать можно в уроки, которые вам поручены')).toBeVisible();
  const sheet = substitute.getByRole('dialog');
  await sheet.getByLabel('Тема').fill('Урок с заменой');
  await sheet.getByRole('button', { name: 'Сохранить', exact: true }).click();
  await expect.poll(() => server.ask(`select topic from lesson where school_id = ${SCHOOL} and id = ${lesson}`)).toBe('Урок с заменой');
  // another lesson of the journal is only read
  const other = await server.ask(`select id from lesson where school_id = ${SCHOOL} and load_id = ${load} and held_on < '${TODAY}' order by held_on desc, slot limit 1`);
  await open(substitute, `/journal/${load}?lesson=${other}`);
  await expect(substitute.getByRole('dialog').getByRole('button', { name: 'Сохранить', exact: true })).toHaveCount(0);

  // the plan is read, and stays on the device as the journal does
  await open(substitute, `/journal/${load}/plan`);
  await expect(substitute.locator('[data-person]')).toHaveCount(1);

  // the teacher sees who gives it
  const teacher = await as('teacher');
  await open(teacher, '/journal');
  await expect(teacher.locator(`a[href="/journal/${load}"]`).filter({ hasText: `${number} урок` })).toContainText('замена:');

  await deputy.getByRole('button', { name: /^Снять замену/ }).first().click();
  await expect(deputy.getByText('Замена снята.')).toBeVisible();
  expect(await state()).toBe('- -');
  await substitute.goto(`/journal/${load}`);
  await expect(substitute.getByRole('grid')).toHaveCount(0);
});
