// A school day, end to end: a deputy director builds tomorrow's timetable, a teacher opens the lesson and fills the
// grade grid, a parent opens the diary on a phone and sees it.
import { type As, day, expect, open, PHONE, ready, test } from '../support/test';
import { copyOfDraft, Editor } from '../support/editor';
import { press, saved } from '../support/grid';
import { algebra, SCHOOL } from '../support/places';
import { signInByPage } from '../support/people';
import { Server } from '../support/programs';

test('a school day', async ({ as, server, watch }) => {
  // a server that is stopped while a page asks for its unread notices
  watch.allow(/ERR_CONNECTION_REFUSED \(.*notice\/unread\)/);
  test.setTimeout(150_000);
  const tomorrow = day(1);
  const load = await algebra(server);

  // ── the deputy director ──
  const deputy = await as('nobody');
  await signInByPage(deputy, 'deputy');
  await expect(deputy.getByRole('heading', { level: 1 })).toHaveText('Расписание');
  const editor = await Editor.open(deputy, await copyOfDraft(server, 'С завтрашнего дня'));
  await editor.choose('Класс', '7А');
  const card = editor.tray.getByRole('button', { name: /Алгебра/ });
  const weekday = ['Вс', 'Пн', 'Вт', 'Ср', 'Чт', 'Пт', 'Сб'][new Date(`${tomorrow}T12:00:00Z`).getUTCDay()];
  for (let left = 3; left > 0; left -= 1) {
    await card.click();
    const places = editor.panel.getByRole('listitem').getByRole('button');
    await expect(places.first()).toBeVisible();
    // one of them tomorrow, if a place is left there
    const wanted = places.filter({ hasText: new RegExp(`^${weekday}`) });
    await ((await wanted.count()) > 0 && left === 3 ? wanted.first() : places.first()).click();
    await editor.saved();
  }
  await expect(editor.tray).toContainText('Всё размещено');
  await deputy.getByRole('button', { name: 'Опубликовать…' }).click();
  const dialog = deputy.getByRole('dialog');
  await dialog.getByLabel('Действует с').fill(tomorrow);
  await dialog.getByRole('button', { name: 'Опубликовать', exact: true }).click();
  await expect(dialog).toContainText('Расписание опубликовано', { timeout: 30_000 });
  await expect(dialog).toContainText('«Основное расписание» закончится накануне');
  await dialog.getByRole('link', { name: 'К списку версий' }).click();
  await expect(deputy.getByRole('link', { name: 'С завтрашнего дня', exact: true })).toBeVisible();

  // ── the teacher, in the first lesson by the new timetable ──
  const [[lesson, held]] = await server.sql(`select id, held_on from lesson where school_id = ${SCHOOL} and load_id = ${load}
    and held_on >= '${tomorrow}' and state <> 'cancelled' order by held_on, slot limit 1`);
  // that day comes: another server on the same database, by the clock of its morning
  const morning = await Server.start(server.databaseUrl, `${held} 07:00:00`);
  try {
    await lived(as, morning, load, lesson, held);
  } finally {
    await morning.stop();
  }
});

async function lived(as: As, morning: Server, load: string, lesson: string, held: string): Promise<void> {
  const teacher = await as('nobody', {}, morning);
  await signInByPage(teacher, 'teacher');
  await open(teacher, '/journal');
  await teacher.locator(`main a[href="/journal/${load}"]`).last().click();
  await ready(teacher);
  await expect(teacher.getByRole('grid')).toBeVisible();
  await teacher.getByLabel('Что показать').selectOption(lesson);
  const row = (name: string) => teacher.getByRole('row').filter({ has: teacher.getByRole('rowheader', { name: new RegExp(name) }) }).locator('.grid-cell').first();
  await row('Соколов Артём').click();
  await teacher.keyboard.press('5');
  await row('Соколов Артём').click();
  await teacher.keyboard.press('Shift+F2');
  const sheet = teacher.getByRole('dialog');
  await sheet.getByLabel('Комментарий к отметке').fill('Красивое решение');
  await sheet.getByRole('button', { name: 'Сохранить' }).click();
  await expect(sheet.getByText('Записано')).toBeVisible();
  await sheet.getByRole('button', { name: 'Закрыть' }).click();
  await teacher.keyboard.press('Alt+Enter');
  await sheet.getByLabel('Тема урока').fill('Формулы сокращённого умножения');
  await sheet.getByLabel('Домашнее задание').fill('№ 831, 833 (а, б)');
  await sheet.getByRole('button', { name: 'Сохранить' }).first().click();
  await expect(sheet.getByText('Записано')).toBeVisible();
  await sheet.getByRole('button', { name: 'Закрыть' }).click();
  // and somebody is away
  const others = teacher.getByRole('row').filter({ has: teacher.getByRole('rowheader') }).filter({ hasNotText: 'Соколов Артём' });
  await others.first().locator('.grid-cell').first().click();
  await press(teacher, 'н');
  await saved(teacher);

  // ── the parent, on a phone ──
  const parent = await as('nobody', PHONE, morning);
  await signInByPage(parent, 'parent');
  await expect(parent).toHaveURL(/\/diary/);
  await ready(parent);
  const news = parent.getByRole('region', { name: /Новое/ });
  await expect(news).toContainText('Алгебра');
  const pupil = (await parent.getByRole('navigation', { name: 'Дети' }).getByRole('link', { name: /Артём/ }).getAttribute('href'))!;
  await open(parent, `${pupil}/${held}`);
  const there = parent.getByRole('listitem').filter({ hasText: 'Формулы сокращённого умножения' });
  await expect(there).toContainText('Алгебра');
  await there.getByRole('button', { name: /отметка 5/i }).click();
  await expect(parent.locator(':popover-open')).toContainText('Красивое решение');
  await parent.keyboard.press('Escape');
  await expect(parent.getByText('№ 831, 833 (а, б)').first()).toBeAttached();

  // It is new for a sitting (a parent looks twice at breakfast), and at the next visit no more.
  await morning.sql(`update diary_visit set seen_at = seen_at + interval '1 minute', previous_at = seen_at + interval '1 minute'`);
  await open(parent, '/diary');
  await expect(parent.getByRole('region', { name: /Новое/ })).toHaveCount(0);
}
