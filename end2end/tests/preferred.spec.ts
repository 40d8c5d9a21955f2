// A school from a FET file with preferred times and a pair that must be: the deputy sees both as rows, composes, and they hold.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { expect, open, test } from '../support/test';
import { overflow, violations } from '../support/axe';

const SCHOOL = 12;
const DAYS = ['Пн', 'Вт', 'Ср', 'Чт', 'Пт'];
const HOURS = ['1', '2', '3', '4', '5', '6'];

const named = (element: string, names: string[]) => names.map((name) => `<${element}><Name>${name}</Name></${element}>`).join('');

/** Mathematics in the first two hours only, gymnastics rather not first, the seminar right after its lecture. */
function school(): string {
  const lessons: [string, string][] = [
    ['Подсчётов Иван Ильич', 'Часовая математика'], ['Подсчётов Иван Ильич', 'Часовая математика'],
    ['Гибкова Анна Львовна', 'Часовая гимнастика'], ['Гибкова Анна Львовна', 'Часовая гимнастика'],
    ['Лекторова Ольга Петровна', 'Часовая лекция'], ['Подсчётов Иван Ильич', 'Часовой семинар'],
  ];
  const activities = lessons.map(([teacher, subject], at) =>
    `<Activity><Teacher>${teacher}</Teacher><Subject>${subject}</Subject><Students>9Ч</Students><Duration>1</Duration><Total_Duration>1</Total_Duration>
     <Id>${at + 1}</Id><Activity_Group_Id>0</Activity_Group_Id><Active>true</Active></Activity>`);
  const times = (weight: number, subject: string, may: (hour: number) => boolean) => {
    const good = DAYS.flatMap((day) => HOURS.filter((hour) => may(Number(hour))).map((hour) => [day, hour]));
    const cells = good.map(([day, hour]) => `<Preferred_Time_Slot><Preferred_Day>${day}</Preferred_Day><Preferred_Hour>${hour}</Preferred_Hour></Preferred_Time_Slot>`);
    return `<ConstraintActivitiesPreferredTimeSlots><Weight_Percentage>${weight}</Weight_Percentage><Teacher_Name></Teacher_Name><Students_Name></Students_Name>
      <Subject_Name>${subject}</Subject_Name><Activity_Tag_Name></Activity_Tag_Name><Number_of_Preferred_Time_Slots>${good.length}</Number_of_Preferred_Time_Slots>
      ${cells.join('')}<Active>true</Active></ConstraintActivitiesPreferredTimeSlots>`;
  };
  return `<?xml version="1.0" encoding="UTF-8"?><fet version="6.8.5"><Mode>Official</Mode><Institution_Name>Школа часов</Institution_Name>
    <Days_List><Number_of_Days>5</Number_of_Days>${named('Day', DAYS)}</Days_List><Hours_List><Number_of_Hours>6</Number_of_Hours>${named('Hour', HOURS)}</Hours_List>
    <Subjects_List>${named('Subject', ['Часовая математика', 'Часовая гимнастика', 'Часовая лекция', 'Часовой семинар'])}</Subjects_List>
    <Teachers_List>${named('Teacher', ['Подсчётов Иван Ильич', 'Гибкова Анна Львовна', 'Лекторова Ольга Петровна'])}</Teachers_List>
    <Students_List>${named('Year', ['9Ч'])}</Students_List><Activities_List>${activities.join('')}</Activities_List>
    <Time_Constraints_List>
      ${times(100, 'Часовая математика', (hour) => hour <= 2)}
      ${times(60, 'Часовая гимнастика', (hour) => hour > 1)}
      <ConstraintTwoActivitiesConsecutive><Weight_Percentage>100</Weight_Percentage><First_Activity_Id>5</First_Activity_Id><Second_Activity_Id>6</Second_Activity_Id><Active>true</Active></ConstraintTwoActivitiesConsecutive>
      <ConstraintTeachersMaxAfternoonsPerWeek><Weight_Percentage>100</Weight_Percentage><Max_Afternoons_Per_Week>2</Max_Afternoons_Per_Week></ConstraintTeachersMaxAfternoonsPerWeek>
    </Time_Constraints_List></fet>`;
}

async function chosen(page: Page, subject: string): Promise<void> {
  await open(page, '/timetable/requirements?part=subjects');
  await page.locator('#rq-of').selectOption({ label: subject });
  await expect(page.getByRole('heading', { name: `Когда ставить: ${subject}` })).toBeVisible();
}

test('preferred times and a must pair of a FET file are rows, and what is composed keeps to them', async ({ as, server }) => {
  test.setTimeout(180_000);
  const folder = mkdtempSync(path.join(tmpdir(), 'parta-hours.'));
  const page = await as('deputy2');
  try {
    const file = path.join(folder, 'hours.fet');
    writeFileSync(file, school());
    await open(page, '/import');
    await page.getByLabel('Файл FET').setInputFiles(file);
    // what comes along and what does not is told before anything is written, by name and count
    await expect(page.getByText('Часы, когда предмет не ставят (предметов: обязательно — 1, желательно — 1).')).toBeVisible({ timeout: 30_000 });
    await expect(page.getByText('Требование «Сразу друг за другом» у 1 пары нагрузок (обязательно — 1).')).toBeVisible();
    await expect(page.getByText('Пределы утренних и дневных занятий: 1 (ConstraintTeachersMaxAfternoonsPerWeek', { exact: false })).toBeVisible();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Импортировать' }).click();
    await expect(page).toHaveURL(/\/timetable\/\d+$/, { timeout: 30_000 });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const draft = page.url().split('/').pop()!;
  // the rows: mathematics may not lie later than in the second hour
  await chosen(page, 'Часовая математика');
  const hour = (day: number, slot: number) => page.locator(`[data-hour="${day}-${slot}"]`);
  await expect(hour(0, 1)).not.toHaveAttribute('data-weight', /./);
  await expect(hour(0, 2)).toHaveAttribute('data-weight', 'must');
  await expect(page.locator('.rq-line').filter({ hasText: 'Часовая математика' })).toContainText('обязательно');
  await expect(page.locator('.rq-line').filter({ hasText: 'Сразу друг за другом: Часовая лекция' })).toContainText('обязательно');
  for (const size of [{ width: 360, height: 740 }, { width: 1440, height: 900 }]) {
    await page.setViewportSize(size);
    expect(await violations(page)).toEqual([]);
    expect(await overflow(page)).toEqual([]);
  }
  // a wish is made heavier by hand, of the subject's only load
  await chosen(page, 'Часовая гимнастика');
  await expect(hour(2, 0)).toHaveAttribute('data-weight', 'rather');
  await page.getByRole('button', { name: 'Закрасить целиком: 1', exact: true }).click();
  await page.getByRole('button', { name: 'Сохранить часы' }).click();
  await expect(page.locator('.toasts')).toContainText('Сохранено', { timeout: 20_000 });
  await expect(hour(2, 0)).toHaveAttribute('data-weight', 'must');
  const musts = `select count(*) from unavailability u join subject s on s.school_id = u.school_id and s.id = u.subject_id
    where u.school_id = ${SCHOOL} and s.name = 'Часовая гимнастика' and u.weight = 'must'`;
  expect(await server.ask(musts)).toBe('5');
  // a held card says why a cell is closed
  await open(page, `/timetable/${draft}`);
  await page.locator('.tt-tray').getByRole('button', { name: /Часовая математика/ }).first().click();
  await expect(page.locator('.tt-cell[data-verdict="clash"]').filter({ hasText: 'Не время предмета' }).first()).toBeVisible();
  await page.keyboard.press('Escape');
  // composed: all of it holds
  await page.getByRole('button', { name: /^Составить…|^Составляется…/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Составить расписание' });
  await dialog.getByRole('radio', { name: '10 секунд' }).check({ force: true });
  await dialog.getByRole('button', { name: 'Составить' }).click();
  await expect(dialog).toContainText('Расписание составлено.', { timeout: 90_000 });
  await expect(dialog.getByRole('row', { name: /Не размещено карточек/ }).getByRole('cell').last()).toHaveText(/^0/);
  await dialog.getByRole('link', { name: 'Открыть результат' }).click();
  await expect(page).not.toHaveURL(new RegExp(`/timetable/${draft}$`));
  await expect(page).toHaveURL(/\/timetable\/\d+$/);
  const made = page.url().split('/').pop()!;
  const where = async (subject: string) => {
    const found = await server.ask(`select string_agg(c.day || '-' || c.slot, ' ' order by c.day, c.slot) from card c
      join teaching_load l on l.school_id = c.school_id and l.id = c.load_id join subject s on s.school_id = l.school_id and s.id = l.subject_id
      where c.school_id = ${SCHOOL} and c.version_id = ${made} and s.name = '${subject}'`);
    return found.split(' ').map((at) => at.split('-').map(Number) as [number, number]);
  };
  for (const [, slot] of await where('Часовая математика')) expect(slot).toBeLessThan(2);
  for (const [, slot] of await where('Часовая гимнастика')) expect(slot).toBeGreaterThan(0);
  const [[day, slot]] = await where('Часовая лекция');
  expect(await where('Часовой семинар')).toEqual([[day, slot + 1]]);
});
