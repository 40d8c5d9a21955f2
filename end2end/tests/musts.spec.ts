// What a FET file requires at a hundred percent is a must here: named among what collides, red in the editor, loosened by a row.
import { expect, open, test } from '../support/test';
import { violations } from '../support/axe';
import { appoint, emptySchool, enter } from '../support/newcomers';

const said = (kind: string, fields: string, weight = 100): string => `<${kind}><Weight_Percentage>${weight}</Weight_Percentage>${fields}<Active>true</Active><Comments></Comments></${kind}>`;
const names = (list: string, of: string, all: string[]): string => `<${list}>${all.map((name) => `<${of}><Name>${name}</Name></${of}>`).join('')}</${list}>`;

/** A class with three lessons of mathematics on different days, and a teacher who is there on two. */
function school(): Buffer {
  const days = ['Пн', 'Вт', 'Ср', 'Чт', 'Пт'];
  const hours = ['1', '2', '3', '4', '5'];
  const lessons = [1, 2, 3].map(
    (id) => `<Activity><Teacher>Матова Анна Ивановна</Teacher><Subject>Математика</Subject><Students>5Я</Students><Duration>1</Duration>
      <Total_Duration>1</Total_Duration><Id>${id}</Id><Activity_Group_Id>0</Activity_Group_Id><Active>true</Active></Activity>`,
  );
  const away = days.slice(2).flatMap((day) => hours.map((hour) => `<Not_Available_Time><Day>${day}</Day><Hour>${hour}</Hour></Not_Available_Time>`));
  const time = [
    said('ConstraintBasicCompulsoryTime', ''),
    said(
      'ConstraintMinDaysBetweenActivities',
      `<Consecutive_If_Same_Day>true</Consecutive_If_Same_Day><Number_of_Activities>3</Number_of_Activities>${[1, 2, 3].map((id) => `<Activity_Id>${id}</Activity_Id>`).join('')}<MinDays>1</MinDays>`,
    ),
    said('ConstraintTeacherNotAvailableTimes', `<Teacher>Матова Анна Ивановна</Teacher><Number_of_Not_Available_Times>${away.length}</Number_of_Not_Available_Times>${away.join('')}`),
  ];
  return Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>
<fet version="6.8.5"><Mode>Official</Mode><Institution_Name>Школа требований</Institution_Name><Comments></Comments>
${names('Days_List', 'Day', days)}${names('Hours_List', 'Hour', hours)}${names('Subjects_List', 'Subject', ['Математика'])}<Activity_Tags_List></Activity_Tags_List>
${names('Teachers_List', 'Teacher', ['Матова Анна Ивановна'])}${names('Students_List', 'Year', ['5Я'])}<Activities_List>${lessons.join('\n')}</Activities_List>
<Buildings_List></Buildings_List><Rooms_List></Rooms_List><Time_Constraints_List>${time.join('\n')}</Time_Constraints_List>
<Space_Constraints_List>${said('ConstraintBasicCompulsorySpace', '')}</Space_Constraints_List></fet>`);
}

test('a series that must be spread collides by name, and a rule of its load loosens it', async ({ as, server }) => {
  test.setTimeout(120_000);
  const id = await emptySchool(server, 902, 'Школа требований');
  const page = await as('nobody');
  await enter(page, await appoint(server, id, 'deputy', 'Строгая Вера Ильинична'), 'синий ёж и лес за рекой');
  await open(page, '/import');
  await page.getByLabel('Файл FET').setInputFiles({ name: 'school.fet', mimeType: 'application/xml', buffer: school() });
  await expect(page.getByText('Из них обязательных: 1.')).toBeVisible({ timeout: 30_000 });
  await page.getByRole('button', { name: 'Импортировать' }).click();
  await expect(page).toHaveURL(/\/timetable\/\d+$/, { timeout: 30_000 });
  const draft = new URL(page.url()).pathname;
  const compose = page.getByRole('dialog', { name: 'Составить расписание' });
  await page.getByRole('button', { name: /^Составить…|^Составляется…/ }).click();
  await expect(compose).toContainText('Не сходится', { timeout: 30_000 });
  await expect(compose).toContainText(/уроки не рядом по дням: Математика/i);
  expect(await violations(page)).toEqual([]);
  // the school's own word of the load goes before the file's: then two of them may share a day
  await server.sql(`insert into requirement (school_id, kind, load_id, value, weight, changed_at)
    select school_id, 'spread', id, 1, 'very', now() from teaching_load where school_id = ${id}`);
  await open(page, draft);
  await page.getByRole('button', { name: /^Составить…|^Составляется…/ }).click();
  await expect(compose).toContainText('Противоречий в требованиях не видно', { timeout: 30_000 });
});
