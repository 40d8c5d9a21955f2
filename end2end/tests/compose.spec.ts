// «Составить» in the editor: the server searches, the draft stays as it was, the result is another one without clashes.
import type { Page } from '@playwright/test';
import { expect, open, test } from '../support/test';
import { overflow, violations } from '../support/axe';
import { copyOfDraft, Editor } from '../support/editor';
import { SCHOOL } from '../support/places';

/** Where each card of a version lies, as the database holds it. */
const LIES = (version: string) =>
  `select coalesce(md5(string_agg(load_id || ' ' || coalesce(day, -1) || ' ' || coalesce(slot, -1), ',' order by id)), '')
   from card where school_id = ${SCHOOL} and version_id = ${version}`;

test('a draft is composed, compared and opened without a clash', async ({ as, server }) => {
  test.setTimeout(120_000);
  const page = await as('deputy');
  const version = await copyOfDraft(server, 'Составим');
  const editor = await Editor.open(page, version);
  const before = await server.ask(LIES(version));
  // by keyboard alone: the button, the choice of time, the start
  await page.getByRole('button', { name: /^Составить…|^Составляется…/ }).focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Составить расписание' });
  await expect(dialog).toBeVisible();
  await expect(dialog.getByRole('radio', { name: /Только закреплённое/ })).toBeChecked();
  expect(await violations(page)).toEqual([]);
  // what is kept may be chosen by days and classes; nothing chosen is no search
  await dialog.getByRole('radio', { name: /Выбранные дни и классы/ }).check();
  await expect(dialog.getByRole('button', { name: 'Составить' })).toBeDisabled();
  await dialog.getByRole('checkbox', { name: '7А' }).check();
  await expect(dialog.getByRole('button', { name: 'Составить' })).toBeEnabled();
  await dialog.getByRole('radio', { name: /Только закреплённое/ }).check();
  await dialog.getByRole('radio', { name: '10 секунд' }).check({ force: true });
  await dialog.getByRole('button', { name: 'Составить' }).press('Enter');
  await expect(dialog.getByRole('progressbar')).toBeVisible();
  await expect(dialog).toContainText('Расписание составлено.', { timeout: 60_000 });
  const unplaced = dialog.getByRole('row', { name: /Не размещено карточек/ });
  await expect(unplaced.getByRole('cell').nth(1)).toHaveText(/^0/);
  expect(await violations(page)).toEqual([]);
  expect(await server.ask(LIES(version)), 'the draft that was asked about is as it was').toBe(before);
  // which lessons lie elsewhere is told by name
  await dialog.getByText('Что переставлено').click();
  const moved = dialog.locator('details li');
  await expect(moved.first()).toContainText(/ — .+ → /);
  expect(await violations(page)).toEqual([]);
  await dialog.getByRole('link', { name: 'Открыть результат' }).click();
  await expect(page).not.toHaveURL(new RegExp(`/timetable/${version}$`));
  await expect(page.getByRole('grid', { name: 'Сетка расписания' })).toBeVisible({ timeout: 20_000 });
  await expect(page.locator('.badge').filter({ hasText: 'Черновик' })).toBeVisible();
  // the editor's own review finds no clash: its button would carry a red badge
  await expect(page.getByRole('button', { name: /Проверка/ })).toBeVisible();
  await expect(page.locator('.tt-bar .badge[data-tone="bad"]')).toHaveCount(0);
  const made = page.url().split('/').pop()!;
  const [cards, placed, state] = (await server.ask(
    `select count(*) || ' ' || count(day) || ' ' || (select state from timetable_version v where v.school_id = ${SCHOOL} and v.id = ${made})
     from card where school_id = ${SCHOOL} and version_id = ${made}`,
  )).split(' ');
  expect(placed).toBe(cards);
  expect(state).toBe('draft');
  await editor.page.close();
});

test('a search goes on while the window is shut, and stopping keeps the best; on a narrow window', async ({ as, server, watch }) => {
  test.setTimeout(120_000);
  // the stream of news ends with the page, which the browser calls an error
  watch.allow(/TypeError: network error/);
  const page = await as('deputy', { viewport: { width: 320, height: 640 } });
  const version = await copyOfDraft(server, 'Остановим');
  await Editor.open(page, version);
  await page.getByRole('button', { name: /^Составить…|^Составляется…/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Составить расписание' });
  expect(await overflow(page)).toEqual([]);
  await dialog.getByRole('radio', { name: '5 минут' }).check({ force: true });
  await dialog.getByRole('button', { name: 'Составить' }).click();
  await expect(dialog.getByRole('row', { name: /Окон у учителей/ }).getByRole('cell').nth(1)).toHaveText(/^\d/, { timeout: 60_000 });
  // gone and come back: it is still there
  await open(page, '/timetable');
  await expect(page.getByRole('listitem').filter({ hasText: 'Остановим' }).getByText('составляется')).toBeVisible();
  await Editor.open(page, version);
  await page.getByRole('button', { name: 'Составляется…' }).click();
  await expect(dialog.getByRole('progressbar')).toBeVisible();
  expect(await overflow(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Остановить' }).click();
  await expect(dialog).toContainText('лучшее из найденного сохранено', { timeout: 20_000 });
  await expect(dialog.getByRole('link', { name: 'Открыть результат' })).toBeVisible();
  expect(await overflow(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Составить…' })).toBeVisible();
});

/** What the workers of a page were asked and answered: of each its moves, and its number among those that compose. */
async function overhear(page: Page): Promise<() => Promise<{ number: number; moves: number }[]>> {
  await page.addInitScript(() => {
    const heard: { number: number; moves: number }[] = [];
    Object.assign(globalThis, { heard });
    globalThis.Worker = new Proxy(Worker, {
      construct(target, given) {
        const worker: Worker = Reflect.construct(target, given);
        const told = { number: -1, moves: 0 };
        worker.addEventListener('message', ({ data }) => {
          const answer = JSON.parse(data.answer ?? 'null');
          if (answer?.Went) told.moves = answer.Went.moves;
        });
        const post = worker.postMessage.bind(worker);
        worker.postMessage = (message: { ask?: string }) => {
          const ask = JSON.parse(message.ask ?? 'null');
          if (ask?.Begin) {
            told.number = ask.Begin.number;
            heard.push(told);
          }
          post(message);
        };
        return worker;
      },
    });
    // as on any machine of the last fifteen years, wherever the journey runs
    Object.defineProperty(Navigator.prototype, 'hardwareConcurrency', { get: () => 2 });
  });
  return () => page.evaluate(() => Reflect.get(globalThis, 'heard'));
}

test('on this device, without a network: two cores search; the result waits, and is a draft once there is one', async ({ as, server, watch }) => {
  test.setTimeout(120_000);
  watch.allow(/net::ERR_INTERNET_DISCONNECTED|net::ERR_FAILED/);
  const page = await as('deputy');
  const heard = await overhear(page);
  const version = await copyOfDraft(server, 'Здесь');
  await Editor.open(page, version);
  const before = await server.ask(LIES(version));
  await page.getByRole('button', { name: /^Составить…|^Составляется…/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Составить расписание' });
  await dialog.getByRole('radio', { name: 'На этом устройстве' }).check({ force: true });
  await expect(dialog).toContainText('Работает и без сети');
  await dialog.getByRole('radio', { name: '10 секунд' }).check({ force: true });
  // the engine has come, and has looked whether everything can be met: the network may go
  await expect(dialog).toContainText('Противоречий в требованиях не видно', { timeout: 30_000 });
  await expect(dialog).toContainText('Вместе ищут 2 ядра процессора', { timeout: 30_000 });
  await page.context().setOffline(true);
  await dialog.getByRole('button', { name: 'Составить' }).click();
  await expect(dialog.getByRole('row', { name: /Окон у учителей/ }).getByRole('cell').nth(1)).toHaveText(/^\d/, { timeout: 60_000 });
  await expect(dialog).toContainText('Результат пока только на этом устройстве', { timeout: 90_000 });
  const workers = await heard();
  expect(workers.map((worker) => worker.number).sort()).toEqual([0, 1]);
  for (const worker of workers) expect(worker.moves, `of worker ${worker.number}`).toBeGreaterThan(1000);
  expect(await violations(page)).toEqual([]);
  const drafts = () => server.ask(`select count(*) from timetable_version where school_id = ${SCHOOL} and title like 'Здесь — составлено%'`);
  expect(await drafts()).toBe('0');
  await page.context().setOffline(false);
  // the window is closed meanwhile: what was found waits, is told of, and signing out would ask before it is lost
  expect(await page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('parta.outbox.compose.')).length)).toBe(1);
  await open(page, '/timetable');
  await Editor.open(page, version);
  await expect(page.getByText('На этом устройстве ждёт результат прошлого расчёта')).toBeVisible();
  await page.getByRole('button', { name: /^Составить…|^Составляется…/ }).click();
  await expect(dialog).toContainText('Результат пока только на этом устройстве');
  await expect(dialog.getByRole('row', { name: /Окон у учителей/ })).toBeVisible();
  await dialog.getByRole('button', { name: 'Сохранить результат' }).click();
  const result = dialog.getByRole('link', { name: 'Открыть результат' });
  await expect(result).toBeVisible({ timeout: 20_000 });
  expect(await drafts()).toBe('1');
  expect(await page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('parta.outbox.compose.')).length)).toBe(0);
  expect(await server.ask(LIES(version)), 'the draft that was asked about is as it was').toBe(before);
  await result.click();
  await expect(page.getByRole('grid', { name: 'Сетка расписания' })).toBeVisible({ timeout: 20_000 });
  await expect(page.locator('.tt-bar .badge[data-tone="bad"]')).toHaveCount(0);
});

test('a window closed while this device searches: the best so far waits, is a draft or is forgotten', async ({ as, server }) => {
  test.setTimeout(120_000);
  const page = await as('deputy');
  const version = await copyOfDraft(server, 'Закрыто');
  await Editor.open(page, version);
  await page.getByRole('button', { name: /^Составить…|^Составляется…/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Составить расписание' });
  await dialog.getByRole('radio', { name: 'На этом устройстве' }).check({ force: true });
  await dialog.getByRole('radio', { name: '5 минут' }).check({ force: true });
  await dialog.getByRole('button', { name: 'Составить' }).click();
  await expect(dialog.getByRole('row', { name: /Окон у учителей/ }).getByRole('cell').nth(1)).toHaveText(/^\d/, { timeout: 60_000 });
  await Editor.open(page, version);
  await page.getByRole('button', { name: /^Составить…|^Составляется…/ }).click();
  await expect(dialog).toContainText('Поиск остановлен, лучшее из найденного сохранено.');
  await dialog.getByRole('button', { name: 'Забыть его' }).click();
  await expect(dialog.getByRole('radio', { name: /Только закреплённое/ })).toBeVisible();
  await Editor.open(page, version);
  await page.getByRole('button', { name: /^Составить…|^Составляется…/ }).click();
  await expect(dialog.getByRole('radio', { name: /Только закреплённое/ })).toBeVisible();
});

test('stopped while the engines of this device still read the board: at once, and nothing has changed', async ({ as, server }) => {
  test.setTimeout(60_000);
  const page = await as('deputy');
  const version = await copyOfDraft(server, 'Сразу');
  await Editor.open(page, version);
  const before = await server.ask(LIES(version));
  await page.getByRole('button', { name: /^Составить…|^Составляется…/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Составить расписание' });
  await dialog.getByRole('radio', { name: 'На этом устройстве' }).check({ force: true });
  await dialog.getByRole('radio', { name: '5 минут' }).check({ force: true });
  await expect(dialog).toContainText('Противоречий в требованиях не видно', { timeout: 30_000 });
  const begin = dialog.getByRole('button', { name: 'Составить' });
  // in one and the same task, before any engine can have answered
  await begin.evaluate((button: HTMLElement) => {
    const whole = button.closest('dialog')!;
    const look = new MutationObserver(() => {
      const stop = [...whole.querySelectorAll('button')].find((other) => other.textContent === 'Остановить' && !other.disabled);
      if (!stop) return;
      look.disconnect();
      stop.click();
    });
    look.observe(whole, { childList: true, subtree: true });
    button.click();
  });
  await expect(dialog.getByRole('radio', { name: /Только закреплённое/ })).toBeVisible({ timeout: 5_000 });
  await expect(dialog.getByRole('row', { name: /Окон у учителей/ })).toHaveCount(0);
  expect(await server.ask(LIES(version))).toBe(before);
  // and it can be begun anew
  await begin.click();
  await expect(dialog.getByRole('row', { name: /Окон у учителей/ }).getByRole('cell').nth(1)).toHaveText(/^\d/, { timeout: 40_000 });
});

test('a result that waits on this device is not shown under a search of the server, and is offered again after it', async ({ as, server, watch }) => {
  test.setTimeout(120_000);
  watch.allow(/TypeError: network error/);
  const page = await as('deputy');
  const version = await copyOfDraft(server, 'Потом');
  await Editor.open(page, version);
  await page.getByRole('button', { name: /^Составить…|^Составляется…/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Составить расписание' });
  await dialog.getByRole('radio', { name: 'На этом устройстве' }).check({ force: true });
  await dialog.getByRole('radio', { name: '5 минут' }).check({ force: true });
  await dialog.getByRole('button', { name: 'Составить' }).click();
  await expect(dialog.getByRole('row', { name: /Окон у учителей/ }).getByRole('cell').nth(1)).toHaveText(/^\d/, { timeout: 60_000 });
  await Editor.open(page, version);
  await page.getByRole('button', { name: /^Составить…|^Составляется…/ }).click();
  const waits = dialog.getByRole('button', { name: 'Сохранить результат' });
  await expect(waits).toBeVisible();
  await dialog.getByRole('button', { name: 'Ещё раз' }).click();
  await dialog.getByRole('radio', { name: 'На сервере' }).check({ force: true });
  await dialog.getByRole('radio', { name: '10 секунд' }).check({ force: true });
  await dialog.getByRole('button', { name: 'Составить' }).click();
  await expect(dialog.getByRole('link', { name: 'Открыть результат' })).toBeVisible({ timeout: 60_000 });
  await expect(waits, 'the outcome is the server\'s alone').toHaveCount(0);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Составить…' }).click();
  await expect(waits, 'and nothing was lost').toBeVisible();
  await dialog.getByRole('button', { name: 'Забыть его' }).click();
});
