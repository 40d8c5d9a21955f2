// Rooms that a FET file wants lessons to take together: told before they are written, a line each among the requirements, made milder and removed.
import { expect, open, test } from '../support/test';
import { overflow, violations } from '../support/axe';
import { appoint, emptySchool, enter } from '../support/newcomers';

const said = (kind: string, fields: string): string => `<${kind}><Weight_Percentage>100</Weight_Percentage>${fields}<Active>true</Active><Comments></Comments></${kind}>`;
const names = (list: string, of: string, all: string[]): string => `<${list}>${all.map((name) => `<${of}><Name>${name}</Name></${of}>`).join('')}</${list}>`;
const lessons: [string, string, number][] = [['Счётова Анна Ивановна', 'Счёт', 1], ['Счётова Анна Ивановна', 'Счёт', 2], ['Чтецов Пётр Ильич', 'Чтение', 3], ['Чтецов Пётр Ильич', 'Чтение', 4]];

/** Two lessons of arithmetic and two of reading; three of the four are in one room, one of each keeps it where they follow at once. */
function school(): Buffer {
  const activities = lessons.map(
    ([teacher, subject, id]) => `<Activity><Teacher>${teacher}</Teacher><Subject>${subject}</Subject><Students>5Ч</Students><Duration>1</Duration>
      <Total_Duration>1</Total_Duration><Id>${id}</Id><Activity_Group_Id>0</Activity_Group_Id><Active>true</Active></Activity>`,
  );
  const of = (...ids: number[]): string => `<Number_of_Activities>${ids.length}</Number_of_Activities>${ids.map((id) => `<Activity_Id>${id}</Activity_Id>`).join('')}`;
  const space = [
    said('ConstraintBasicCompulsorySpace', ''),
    said('ConstraintActivitiesOccupyMaxDifferentRooms', `${of(1, 2, 3)}<Max_Number_of_Different_Rooms>1</Max_Number_of_Different_Rooms>`),
    said('ConstraintActivitiesSameRoomIfConsecutive', of(2, 4)),
  ];
  return Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>
<fet version="6.8.5"><Mode>Official</Mode><Institution_Name>Школа кабинетов</Institution_Name><Comments></Comments>
${names('Days_List', 'Day', ['Пн', 'Вт', 'Ср', 'Чт', 'Пт'])}${names('Hours_List', 'Hour', ['1', '2', '3', '4', '5'])}${names('Subjects_List', 'Subject', ['Счёт', 'Чтение'])}<Activity_Tags_List></Activity_Tags_List>
${names('Teachers_List', 'Teacher', ['Счётова Анна Ивановна', 'Чтецов Пётр Ильич'])}${names('Students_List', 'Year', ['5Ч'])}<Activities_List>${activities.join('\n')}</Activities_List>
<Buildings_List></Buildings_List>${names('Rooms_List', 'Room', ['К1', 'К2']).replaceAll('</Name>', '</Name><Capacity>30</Capacity>')}<Time_Constraints_List>${said('ConstraintBasicCompulsoryTime', '')}</Time_Constraints_List>
<Space_Constraints_List>${space.join('\n')}</Space_Constraints_List></fet>`);
}

test('rooms that a file wants lessons to share are requirements, each of which is made milder or removed', async ({ as, server }) => {
  test.setTimeout(120_000);
  const id = await emptySchool(server, 905, 'Школа кабинетов');
  const page = await as('nobody');
  await enter(page, await appoint(server, id, 'deputy', 'Ровная Вера Ильинична'), 'синий ёж и лес за рекой');
  await open(page, '/import');
  await page.getByLabel('Файл FET').setInputFiles({ name: 'school.fet', mimeType: 'application/xml', buffer: school() });
  await expect(page.getByText('Требование «Кабинетов на все уроки — не больше» у 1 набора уроков', { exact: false })).toBeVisible({ timeout: 30_000 });
  await page.getByRole('button', { name: 'Импортировать' }).click();
  await expect(page).toHaveURL(/\/timetable\/\d+$/, { timeout: 30_000 });
  const rows = () =>
    server.ask(`select coalesce(string_agg(kind || ' ' || weight, ', ' order by kind), 'none') from requirement where school_id = ${id} and lesson_list_id is not null`);
  expect(await rows()).toBe('rooms_at_most must, same_room_in_a_row must');
  await page.setViewportSize({ width: 360, height: 740 });
  await open(page, '/timetable/requirements?part=subjects');
  const lists = page.getByRole('region', { name: /^Кабинеты уроков из файла/ });
  const few = lists.getByText('Кабинетов на все уроки — не больше: 1, ', { exact: false });
  await few.click();
  const form = lists.getByRole('group', { name: /^Кабинетов на все уроки/ });
  await form.getByLabel('Насколько важно').selectOption({ label: 'желательно' });
  await form.getByRole('button', { name: 'Сохранить' }).click();
  await expect.poll(rows).toBe('rooms_at_most rather, same_room_in_a_row must');
  await expect(few).toContainText('желательно');
  expect(await violations(page)).toEqual([]);
  expect(await overflow(page)).toEqual([]);
  await lists.getByText('Подряд — в одном кабинете: ', { exact: false }).click();
  await lists.getByRole('button', { name: 'Убрать: Подряд — в одном кабинете' }).click();
  await expect.poll(rows).toBe('rooms_at_most rather');
  await expect(lists.getByText('Подряд — в одном кабинете: ', { exact: false })).toHaveCount(0);
});
