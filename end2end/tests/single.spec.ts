// What a FET file requires of single lessons is told before it is written, closes cells with a reason, and is switched off with one word.
import { expect, open, test } from '../support/test';
import { violations } from '../support/axe';
import { appoint, emptySchool, enter } from '../support/newcomers';

const said = (kind: string, fields: string): string => `<${kind}><Weight_Percentage>100</Weight_Percentage>${fields}<Active>true</Active><Comments></Comments></${kind}>`;
const names = (list: string, of: string, all: string[]): string => `<${list}>${all.map((name) => `<${of}><Name>${name}</Name></${of}>`).join('')}</${list}>`;
const lessons: [string, string, number][] = [['Счётова Анна Ивановна', 'Счёт', 1], ['Счётова Анна Ивановна', 'Счёт', 2], ['Чтецов Пётр Ильич', 'Чтение', 3], ['Чтецов Пётр Ильич', 'Чтение', 4]];

/** Two lessons of arithmetic, the first of which lies on Monday in the second hour; both of reading begin at the same hour as it. */
function school(): Buffer {
  const activities = lessons.map(
    ([teacher, subject, id]) => `<Activity><Teacher>${teacher}</Teacher><Subject>${subject}</Subject><Students>5Ч</Students><Duration>1</Duration>
      <Total_Duration>1</Total_Duration><Id>${id}</Id><Activity_Group_Id>0</Activity_Group_Id><Active>true</Active></Activity>`,
  );
  const time = [
    said('ConstraintBasicCompulsoryTime', ''),
    said('ConstraintActivityPreferredStartingTime', '<Activity_Id>1</Activity_Id><Preferred_Day>Пн</Preferred_Day><Preferred_Hour>2</Preferred_Hour><Permanently_Locked>false</Permanently_Locked>'),
    said('ConstraintActivitiesSameStartingHour', '<Number_of_Activities>3</Number_of_Activities><Activity_Id>1</Activity_Id><Activity_Id>3</Activity_Id><Activity_Id>4</Activity_Id>'),
  ];
  return Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>
<fet version="6.8.5"><Mode>Official</Mode><Institution_Name>Школа уроков</Institution_Name><Comments></Comments>
${names('Days_List', 'Day', ['Пн', 'Вт', 'Ср', 'Чт', 'Пт'])}${names('Hours_List', 'Hour', ['1', '2', '3', '4', '5'])}${names('Subjects_List', 'Subject', ['Счёт', 'Чтение'])}<Activity_Tags_List></Activity_Tags_List>
${names('Teachers_List', 'Teacher', ['Счётова Анна Ивановна', 'Чтецов Пётр Ильич'])}${names('Students_List', 'Year', ['5Ч'])}<Activities_List>${activities.join('\n')}</Activities_List>
<Buildings_List></Buildings_List><Rooms_List></Rooms_List><Time_Constraints_List>${time.join('\n')}</Time_Constraints_List>
<Space_Constraints_List>${said('ConstraintBasicCompulsorySpace', '')}</Space_Constraints_List></fet>`);
}

test('a rule of the file about single lessons closes cells until the school switches it off', async ({ as, server }) => {
  test.setTimeout(120_000);
  const id = await emptySchool(server, 904, 'Школа уроков');
  const page = await as('nobody');
  await enter(page, await appoint(server, id, 'deputy', 'Точная Вера Ильинична'), 'синий ёж и лес за рекой');
  await open(page, '/import');
  await page.getByLabel('Файл FET').setInputFiles({ name: 'school.fet', mimeType: 'application/xml', buffer: school() });
  await expect(page.getByText('1 обязательное правило об отдельных уроках', { exact: false })).toBeVisible({ timeout: 30_000 });
  expect(await violations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Импортировать' }).click();
  await expect(page).toHaveURL(/\/timetable\/\d+$/, { timeout: 30_000 });
  const draft = new URL(page.url()).pathname;
  const closed = page.locator('.tt-cell[data-verdict="clash"]').filter({ hasText: 'Не на том же уроке' });
  const hold = async (): Promise<void> => {
    await open(page, draft);
    await page.locator('.tt-tray').getByRole('button', { name: /Чтение/ }).first().click();
  };
  await hold();
  await expect(closed.first()).toBeVisible();
  await page.keyboard.press('Escape');
  // one word of the school for all of it
  await open(page, '/timetable/requirements?part=school');
  const rules = page.getByRole('group', { name: /^Правила файла об отдельных уроках/ });
  await rules.getByLabel('Насколько важно').selectOption({ label: 'не учитывать' });
  await rules.getByRole('button', { name: 'Сохранить' }).click();
  const row = `select weight from requirement where school_id = ${id} and kind = 'file_lessons'`;
  await expect.poll(() => server.ask(row)).toBe('off');
  await hold();
  await expect(page.locator('.tt-cell[data-verdict]').first()).toBeVisible();
  await expect(closed).toHaveCount(0);
});
