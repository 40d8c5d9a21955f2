// The end of a quarter: the deputy moves a border, the teacher sums up the quarter, the year, the exam and the final mark, the deputy closes
// both for a reason; the teacher asks, is refused once and let in once. And a day that is declared off when the timetable has long been laid out.
import type { Page } from '@playwright/test';
import { day, expect, open, test } from '../support/test';
import { overflow, violations } from '../support/axe';
import { algebra, pupil, SCHOOL } from '../support/places';
import type { Server } from '../support/programs';

/** What the quarters of the school are, written down to be put back. */
async function quarters(server: Server): Promise<string> {
  return server.ask(`select string_agg(format('(%s, %s, %s, %s, %L, %L, %L::timestamptz, %L)', d.school_id, d.id, d.system_id, d.number, d.starts_on, d.ends_on,
      d.locked_at, d.lock_reason), ', ')
    from period d join period_system s on s.school_id = d.school_id and s.id = d.system_id where d.school_id = ${SCHOOL} and s.kind = 'quarter'`);
}

async function restore(server: Server, rows: string): Promise<void> {
  await server.sql(`
    delete from period_request where school_id = ${SCHOOL};
    delete from period_mark where school_id = ${SCHOOL};
    update period_system set year_locked_at = null, year_lock_reason = null, year_locked_by = null where school_id = ${SCHOOL};
    begin; set constraints all deferred;
    insert into period (school_id, id, system_id, number, starts_on, ends_on, locked_at, lock_reason) values ${rows}
      on conflict (school_id, id) do update set starts_on = excluded.starts_on, ends_on = excluded.ends_on, locked_at = excluded.locked_at,
        lock_reason = excluded.lock_reason, locked_by = null;
    commit;`);
}

/** Closes or opens something of the page of periods. */
async function turn(page: Page, summary: string, reason: string, button: string): Promise<void> {
  const box = page.getByRole('region', { name: 'Четверти' }).locator('details').filter({ hasText: summary });
  await box.locator('summary').click();
  await box.getByLabel('Причина (останется в истории)').fill(reason);
  await box.getByRole('button', { name: button }).click();
  await expect(page.getByText('Сохранено.')).toBeVisible();
}

test('the end of a quarter and of a year: borders, marks, closing, a question refused and one allowed', async ({ as, server }) => {
  test.setTimeout(180_000);
  const before = await quarters(server);
  await restore(server, before);
  const [load, child] = [await algebra(server), await pupil(server, 'Соколов', 'Артём')];
  const kept = () => server.ask(`select coalesce(string_agg(stage || ' ' || coalesce(code, '-') || ' ' || version, ', ' order by stage), '')
    from period_mark where school_id = ${SCHOOL} and pupil_id = ${child}`);
  const [deputy, teacher] = [await as('deputy'), await as('teacher')];
  try {
    // ── the deputy: the second quarter is the last of this year, and ends a day earlier ──
    await open(deputy, '/journal');
    await deputy.getByRole('link', { name: 'Периоды и каникулы' }).click();
    const system = deputy.getByRole('region', { name: 'Четверти' });
    const last = system.getByLabel('2 четверть: последний день');
    const end = day(-1, await last.inputValue());
    await system.getByRole('button', { name: 'Убрать последний' }).click();
    await system.getByRole('button', { name: 'Убрать последний' }).click();
    await last.fill(end);
    await system.getByRole('button', { name: 'Сохранить границы' }).click();
    await expect(deputy.getByText('Сохранено.')).toBeVisible();
    const ends = `select string_agg(d.ends_on::text, ' ' order by d.number desc) from period d
      join period_system s on s.school_id = d.school_id and s.id = d.system_id where d.school_id = ${SCHOOL} and s.kind = 'quarter'`;
    expect((await server.ask(ends)).split(' ')[0]).toBe(end);
    expect(await violations(deputy)).toEqual([]);

    // ── the teacher sums up: the quarter, the year, the exam, the final mark ──
    await open(teacher, `/journal/${load}/totals`);
    await teacher.getByLabel('Экзамен и итоговая').check();
    const column = (name: string) => teacher.getByRole('columnheader').evaluateAll((heads, wanted) => heads.findIndex((h) => h.textContent!.startsWith(wanted)), name);
    const cell = async (name: string) => teacher.getByRole('row', { name: /Соколов Артём/ }).getByRole('gridcell').nth((await column(name)) - 1);
    const give = async (name: string, key: string) => {
      const one = await cell(name);
      await one.click();
      await expect(one).toBeFocused();
      await teacher.keyboard.press(key);
      await expect(one.locator('.tm-mark')).toHaveText(/^[2-5]$/);
    };
    await give('2 четверть', '=');
    await give('Год', '=');
    await give('Экзамен', '4');
    await give('Итоговая', '=');
    await expect.poll(kept).toMatch(/^exam 4 1, final [2-5] 1, period [2-5] 1, year [2-5] 1$/);

    // ── the deputy closes the quarter and the year, each for a reason ──
    await turn(deputy, 'Закрыть: 2 четверть', 'Отметки сданы', 'Закрыть период');
    await turn(deputy, 'Закрыть: годовые', 'Педсовет, протокол 8', 'Закрыть год');
    await expect(system).toContainText('Отметки сданы');
    await expect(system).toContainText('Педсовет, протокол 8');
    expect(await violations(deputy)).toEqual([]);
    await deputy.setViewportSize({ width: 360, height: 740 });
    expect(await overflow(deputy)).toEqual([]);
    await deputy.setViewportSize({ width: 1366, height: 768 });

    // ── nothing more is typed; the teacher asks ──
    const closed = await kept();
    await open(teacher, `/journal/${load}/totals`);
    await teacher.getByLabel('Экзамен и итоговая').check();
    await (await cell('Экзамен')).click();
    await expect(teacher.getByText('попросите завуча открыть год')).toBeVisible();
    await teacher.keyboard.press('5');
    await (await cell('2 четверть')).click();
    await teacher.keyboard.press('Delete');
    const ask = async (text: string) => {
      await teacher.getByText('Период закрыт. Попросить исправить…').click();
      await teacher.getByLabel('Что и почему нужно исправить').fill(text);
      await teacher.getByRole('button', { name: 'Отправить запрос' }).click();
      await expect(teacher.getByText('Запрос отправлен завучу.')).toBeVisible();
    };
    await ask('Пересдача контрольной');
    expect(await kept()).toBe(closed);
    await open(teacher, `/journal/${load}`);
    await expect(teacher.getByText('ждёт ответа завуча')).toBeVisible();
    await expect(teacher.getByText('«Пересдача контрольной»')).toBeVisible();
    await expect(teacher.getByText('Попросить исправить…')).toHaveCount(0);
    expect(await violations(teacher)).toEqual([]);

    // ── the deputy is told that one waits, and refuses with words ──
    await open(deputy, '/journal');
    await expect(deputy.getByText('1 запрос на исправление ждёт ответа')).toBeVisible();
    expect(await violations(deputy)).toEqual([]);
    await deputy.locator('.banner').filter({ hasText: 'на исправление' }).getByRole('link', { name: 'Ответить' }).click();
    const waiting = deputy.getByRole('region', { name: 'Запросы на исправление' }).getByRole('listitem');
    await waiting.first().getByLabel('Слова учителю').fill('Контрольную переписывают в январе');
    await waiting.first().getByRole('button', { name: 'Отказать' }).click();
    await expect(waiting.first()).toContainText('Отказано');

    // ── the teacher reads why, asks again, and is let in ──
    await open(teacher, `/journal/${load}`);
    await expect(teacher.getByText('Ваш запрос отклонён')).toContainText('«Контрольную переписывают в январе»');
    await ask('Отметка выставлена не тому ученику');
    await open(deputy, '/journal/periods');
    await waiting.first().getByRole('button', { name: 'Разрешить' }).click();
    await expect(waiting.first()).toContainText('Открыто до');
    await open(deputy, '/journal');
    await expect(deputy.getByText('на исправление ждёт ответа')).toHaveCount(0);
    await open(teacher, `/journal/${load}/totals`);
    await (await cell('2 четверть')).click();
    await expect(teacher.getByText('для вас этот журнал открыт до')).toBeVisible();
    await teacher.keyboard.press('Delete');
    await expect.poll(kept).toMatch(/period - 2/);
    expect(await violations(teacher)).toEqual([]);

    // ── the year is opened again, for a reason ──
    await open(deputy, '/journal/periods');
    await turn(deputy, 'Открыть: годовые', 'Ошибка в экзамене', 'Открыть год');
    await open(teacher, `/journal/${load}/totals`);
    await teacher.getByLabel('Экзамен и итоговая').check();
    await give('Экзамен', '5');
    await expect.poll(kept).toMatch(/^exam 5 2,/);
    await deputy.getByText('Кто закрывал и открывал').click();
    const said = deputy.locator('details').filter({ hasText: 'Кто закрывал и открывал' }).getByRole('listitem');
    await expect(said).toHaveCount(3);
    await expect(said.first()).toContainText('Открыто: годовые');
    await expect(said.first()).toContainText('Ошибка в экзамене');
    await expect(said.last()).toContainText('Отметки сданы');
    // below the head of the page a button may lie half covered
    await deputy.evaluate(() => scrollTo(0, 0));
    expect(await violations(deputy)).toEqual([]);
    const events = `select string_agg(coalesce(new ->> 'reason', new ->> 'note', ''), '; ' order by id) from audit_event
      where school_id = ${SCHOOL} and action in ('period.locked', 'period_system.year_locked', 'period_request.refused', 'period_system.year_unlocked')`;
    expect(await server.ask(events)).toBe('Отметки сданы; Педсовет, протокол 8; Контрольную переписывают в январе; Ошибка в экзамене');
  } finally {
    await restore(server, before);
  }
});

test('a day that is declared off after the timetable was laid out: the family has no lessons, the teacher sees why', async ({ as, server }) => {
  test.setTimeout(90_000);
  const [load, child] = [await algebra(server), await pupil(server, 'Соколов', 'Артём')];
  const date = await server.ask(`select min(held_on) from lesson where school_id = ${SCHOOL} and load_id = ${load} and held_on > '${day(0)}'`);
  // a lesson whose topic is written ahead takes place: of that day none is
  await server.sql(`update lesson set topic = null where school_id = ${SCHOOL} and held_on = '${date}' and state = 'planned'`);
  const [deputy, parent, teacher] = [await as('deputy'), await as('parent'), await as('teacher')];
  await open(deputy, '/journal/periods');
  const holidays = deputy.getByRole('region', { name: 'Каникулы и праздники' });
  try {
    const fresh = holidays.getByRole('listitem').last();
    await fresh.getByLabel('Название каникул').fill('Карантин');
    await fresh.getByLabel('Новые каникулы: первый день').fill(date);
    await fresh.getByLabel('Новые каникулы: последний день').fill(date);
    // what is typed stays typed
    await expect(fresh.getByLabel('Название каникул')).toHaveValue('Карантин');
    await fresh.getByRole('button', { name: 'Добавить' }).click();
    await expect(deputy.getByText('Сохранено.')).toBeVisible();
    await open(parent, `/diary/${child}/${await server.ask(`select date_trunc('week', '${date}'::date)::date`)}`);
    await expect(parent.locator('.day-free').filter({ hasText: 'Карантин' })).toBeVisible();
    await open(teacher, `/journal/${load}`);
    await expect(teacher.getByRole('columnheader', { name: 'В этот день уроков нет: «Карантин»' })).toBeAttached();
    expect(await violations(teacher)).toEqual([]);
    await open(deputy, '/journal/periods');
    await holidays.getByRole('button', { name: 'Убрать: Карантин' }).click();
    await expect(deputy.getByText('Сохранено.')).toBeVisible();
    await open(teacher, `/journal/${load}`);
    await expect(teacher.getByRole('columnheader').first()).toBeAttached();
    await expect(teacher.getByRole('columnheader', { name: 'В этот день уроков нет' })).toHaveCount(0);
  } finally {
    await server.sql(`delete from holiday where school_id = ${SCHOOL} and title = 'Карантин'`);
  }
});

test('a border that is moved back takes the lessons behind it along, and brings them again', async ({ as, server }) => {
  test.setTimeout(90_000);
  const before = await quarters(server);
  const [load, child] = [await algebra(server), await pupil(server, 'Соколов', 'Артём')];
  const date = await server.ask(`select min(held_on) from lesson where school_id = ${SCHOOL} and load_id = ${load} and held_on > '${day(0)}'`);
  const monday = await server.ask(`select date_trunc('week', '${date}'::date)::date`);
  await server.sql(`update lesson set topic = null where school_id = ${SCHOOL} and held_on = '${date}' and state = 'planned'`);
  const [deputy, parent] = [await as('deputy'), await as('parent')];
  const last = deputy.getByRole('region', { name: 'Четверти' }).getByLabel('2 четверть: последний день');
  const ends = async (on: string) => {
    await open(deputy, '/journal/periods');
    await last.fill(on);
    await deputy.getByRole('region', { name: 'Четверти' }).getByRole('button', { name: 'Сохранить границы' }).click();
    await expect(deputy.getByText('Сохранено.')).toBeVisible();
  };
  const lessons = parent.locator(`section[aria-labelledby="d${date}"] .lessons`);
  try {
    await open(parent, `/diary/${child}/${monday}`);
    await expect(lessons).toHaveCount(1);
    await open(deputy, '/journal/periods');
    const end = await last.inputValue();
    await ends(day(-1, date));
    await open(parent, `/diary/${child}/${monday}`);
    await expect(lessons).toHaveCount(0);
    await ends(end);
    await open(parent, `/diary/${child}/${monday}`);
    await expect(lessons).toHaveCount(1);
  } finally {
    await restore(server, before);
  }
});

test('a border over lessons with marks: told before, saved only when it is meant, and the marks stay in reach', async ({ as, server }) => {
  test.setTimeout(120_000);
  const before = await quarters(server);
  const load = await algebra(server);
  // the last day that has a mark: the border comes to lie the day before
  const date = await server.ask(`select max(l.held_on) from lesson l
    join assignment w on w.school_id = l.school_id and w.lesson_id = l.id join mark m on m.school_id = w.school_id and m.assignment_id = w.id
    where l.school_id = ${SCHOOL} and l.load_id = ${load} and m.code is not null and l.held_on < '${day(0)}'`);
  const planned = await server.ask(`select coalesce(string_agg(id::text, ','), '0') from lesson where school_id = ${SCHOOL} and held_on >= '${date}' and state = 'planned'`);
  const [deputy, teacher] = [await as('deputy'), await as('teacher')];
  const card = deputy.getByRole('region', { name: 'Четверти' });
  const last = card.getByLabel('2 четверть: последний день');
  const question = deputy.getByRole('region', { name: 'Эти уроки окажутся вне периодов' });
  const ends = () => quarters(server);
  try {
    await open(deputy, '/journal/periods');
    const [end, moved] = [await last.inputValue(), day(-1, date)];
    await last.fill(moved);
    await card.getByRole('button', { name: 'Сохранить границы' }).click();
    await expect(question.getByRole('heading')).toBeFocused();
    await expect(question.getByRole('listitem').filter({ hasText: /^Алгебра, 7А: / })).toContainText(/отмет/);
    expect(await violations(deputy)).toEqual([]);
    await deputy.setViewportSize({ width: 360, height: 740 });
    expect(await overflow(deputy)).toEqual([]);
    await deputy.setViewportSize({ width: 1366, height: 768 });
    expect(await ends(), 'nothing is written yet').toBe(before);
    await question.getByRole('button', { name: 'Не сохранять' }).click();
    await expect(question).toHaveCount(0);

    await card.getByRole('button', { name: 'Сохранить границы' }).click();
    await question.getByRole('button', { name: 'Всё равно сохранить' }).click();
    await expect(deputy.getByText('Сохранено.')).toBeVisible();
    expect(await ends()).toContain(moved);
    const kept = `select count(*) from audit_event where school_id = ${SCHOOL} and action = 'period_system.saved' and jsonb_array_length(new -> 'outside') > 0`;
    expect(await server.ask(kept)).toBe('1');

    // the teacher finds them
    await open(teacher, `/journal/${load}`);
    await teacher.getByRole('link', { name: /^Вне учебных периодов: / }).click();
    await expect(teacher).toHaveURL(/period=0/);
    await expect(teacher.getByText('теперь не попадают ни в один период')).toBeVisible();
    await expect(teacher.getByRole('gridcell', { name: /[2-5]/ }).first()).toBeVisible();
    expect(await violations(teacher)).toEqual([]);

    // back: nobody asks, and the link is gone
    await open(deputy, '/journal/periods');
    await last.fill(end);
    await card.getByRole('button', { name: 'Сохранить границы' }).click();
    await expect(deputy.getByText('Сохранено.')).toBeVisible();
    await open(teacher, `/journal/${load}`);
    await expect(teacher.getByRole('link', { name: /^Вне учебных периодов: / })).toHaveCount(0);
  } finally {
    await restore(server, before);
    await server.sql(`update lesson set state = 'planned' where school_id = ${SCHOOL} and id in (${planned})`);
  }
});
