// Planned works and the journal: the teacher is offered today's work of the schedule and makes it a column by one press; who decides the
// schedule sees what has no column, and what has no lesson any more; families are not told of a work whose lesson was cancelled.
// And a class of another profile that goes by a system of periods of its own.
import { day, expect, open, PHONE, test, TODAY } from '../support/test';
import { overflow, violations } from '../support/axe';
import { algebra, classCalled, pupil, SCHOOL } from '../support/places';

test('a planned work becomes a column, or is said to have none; without its lesson it is not ahead', async ({ as, server }) => {
  const [load, child] = [await algebra(server), await pupil(server, 'Соколов', 'Артём')];
  await server.sql(`delete from assessment where school_id = ${SCHOOL}`);
  // the last two lessons that were, and the next one that is to be
  const lessons = async (where: string, order: string, n: number): Promise<string[]> => {
    const found = await server.ask(`select coalesce(string_agg(held_on::text, ' '), '') from (select distinct held_on from lesson l
      where l.school_id = ${SCHOOL} and l.load_id = ${load} and takes_place(l) and ${where} order by held_on ${order} limit ${n}) x`);
    return found.split(' ').filter(Boolean);
  };
  const [late, early] = await lessons(`held_on <= '${TODAY}'::date`, 'desc', 2);
  const [next] = await lessons(`held_on > '${TODAY}'::date`, 'asc', 1);
  const plan = (date: string, title: string) => server.sql(`
    insert into assessment (school_id, load_id, held_on, slot, work_type_id, title, minutes, whole_class, state, planned_by, planned_at)
    select ${SCHOOL}, ${load}, '${date}', 0, w.id, '${title}', 45, true, 'approved', (select min(person_id) from employee where school_id = ${SCHOOL}), now()
    from work_type w where w.school_id = ${SCHOOL} and not exists (select from lesson l join assignment a on a.school_id = l.school_id and a.lesson_id = l.id
      where l.school_id = ${SCHOOL} and l.load_id = ${load} and l.held_on = '${date}' and a.work_type_id = w.id)
    order by w.weight desc, w.id limit 1`);
  await plan(late, 'Линейная функция');
  await plan(early, 'Степень с показателем');
  await plan(next, 'Одночлены');

  // ── the teacher: offered over the grid, one press, by the keyboard ──
  const teacher = await as('teacher');
  await open(teacher, `/journal/${load}`);
  const offered = teacher.getByRole('region', { name: 'Запланированные работы без столбца' });
  await expect(offered.getByRole('listitem')).toHaveCount(2);
  await expect(offered).toContainText('по графику');
  await expect(offered).not.toContainText('Одночлены');
  expect.soft(await violations(teacher), 'axe: the offer').toEqual([]);
  await teacher.setViewportSize({ width: 360, height: 740 });
  expect.soft(await overflow(teacher)).toEqual([]);
  await teacher.setViewportSize({ width: 1366, height: 768 });
  const button = offered.getByRole('button', { name: /Добавить столбец: .*Линейная функция/ });
  await button.focus();
  await teacher.keyboard.press('Enter');
  await expect(offered.getByRole('listitem')).toHaveCount(1);
  const columns = `select count(*) || ' ' || coalesce(string_agg(distinct (a.weight = w.weight)::text, ','), '') from assignment a
    join work_type w on w.school_id = a.school_id and w.id = a.work_type_id
    where a.school_id = ${SCHOOL} and a.title = 'Линейная функция'`;
  await expect.poll(() => server.ask(columns)).toBe('1 true');

  // ── the deputy: plan against fact, and what is left without a lesson ──
  const deputy = await as('deputy');
  await open(deputy, '/assessments');
  const fact = deputy.getByRole('region', { name: 'План и факт' });
  await expect(fact).toContainText('1 работа прошла по графику');
  const card = (title: string) => deputy.getByRole('listitem').filter({ hasText: title });
  await expect(card('Степень с показателем')).toContainText('столбца этой работы в журнале нет');
  await expect(card('Линейная функция')).toContainText('Столбец в журнале есть');
  await fact.getByRole('button', { name: 'Показать только их' }).click();
  await expect(card('Линейная функция')).toHaveCount(0);
  await expect(card('Степень с показателем')).toBeVisible();
  expect.soft(await violations(deputy), 'axe: plan and fact').toEqual([]);

  // ── the family: ahead, until the lesson is cancelled ──
  const phone = await as('parent', PHONE);
  const ahead = phone.getByRole('region', { name: 'Впереди работы' });
  await open(phone, `/diary/${child}`);
  await expect(ahead.getByText(/Одночлены/)).toBeVisible();
  await server.sql(`update lesson set state = 'cancelled' where school_id = ${SCHOOL} and load_id = ${load} and held_on = '${next}'`);
  try {
    await open(phone, `/diary/${child}`);
    await expect(phone.getByText(/Одночлены/)).toHaveCount(0);
    await open(deputy, '/assessments');
    await expect(fact).toContainText('1 работа осталась без урока');
    await expect(card('Одночлены')).toContainText('работе нужен другой день');
  } finally {
    await server.sql(`update lesson set state = 'planned' where school_id = ${SCHOOL} and load_id = ${load} and held_on = '${next}';
      delete from assessment where school_id = ${SCHOOL}`);
  }
});

test('a class goes by trimesters beside its parallel in quarters', async ({ as, server }) => {
  const other = await classCalled(server, '7Б');
  const [load, mine] = [
    await server.ask(`select min(u.load_id)::text from load_audience u where u.school_id = ${SCHOOL} and u.class_id = ${other} and not exists
      (select from load_audience o where o.school_id = u.school_id and o.load_id = u.load_id and o.class_id <> u.class_id)`),
    await algebra(server),
  ];
  const [[from, to]] = await server.sql(`select starts_on::text, (ends_on - 90)::text from academic_year where school_id = ${SCHOOL}
    and '${TODAY}'::date between starts_on and ends_on`);
  // nothing is closed, and no mark of a period stands
  const closed = await server.ask(`select coalesce(string_agg(id || ':' || locked_at, ',' order by id), '') from period where school_id = ${SCHOOL} and locked_at is not null`);
  await server.sql(`update period set locked_at = null where school_id = ${SCHOOL}; delete from period_mark where school_id = ${SCHOOL};
    with made as (insert into period_system (school_id, year_id, kind, title)
      select ${SCHOOL}, id, 'trimester', 'Триместры' from academic_year where school_id = ${SCHOOL} and '${TODAY}'::date between starts_on and ends_on returning id)
    insert into period (school_id, system_id, number, starts_on, ends_on)
      select ${SCHOOL}, made.id, 1, '${from}'::date, '${to}'::date from made`);
  const deputy = await as('deputy');
  try {
    await open(deputy, '/journal/periods');
    const grades = deputy.getByRole('region', { name: 'У каких классов какие периоды' });
    await grades.getByText('Отдельно по классам (7-я параллель)').click();
    await grades.getByLabel(/^7Б/).selectOption({ label: 'Триместры' });
    await expect(deputy.getByText('Сохранено.')).toBeVisible();
    await expect(deputy.getByRole('region', { name: 'Триместры' })).toContainText('классы: 7Б');
    await expect(grades.getByLabel(/^7Б/)).toBeVisible();
    expect.soft(await violations(deputy), 'axe: periods').toEqual([]);
    await deputy.setViewportSize({ width: 360, height: 740 });
    expect.soft(await overflow(deputy)).toEqual([]);
    await deputy.setViewportSize({ width: 1366, height: 768 });
    // days off of those who go by trimesters
    const fresh = deputy.getByRole('region', { name: 'Каникулы и праздники' }).locator('form').last();
    await fresh.getByLabel('Название каникул').fill('Между триместрами');
    await fresh.getByLabel(/: первый день/).fill(day(1));
    await fresh.getByLabel(/: последний день/).fill(day(1));
    await fresh.getByLabel('Для кого каникулы').selectOption({ label: 'Только «Триместры»' });
    await fresh.getByRole('button', { name: 'Добавить' }).click();
    await expect(deputy.getByText('Сохранено.')).toBeVisible();
    await expect.poll(() => server.ask(`select count(*)::text from class_holiday where school_id = ${SCHOOL} and title = 'Между триместрами' and class_id = ${other}`)).toBe('1');

    await open(deputy, `/journal/${load}`);
    await expect(deputy.getByText('2 четверть')).toHaveCount(0);
    await open(deputy, `/journal/${mine}`);
    await expect(deputy.getByText('2 четверть').first()).toBeAttached();
  } finally {
    await server.sql(`update class set period_system_id = null where school_id = ${SCHOOL}; delete from holiday where school_id = ${SCHOOL} and system_id is not null;
      delete from period d using period_system s where s.school_id = d.school_id and s.id = d.system_id and s.school_id = ${SCHOOL} and s.title = 'Триместры';
      delete from period_system where school_id = ${SCHOOL} and title = 'Триместры'`);
    for (const [id, at] of closed.split(',').filter(Boolean).map((c) => [c.slice(0, c.indexOf(':')), c.slice(c.indexOf(':') + 1)])) {
      await server.sql(`update period set locked_at = '${at}' where school_id = ${SCHOOL} and id = ${id}`);
    }
  }
});
