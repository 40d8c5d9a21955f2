// An empty school lives its first day: a timetable from FET, pupils and parents from a list, subgroups, slips with passwords;
// then a teacher gives a mark and a mother sees it, each signed in with a slip.
import type { Page } from '@playwright/test';
import { day, expect, open, PHONE, ready, test, TODAY } from '../support/test';
import { overflow, violations } from '../support/axe';
import { saved } from '../support/grid';
import { appoint, emptySchool, enter, example, type Slip } from '../support/newcomers';

/** As Excel in Russia saves a CSV. */
function windows1251(text: string): Buffer {
  return Buffer.from(
    [...text].map((letter) => {
      const code = letter.codePointAt(0)!;
      if (code < 128) return code;
      if (code >= 0x410 && code <= 0x44f) return code - 0x410 + 0xc0;
      return { ё: 0xb8, Ё: 0xa8, '№': 0xb9 }[letter] ?? 0x3f;
    }),
  );
}

/** What holds on every page holds on what only a journey reaches. */
async function wellMade(page: Page, where: string): Promise<void> {
  const size = page.viewportSize()!;
  for (const width of [1366, 360]) {
    await page.setViewportSize({ width, height: 768 });
    expect.soft(await violations(page), `axe: ${where}, ${width} px`).toEqual([]);
    expect.soft(await overflow(page), `wider than the window: ${where}, ${width} px`).toEqual([]);
  }
  await page.setViewportSize(size);
}

test('a school from a file lives its first day', async ({ as, server }) => {
  test.setTimeout(240_000);
  const school = await emptySchool(server, 900, 'Школа из файла');
  const [first, second] = [
    await appoint(server, school, 'deputy', 'Импортова Инна Львовна'),
    await appoint(server, school, 'secretary', 'Канцелярская Раиса Петровна'),
  ];

  // ── the deputy: a timetable, put in force from tomorrow ──
  const deputy = await as('nobody');
  await enter(deputy, first, 'лес и синий ёж');
  await open(deputy, '/import');
  await deputy.getByLabel('Файл FET').setInputFiles(example('Hopwood.fet'));
  await deputy.getByRole('button', { name: 'Импортировать' }).click({ timeout: 30_000 });
  await expect(deputy).toHaveURL(/\/timetable\/\d+$/, { timeout: 30_000 });
  await expect(deputy.getByRole('grid', { name: 'Сетка расписания' })).toBeVisible({ timeout: 20_000 });
  // what the program finds is compared with what the file brought, and is what is published
  await deputy.getByRole('button', { name: 'Составить…' }).click();
  const compose = deputy.getByRole('dialog', { name: 'Составить расписание' });
  await compose.getByRole('radio', { name: '10 секунд' }).check({ force: true });
  await compose.getByRole('button', { name: 'Составить' }).click();
  await expect(compose).toContainText('Расписание составлено.', { timeout: 60_000 });
  await expect(compose.getByRole('row', { name: /Окон у учителей/ })).toBeVisible();
  const imported = deputy.url();
  await compose.getByRole('link', { name: 'Открыть результат' }).click();
  await expect(deputy).not.toHaveURL(imported);
  await expect(deputy.getByRole('grid', { name: 'Сетка расписания' })).toBeVisible({ timeout: 20_000 });
  await deputy.getByRole('button', { name: 'Опубликовать…' }).click();
  const dialog = deputy.getByRole('dialog');
  await dialog.getByLabel('Действует с').fill(day(1));
  await dialog.getByRole('button', { name: 'Опубликовать', exact: true }).click();
  await expect(dialog).toContainText('Расписание опубликовано', { timeout: 30_000 });

  // a lesson of a subgroup, with its class and teacher
  const [[load, lesson, , group, classId, className, person, teacherName]] = await server.sql(`
    select l.load_id, l.id, l.held_on, g.name, c.id, c.name, e.person_id, full_name(p.last_name, p.first_name, null)
    from lesson l join load_audience a on a.school_id = l.school_id and a.load_id = l.load_id
    join subgroup g on g.school_id = a.school_id and g.id = a.subgroup_id join class c on c.school_id = g.school_id and c.id = g.class_id
    join load_teacher t on t.school_id = l.school_id and t.load_id = l.load_id
    join employee e on e.school_id = t.school_id and e.id = t.employee_id join person p on p.id = e.person_id
    where l.school_id = ${school} and l.held_on >= '${day(1)}' order by l.held_on, l.slot, g.name, e.id limit 1`);
  // marks are given for what was held: the first of the lessons to come is held today
  const held = TODAY;
  await server.sql(`update lesson set held_on = '${held}' where school_id = ${school} and id = ${lesson}`);

  // ── pupils and parents, with one wrong row and a class that is not there ──
  await open(deputy, '/classes');
  await expect(deputy.getByText('В классах пока никого нет')).toBeVisible();
  await deputy.getByRole('link', { name: 'Загрузить список' }).click();
  await expect(deputy).toHaveURL(/\/classes\/import$/);
  const rows = [
    'ФИО ребёнка;День, когда родился;Класс;Мать;Телефон матери',
    `Ёлкин Артём Ильич;05.09.2013;${className};Ёлкина Мария Олеговна;8 (916) 123-45-67`,
    `Жукова Вера Павловна;07.03.2013;${className};Жукова Анна Сергеевна;+7 916 000-00-02`,
    `Ёлкина Дарья Ильинична;01.02.2012;${className};Ёлкина Мария Олеговна;+7 916 123-45-67`,
    `Зорин Лев;31.02.2013;${className};;`,
    'Ивин Ян;05.09.2013;Такого нет;;',
  ];
  const list = deputy.getByLabel('Файл со списком');
  await list.setInputFiles({ name: 'ученики.csv', mimeType: 'text/csv', buffer: windows1251(`${rows.join('\r\n')}\r\n`) });
  // a head that nobody could guess is named by a person
  await expect(deputy.getByRole('alert')).toContainText('Дата рождения', { timeout: 20_000 });
  const yes = deputy.getByRole('button', { name: 'Загрузить', exact: true });
  await expect(yes).toBeDisabled();
  await deputy.getByLabel('Что в столбце «День, когда родился»').selectOption({ label: 'Дата рождения' });
  const outcome = deputy.getByRole('region', { name: 'Что получится' });
  await expect(outcome.getByText('Новых учеников')).toBeVisible();
  await expect(outcome.locator('dd').first()).toHaveText('3');
  await expect(outcome).toContainText('Таких классов в школе нет');
  await expect(outcome.getByRole('row', { name: /^5 .*31\.02\.2013/ })).toBeVisible();
  await wellMade(deputy, 'a list shown');
  await expect(yes).toBeDisabled();
  await deputy.getByLabel(/2 строки с ошибками пропустить/).check();
  await yes.click();
  await expect(deputy.getByRole('heading', { name: 'Список загружен' })).toBeVisible({ timeout: 20_000 });
  expect(await server.ask(`select count(*) from pupil where school_id = ${school}`)).toBe('3');
  // siblings have one mother
  expect(await server.ask(`select count(*) from school_person where school_id = ${school}
    and person_id in (select guardian_id from guardianship)`)).toBe('2');
  // the same file again: nothing to load
  await list.setInputFiles({ name: 'ученики.csv', mimeType: 'text/csv', buffer: windows1251(`${rows.join('\r\n')}\r\n`) });
  await deputy.getByLabel('Что в столбце «День, когда родился»').selectOption({ label: 'Дата рождения' });
  await expect(deputy.getByText('загружать нечего')).toBeVisible();
  await expect(yes).toBeDisabled();

  // ── subgroups ──
  await open(deputy, `/classes/${classId}`);
  await expect(deputy.getByRole('heading', { level: 1 })).toContainText(className);
  const split = deputy.locator('details').filter({ hasText: group }).first();
  await split.getByRole('button', { name: 'Поделить по алфавиту' }).click();
  await split.getByLabel('Подгруппа: Ёлкин Артём Ильич').selectOption({ label: group });
  await split.getByRole('button', { name: 'Сохранить' }).click();
  await expect(split.getByText('Сохранено')).toBeVisible();
  await wellMade(deputy, 'a class with subgroups');
  expect(await server.ask(`select count(*) from subgroup_member m join subgroup g on g.id = m.subgroup_id
    join pupil p on p.id = m.pupil_id join person w on w.id = p.person_id
    where m.school_id = ${school} and g.name = '${group.replaceAll("'", "''")}' and w.first_name = 'Артём'`)).toBe('1');
  // passwords are not the deputy's
  await expect(deputy.getByRole('link', { name: 'Логины и пароли' })).toHaveCount(0);

  // ── the secretary: slips for the class and for the teacher ──
  const secretary = await as('nobody');
  await enter(secretary, second, 'три корабля у пристани');
  await expect(secretary).toHaveURL(/\/classes$/);
  await secretary.getByRole('link', { name: 'Логины и пароли' }).click();
  await expect(secretary).toHaveURL(/\/accounts/);
  await expect(secretary.getByRole('heading', { level: 1 })).toHaveText(/Логины и пароли/);
  await secretary.getByRole('link', { name: new RegExp(`^${className.replace(/[^\w ]/g, '.')}`) }).first().click();
  await secretary.getByRole('button', { name: 'Выдать 5 паролей' }).click();
  const slips = secretary.getByRole('region', { name: '5 листков' });
  await expect(slips).toBeVisible({ timeout: 30_000 });
  await wellMade(secretary, 'slips');
  const read = async (who: string): Promise<Slip> => {
    const slip = secretary.locator('.slip').filter({ hasText: who });
    await expect(slip).toHaveCount(1);
    await expect(slip).toContainText('Школа из файла');
    await expect(slip).toContainText(server.url);
    const [login, password] = await slip.locator('.slip-secret').allTextContents();
    return { login, password };
  };
  const mother = await read('Ёлкина Мария Олеговна');
  // on paper there are slips and nothing else
  await secretary.emulateMedia({ media: 'print' });
  await expect(slips.locator('.slip')).toHaveCount(5);
  await expect(slips.locator('.slip').first()).toBeVisible();
  await expect(secretary.getByRole('navigation', { name: 'Разделы' })).toBeHidden();
  await expect(secretary.getByRole('heading', { level: 1 })).toBeHidden();
  await secretary.emulateMedia({ media: null });
  // the page keeps nothing: whoever comes back sees states
  await open(secretary, `/accounts/${classId}`);
  await expect(secretary.locator('.slip')).toHaveCount(0);
  await expect(secretary.getByText('листок выдан')).toHaveCount(5);
  await open(secretary, '/accounts/staff');
  await secretary.getByRole('button', { name: 'Никого' }).click();
  await secretary.getByRole('checkbox', { name: teacherName }).first().check();
  await secretary.getByRole('button', { name: 'Выдать 1 пароль' }).click();
  await expect(secretary.locator('.slip')).toHaveCount(1, { timeout: 30_000 });
  const teacherSlip = await read(teacherName);
  expect(await server.ask(`select person_id from account where login = '${teacherSlip.login}'`)).toBe(person);
  // in clear nowhere
  expect(await server.ask(`select count(*) from audit_event where new::text like '%${mother.password}%'`)).toBe('0');

  // ── the teacher gives a mark ──
  const teacher = await as('nobody');
  await enter(teacher, teacherSlip, 'каша и самовар на столе');
  await open(teacher, '/journal');
  await teacher.locator(`main a[href="/journal/${load}"]`).last().click();
  await ready(teacher);
  await expect(teacher.getByRole('grid')).toBeVisible();
  await teacher.getByLabel('Что показать').selectOption(lesson);
  const row = teacher.getByRole('row').filter({ has: teacher.getByRole('rowheader', { name: /Ёлкин Артём/ }) });
  await row.locator('.grid-cell').first().click();
  await teacher.keyboard.press('5');
  await saved(teacher);

  // ── the mother sees it, on her phone ──
  const parent = await as('nobody', PHONE);
  await enter(parent, mother, 'четыре кошки на крыше');
  await expect(parent).toHaveURL(/\/diary/);
  const children = parent.getByRole('navigation', { name: 'Дети' });
  await expect(children.getByRole('link')).toHaveCount(2);
  const artyom = (await children.getByRole('link', { name: /Артём/ }).getAttribute('href'))!;
  await open(parent, `${artyom.replace(/\/$/, '')}/${held}`);
  await expect(parent.getByRole('button', { name: /отметка 5/i }).first()).toBeVisible();
});

test('who may not load lists or issue passwords is told so', async ({ as, watch }) => {
  watch.allow(/status of (403|404)/);
  const teacher = await as('teacher');
  await open(teacher, '/classes/import');
  await expect(teacher.getByRole('heading', { name: /Нет права/ })).toBeVisible();
  await open(teacher, '/accounts');
  await expect(teacher.getByRole('heading', { name: /Не нашли/ })).toBeVisible();
});
