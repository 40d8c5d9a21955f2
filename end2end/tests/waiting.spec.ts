// What was typed in the grade grid and waits: without a network, with another tab, after the session has ended.
import { CUT, expect, open, test } from '../support/test';
import { Grid, journal, SAVED, saved } from '../support/grid';
import { endSession, fillSignIn, PASSWORD, signInByPage } from '../support/people';
import { SCHOOL } from '../support/places';

test('the network is cut while typing: what was typed waits and is sent', async ({ as, server, watch }) => {
  watch.allow(CUT);
  const page = await as('teacher');
  const grid = await Grid.open(page, server, await journal(server, 6), 5);
  const { column } = await grid.active();
  await page.context().setOffline(true);
  await page.keyboard.press('5');
  await page.keyboard.press('4');
  await expect(page.locator('.save-status')).toHaveText('2 ждут отправки');
  await expect(grid.at(0, column)).toHaveAttribute('data-state', 'waiting');
  await expect(page.getByText(/Нет связи с сервером\. Можно работать дальше/)).toBeVisible();
  await expect.poll(() => grid.stored(server)).toEqual([]);
  await page.context().setOffline(false);
  await grid.saved();
  await expect.poll(() => grid.stored(server)).toEqual(['5', '4']);
});

test('a tab is closed before it could send: another one sends it', async ({ as, server, watch }) => {
  watch.allow(CUT);
  const page = await as('teacher');
  const load = await journal(server, 3);
  const grid = await Grid.open(page, server, load);
  await page.context().setOffline(true);
  await page.keyboard.press('3');
  await expect(page.locator('.save-status')).toHaveText('1 ждёт отправки');
  const other = await page.context().newPage();
  await page.close();
  await other.context().setOffline(false);
  await open(other, `/journal/${load}`);
  await saved(other);
  await expect.poll(() => grid.stored(server)).toEqual(['3']);
});

test('a tab is closed before it could send: the list of journals sends it, and names what it could not', async ({ as, server, watch }) => {
  watch.allow(CUT);
  const page = await as('teacher');
  const load = await journal(server, 3);
  const grid = await Grid.open(page, server, load);
  await page.context().setOffline(true);
  await page.keyboard.press('3');
  await expect(page.locator('.save-status')).toHaveText('1 ждёт отправки');
  const list = await page.context().newPage();
  await page.close();
  await list.context().setOffline(false);
  await open(list, '/journal');
  await expect(list.locator('.save-status')).toHaveText(SAVED, { timeout: 20_000 });
  await expect.poll(() => grid.stored(server)).toEqual(['3']);
  // where nothing waits nothing is said
  await open(list, '/deadlines');
  await expect(list.getByRole('heading', { name: 'Введённое раньше' })).toHaveCount(0);

  // typed on top of what somebody else changes meanwhile: nothing is decided without the person, and not without its journal
  const again = await Grid.open(list, server, load, 0, true);
  await list.route(/\/api\/journal\/(follow|grid)/, () => undefined);
  await list.context().setOffline(true);
  await again.goTo(0, (await again.active()).column);
  await list.keyboard.press('4');
  await expect(list.locator('.save-status')).toHaveText('1 ждёт отправки');
  await server.sql(`update mark set code = '2', version = version + 1 where school_id = ${SCHOOL}
    and assignment_id in (select id from assignment where school_id = ${SCHOOL} and lesson_id = ${grid.lesson})`);
  const due = await list.context().newPage();
  await list.close();
  await due.context().setOffline(false);
  await open(due, '/deadlines');
  const before = due.getByRole('region', { name: 'Введённое раньше' });
  await expect(before.locator('.save-status')).toHaveAttribute('data-state', 'refused', { timeout: 20_000 });
  expect(await grid.stored(server)).toEqual(['2']);
  await before.getByRole('link', { name: 'Решить в журнале' }).click();
  await expect(due).toHaveURL(new RegExp(`/journal/${load}$`));
  await due.getByRole('button', { name: 'Посмотреть' }).click();
  await due.getByRole('dialog').getByRole('button', { name: 'Оставить моё' }).click();
  await expect.poll(() => grid.stored(server)).toEqual(['4']);
});

test('what could not be sent for a month is asked about: sent or discarded, and never by itself', async ({ as, server, watch }) => {
  watch.allow(CUT);
  const page = await as('teacher');
  const load = await journal(server, 3);
  await Grid.open(page, server, load, 4);
  await page.context().setOffline(true);
  await page.keyboard.press('5');
  await page.keyboard.press('4');
  await expect(page.locator('.save-status')).toHaveText('2 ждут отправки');
  // the device lay in a drawer for forty days
  const other = await page.context().newPage();
  await page.evaluate(() => {
    for (const key of Object.keys(localStorage).filter((name) => name.startsWith('parta.outbox.'))) {
      const act = JSON.parse(localStorage.getItem(key)!);
      localStorage.setItem(key, JSON.stringify({ ...act, made: act.made - 40 * 86_400_000 }));
    }
  });
  await page.close();
  await other.context().setOffline(false);
  const grid = await Grid.open(other, server, load, 4, true);
  const { column } = await grid.active();
  const status = other.locator('.save-status');
  await expect(status).toHaveText('2 ждут больше месяца');
  await expect(grid.at(0, column)).toHaveText('5');
  await expect(grid.at(0, column)).toHaveAttribute('data-state', 'refused');
  expect(await grid.stored(server)).toEqual([]);
  await other.getByRole('button', { name: 'Посмотреть' }).click();
  const dialog = other.getByRole('dialog', { name: 'Нужно ваше решение' });
  await expect(dialog.getByText(/Прошло больше месяца/)).toHaveCount(2);
  await dialog.getByRole('button', { name: 'Отправить' }).first().click();
  await expect.poll(() => grid.stored(server)).toEqual(['5']);
  await expect(status).toHaveText('1 ждёт больше месяца');
  await dialog.getByRole('button', { name: 'Убрать' }).click();
  await grid.saved();
  await expect(grid.at(1, column)).toHaveText('');
  expect(await grid.stored(server)).toEqual(['5']);
});

test('the browser is asked once not to clear what waits', async ({ as, server }) => {
  const page = await as('nobody');
  await page.addInitScript(() => {
    navigator.storage.persist = () => {
      sessionStorage.setItem('asked', String(Number(sessionStorage.getItem('asked')) + 1));
      return Promise.resolve(true);
    };
  });
  const asked = () => page.evaluate(() => sessionStorage.getItem('asked'));
  await signInByPage(page, 'teacher');
  const load = await journal(server, 3);
  const grid = await Grid.open(page, server, load, 4);
  expect(await asked()).toBeNull();
  await page.keyboard.press('5');
  await page.keyboard.press('4');
  await grid.saved();
  expect(await asked()).toBe('1');
  await Grid.open(page, server, load, 4);
  await page.keyboard.press('3');
  await grid.saved();
  expect(await asked()).toBe('1');
});

test('two tabs of one person: what was typed in either is sent once, and what changed elsewhere is asked about', async ({ as, server, watch }) => {
  watch.allow(CUT);
  const first = await as('teacher');
  const load = await journal(server, 3);
  const one = await Grid.open(first, server, load, 3);
  const { column } = await one.active();
  const second = await first.context().newPage();
  const two = await Grid.open(second, server, load, 3, true);
  // the second tab does not look at the journal again before it is asked
  await second.route(/\/api\/journal\/(follow|grid)/, () => undefined);
  await first.context().setOffline(true);
  await first.keyboard.press('5');
  await second.keyboard.press('ArrowDown');
  await second.keyboard.press('4');
  await expect(second.locator('.save-status')).toHaveText(/ждут? отправки/);
  await first.context().setOffline(false);
  await one.saved();
  await two.saved();
  await expect.poll(() => one.stored(server)).toEqual(['5', '4']);
  const events = await server.ask(`select count(*) from audit_event e join assignment a on e.entity_key like a.id || ':%'
    where e.school_id = ${SCHOOL} and e.entity = 'mark' and a.school_id = ${SCHOOL} and a.lesson_id = ${one.lesson}`);
  expect(events).toBe('2');
  // somebody changes the five elsewhere, and the second tab has not seen it
  await server.sql(`update mark set code = '2', version = version + 1 where school_id = ${SCHOOL} and code = '5'
    and assignment_id in (select id from assignment where school_id = ${SCHOOL} and lesson_id = ${one.lesson})`);
  await two.at(0, column).click();
  await second.keyboard.press('3');
  await expect(two.at(0, column)).toHaveAttribute('data-state', 'conflict');
  expect(await one.stored(server)).toEqual(['2', '4']);
  await second.getByRole('button', { name: 'Посмотреть' }).click();
  await second.getByRole('dialog').getByRole('button', { name: 'Оставить моё' }).click();
  await two.saved();
  await expect.poll(() => one.stored(server)).toEqual(['3', '4']);
});

test('the session ends in the middle of typing: nothing is lost, it is sent after sign-in', async ({ as, server, watch }) => {
  watch.allow(CUT);
  const page = await as('nobody');
  await signInByPage(page, 'teacher');
  const load = await journal(server, 3);
  const grid = await Grid.open(page, server, load, 1);
  await page.keyboard.press('5');
  // on the server, not only «saved» of before the key
  await expect.poll(() => grid.stored(server)).toEqual(['5']);
  await grid.saved();
  await endSession(page, server);
  await page.keyboard.press('4');
  await page.keyboard.press('3');
  await expect(page.getByRole('alert')).toContainText('Сеанс закончился');
  await expect.poll(() => grid.stored(server)).toEqual(['5']);
  await page.getByRole('alert').getByRole('link', { name: 'Войти' }).click();
  await fillSignIn(page, 'teacher', PASSWORD);
  await expect(page).toHaveURL(new RegExp(`/journal/${load}`));
  await grid.saved();
  await expect.poll(() => grid.stored(server)).toEqual(['5', '4', '3']);
});

test('on somebody else\'s computer what waits lives in the tab alone, and is sent from it', async ({ as, server, watch }) => {
  watch.allow(CUT);
  const page = await as('nobody');
  await signInByPage(page, 'teacher', PASSWORD, true);
  const load = await journal(server, 3);
  const grid = await Grid.open(page, server, load, 2);
  const names = (which: 'localStorage' | 'sessionStorage') =>
    page.evaluate((name) => Object.keys(window[name]).filter((key) => key.startsWith('parta.outbox.')).length, which);
  await page.context().setOffline(true);
  await page.keyboard.press('5');
  await expect(page.locator('.save-status')).toHaveText('1 ждёт отправки');
  await expect(page.getByText(/Чужой компьютер: введённое хранится только в этой вкладке/)).toBeVisible();
  expect([await names('localStorage'), await names('sessionStorage')]).toEqual([0, 1]);
  await page.context().setOffline(false);
  await grid.saved();
  // the half hour is over in the middle of typing: signed in again in this tab, it is sent
  await endSession(page, server);
  await page.keyboard.press('4');
  await expect(page.getByRole('alert')).toContainText('Сеанс закончился');
  await page.getByRole('alert').getByRole('link', { name: 'Войти' }).click();
  await fillSignIn(page, 'teacher', PASSWORD);
  await expect(page).toHaveURL(new RegExp(`/journal/${load}`));
  await grid.saved();
  await expect.poll(() => grid.stored(server)).toEqual(['5', '4']);
  // another person in the same tab finds nothing of what waited
  await page.context().clearCookies();
  await signInByPage(page, 'teacher', PASSWORD, true);
  await Grid.open(page, server, load, 2, true);
  await page.context().setOffline(true);
  await page.keyboard.press('3');
  await expect(page.locator('.save-status')).toHaveText('1 ждёт отправки');
  await page.context().clearCookies();
  await page.context().setOffline(false);
  await expect(page.getByRole('alert')).toContainText('Сеанс закончился');
  await signInByPage(page, 'classteacher', PASSWORD, true);
  expect([await names('localStorage'), await names('sessionStorage')]).toEqual([0, 0]);
});
