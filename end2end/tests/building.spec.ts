// «Здания»: where rooms lie and how long one walks is said on a page; the editor's cells turn red where the break is too short for the way.
import { expect, open, PHONE, test } from '../support/test';
import { overflow, violations } from '../support/axe';
import { copyOfDraft, Editor } from '../support/editor';
import { algebra, SCHOOL } from '../support/places';

test('a way longer than the break turns a cell red, and the review names the lesson in the other building; on a narrow window', async ({ as, server, watch }) => {
  test.setTimeout(150_000);
  const ask = (sql: string) => server.ask(sql);
  // as if nobody had said yet where anything lies
  await server.sql(`update room set building_id = null, floor = null where school_id = ${SCHOOL};
    delete from building where school_id = ${SCHOOL}`);
  const page = await as('deputy', { ...PHONE, viewport: { width: 360, height: 740 } });
  await open(page, '/timetable/requirements');
  await page.getByRole('link', { name: 'Здания' }).click();
  await expect(page.getByText('Зданий пока нет')).toBeVisible();
  for (const name of ['Старый корпус', 'Новый корпус']) {
    const fresh = page.locator('form').filter({ has: page.getByRole('button', { name: 'Добавить' }) });
    await fresh.getByLabel('Название').fill(name);
    await fresh.getByRole('button', { name: 'Добавить' }).click();
    await expect(page.getByRole('button', { name: `Убрать здание: ${name}` })).toBeVisible();
  }
  await expect.poll(() => ask(`select count(*) from building where school_id = ${SCHOOL}`)).toBe('2');
  // ways appear with the second building
  const way = page.getByLabel(/корпус — .* корпус, минут/);
  await way.fill('175');
  await way.blur();
  await expect.poll(() => ask(`select coalesce(max(minutes), 0) from building_walk where school_id = ${SCHOOL}`)).toBe('175');
  // one room by hand, with its floor
  const name = await ask(`select name from room where school_id = ${SCHOOL} order by name, id limit 1`);
  await page.getByLabel(`Здание кабинета ${name}`, { exact: true }).selectOption({ label: 'Новый корпус' });
  const building = () => ask(`select coalesce(b.name, '') || ' ' || coalesce(r.floor::text, '') from room r
    left join building b on b.school_id = r.school_id and b.id = r.building_id where r.school_id = ${SCHOOL} and r.name = '${name}'`);
  await expect.poll(building).toBe('Новый корпус ');
  await page.getByLabel(`Этаж кабинета ${name}`, { exact: true }).fill('3');
  await page.getByLabel(`Этаж кабинета ${name}`, { exact: true }).blur();
  await expect.poll(building).toBe('Новый корпус 3');
  expect(await overflow(page)).toEqual([]);
  expect(await violations(page)).toEqual([]);
  // a building with rooms does not go
  watch.allow(/status of 422/);
  await page.getByRole('button', { name: 'Убрать здание: Новый корпус' }).click();
  await expect(page.getByRole('alert')).toContainText('Сначала переведите');
  // all rooms in the old building but one; the algebra of 7А must be in that one: a lesson lies there, another waits in the tray
  const version = await copyOfDraft(server, 'Два корпуса');
  const load = await algebra(server);
  const room = await ask(`select id from room r where school_id = ${SCHOOL} and not exists (select from class c
    where c.school_id = r.school_id and c.home_room_id = r.id) order by name desc limit 1`);
  const of = `card k join load_audience a on a.school_id = k.school_id and a.load_id = k.load_id
    where k.school_id = ${SCHOOL} and k.version_id = ${version} and a.class_id = (select class_id from load_audience
      where school_id = ${SCHOOL} and load_id = ${load} and subgroup_id is null limit 1)`;
  const placed = await ask(`with own as (select k.id, k.load_id, k.day, k.slot, k.duration from ${of} and k.day is not null)
    select o.id from own o where o.load_id <> ${load} and exists (select from own n where n.day = o.day and n.slot = o.slot + o.duration)
    order by o.day, o.slot limit 1`);
  const waiting = await ask(`select min(id) from card where school_id = ${SCHOOL} and version_id = ${version} and load_id = ${load}`);
  await server.sql(`update room set building_id = (select id from building where school_id = ${SCHOOL} and name = 'Старый корпус'), floor = 1
      where school_id = ${SCHOOL};
    update room set building_id = (select id from building where school_id = ${SCHOOL} and name = 'Новый корпус')
      where school_id = ${SCHOOL} and id = ${room};
    update card set room_id = ${room} where school_id = ${SCHOOL} and id = ${placed};
    update card set day = null, slot = null, room_id = null where school_id = ${SCHOOL} and id = ${waiting};
    with made as (insert into requirement (school_id, kind, load_id, weight, changed_at)
      values (${SCHOOL}, 'rooms', ${load}, 'must', now()) returning id)
    insert into requirement_room (school_id, requirement_id, place, room_id) select ${SCHOOL}, id, 1, ${room} from made`);
  const wide = await as('deputy');
  const editor = await Editor.open(wide, version);
  await editor.choose('Класс', '7А');
  // the review tells of the ways as things lie
  await wide.getByRole('button', { name: /Проверка/ }).click();
  await expect(wide.getByText(/не успевает перейти: рядом по времени/).first()).toBeVisible();
  await wide.keyboard.press('Escape');
  await editor.tray.getByRole('button', { name: /Алгебра/ }).click();
  await expect(editor.cells('clash').filter({ hasText: 'Не успеть' }).first()).toBeVisible();
  await server.sql(`delete from requirement where school_id = ${SCHOOL} and kind = 'rooms' and load_id = ${load}`);
});
