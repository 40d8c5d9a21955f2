// The diary on a parent's phone.
import { chromium, type Page } from '@playwright/test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { browser } from '../support/browser';
import { day, expect, open, PHONE, ready, test, TODAY } from '../support/test';
import { PASSWORD, signInByPage } from '../support/people';

test('today and tomorrow come first, then what was', async ({ as }) => {
  const page = await as('parent', PHONE);
  await open(page, '/diary');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Дневник');
  const days = page.locator('section.day h2');
  await expect(days.nth(0)).toHaveText(/^Сегодня/);
  await expect(days.nth(1)).toHaveText(/^Завтра/);
  await expect(page.getByText('Раньше на этой неделе')).toBeVisible();
  await expect(page.locator('section.day').first().getByRole('listitem').first()).toBeVisible();
  await expect(page.getByText(/^Данные на/)).toBeVisible();
});

test('another child is one tap away', async ({ as }) => {
  const page = await as('parent', PHONE);
  await open(page, '/diary');
  const children = page.getByRole('navigation', { name: 'Дети' });
  await expect(children.getByRole('link')).toHaveCount(2);
  await children.getByRole('link', { name: /Полина/ }).click();
  await expect(children.getByRole('link', { name: /Полина/ })).toHaveAttribute('aria-current', 'true');
  await expect(page.getByText(/Полина, 3Б/)).toBeVisible();
  await children.getByRole('link', { name: /Артём/ }).click();
  await expect(page.getByText(/Артём, 7А/)).toBeVisible();
});

test('children in two schools are one tap apart as well', async ({ as }) => {
  const page = await as('parent3', PHONE);
  await open(page, '/diary');
  await page.locator('.shell-head form.switcher').getByRole('button', { name: /Матвей/ }).click();
  await expect(page.getByText(/Матвей, 3А/)).toBeVisible();
});

test('weeks are turned by swipe, by link and by key', async ({ as }) => {
  const page = await as('parent', PHONE);
  await open(page, '/diary');
  const weeks = page.getByRole('navigation', { name: 'Неделя', exact: true });
  const span = weeks.locator('b').first();
  const here = (await span.textContent())!;
  await weeks.getByRole('link', { name: 'Прошлая неделя' }).click();
  await expect(page).toHaveURL(/\/diary\/\d+\/\d{4}-\d{2}-\d{2}$/);
  await expect(span).not.toHaveText(here);
  const before = (await span.textContent())!;
  await swipe(page, 320, 60);
  await expect(span).not.toHaveText(before);
  await expect(page.getByText(/^Данные на/)).toBeVisible();
  await swipe(page, 60, 320);
  await expect(span).toHaveText(before);
  await weeks.getByRole('link', { name: 'Следующая неделя' }).focus();
  await page.keyboard.press('Enter');
  await expect(span).not.toHaveText(before);
});

async function swipe(page: Page, from: number, to: number): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const touch = (type: string, x?: number) =>
    session.send('Input.dispatchTouchEvent', { type: type as 'touchStart', touchPoints: x === undefined ? [] : [{ x, y: 500 }] });
  await touch('touchStart', from);
  for (let n = 1; n <= 8; n += 1) await touch('touchMove', from + ((to - from) * n) / 8);
  await touch('touchEnd');
}

test('everything about a mark is one tap away', async ({ as }) => {
  const page = await as('pupil', PHONE);
  await open(page, `/diary`);
  await page.getByRole('link', { name: 'Предметы' }).last().click();
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  const mark = page.getByRole('button', { name: /: отметка/ }).first();
  await mark.click();
  const more = page.locator(':popover-open');
  await expect(more).toContainText('За что');
  await expect(more).toContainText('Вес');
});

test('averages are shown, and what another mark would make of them', async ({ as }) => {
  const page = await as('pupil', PHONE);
  await open(page, '/diary');
  await page.getByRole('link', { name: 'Предметы' }).last().click();
  const subject = page.locator('.subject-avg > li').filter({ has: page.locator('.avg') }).first();
  await expect(subject.getByText(/Средний балл с весом: \d,\d\d/).first()).toBeAttached();
  await subject.getByText('А если получить…').click();
  const result = subject.getByRole('status').first();
  await expect(result).toHaveText(/Будет \d,\d\d/);
  const five = await result.innerText();
  await subject.getByRole('combobox', { name: 'Отметка' }).selectOption('2');
  await expect(result).not.toHaveText(five);
  // for a work that has not been written so far, as well
  const weighs = subject.getByRole('combobox', { name: 'Вес' });
  const light = await result.innerText();
  await weighs.selectOption({ label: (await weighs.getByRole('option', { name: /— Контрольная работа/ }).first().innerText()) });
  await expect(result).not.toHaveText(light);
  // an average of one's own to aim at, as people write it
  await subject.getByRole('combobox', { name: 'Отметка' }).selectOption('5');
  const aim = subject.getByRole('status').last();
  await subject.getByRole('textbox', { name: 'До среднего' }).fill('5,5');
  await expect(aim).toHaveText('Такими отметками до 5,50 не дойти');
  await subject.getByRole('textbox', { name: 'До среднего' }).fill('2');
  await expect(aim).toHaveText('Уже не ниже 2,00');
});

test('a tick of homework is one\'s own: on every device, and set without a network', async ({ as, server, watch }) => {
  watch.allow(/net::ERR_INTERNET_DISCONNECTED|Failed to fetch|ERR_FAILED/);
  await server.sql('delete from homework_tick');
  const page = await as('parent', PHONE);
  await open(page, '/diary');
  const [line, box] = [page.locator('.hw-tick').first(), page.locator('.hw-tick input').first()];
  const [, , , owner, child, work] = (await box.getAttribute('data-tick'))!.split('.');
  const ticks = () => server.ask('select coalesce(string_agg(person_id || \' \' || done, \', \' order by person_id), \'\') from homework_tick');
  await box.check();
  await expect(line).toHaveAttribute('data-done', '');
  await expect.poll(ticks).toBe(`${owner} true`);
  // nothing of it on this device, as on a new phone: the server knows
  await page.evaluate(() => localStorage.clear());
  await open(page, '/diary');
  await expect(box).toBeChecked();
  await expect(line).toHaveAttribute('data-done', '');

  // without a network it waits, survives the page, and goes when the network is back
  await page.context().setOffline(true);
  await box.uncheck();
  expect(await ticks()).toBe(`${owner} true`);
  await page.context().setOffline(false);
  await expect.poll(ticks).toBe(`${owner} false`);
  await open(page, '/diary');
  await expect(box).not.toBeChecked();

  // what a page of before kept on the device is taken over once, and is older than anything since
  await server.sql('delete from homework_tick');
  await page.evaluate((key) => {
    localStorage.clear();
    localStorage.setItem(key, '1');
  }, `parta.diary.done.${child}.${work}`);
  await open(page, '/diary');
  await expect(box).toBeChecked();
  await expect.poll(ticks).toBe(`${owner} true`);
  expect(await page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('parta.diary.done.')))).toEqual([]);
  await box.uncheck();
  await expect.poll(ticks).toBe(`${owner} false`);
});

test('what was seen is remembered as seen, with the moment of the page', async ({ as, server }) => {
  const seen = () => server.ask(`select coalesce(max(v.seen_at), '-infinity') from diary_visit v join account a on a.person_id = v.person_id where a.login = 'parent'`);
  // another journey's server may live on another day, and what was seen only moves forward
  await server.sql(`delete from diary_visit v using account a where a.person_id = v.person_id and a.login = 'parent'`);
  const before = await seen();
  const page = await as('parent', PHONE);
  const told = page.waitForResponse((response) => response.url().endsWith('/api/diary/seen'));
  await open(page, '/diary');
  expect((await told).status()).toBe(200);
  expect(await seen()).not.toBe(before);
});

test('a week is loaded also by whoever the router leads there', async ({ as }) => {
  const page = await as('parent', PHONE);
  await open(page, '/account');
  // the brand's link is routed in the browser: home knows that a parent's first page is the diary
  await page.getByRole('link', { name: 'Парта' }).first().click();
  await expect(page).toHaveURL(/\/diary$/);
  await ready(page);
  await expect(page.locator('section.day').first()).toBeVisible();
  await page.goBack();
  await expect(page).toHaveURL(/\/account$/);
});

test('a week outside the year says so and leads back', async ({ as }) => {
  const page = await as('parent', PHONE);
  await open(page, '/diary');
  const child = (await page.getByRole('link', { name: 'Неделя', exact: true }).first().getAttribute('href'))!;
  await open(page, `${child}/2031-07-14`);
  await expect(page.getByText('Эта неделя вне учебного года')).toBeVisible();
  await page.getByRole('link', { name: 'Открыть её' }).click();
  // the last week of the year lies in the summer: behind the last period nobody learns
  await expect(page.getByRole('heading', { level: 2, name: 'Летние каникулы' })).toBeVisible();
  await expect(page.getByText('Эта неделя вне учебного года')).toHaveCount(0);
});

test.describe('foreign ids in the address are not found', () => {
  for (const [name, address] of [
    ['a child of others', 'other'],
    ['a number that nobody has', '999999999'],
    ['no number at all', 'abc'],
    ['a number beyond all numbers', '99999999999999999999999'],
  ]) {
    test(name, async ({ as, server, watch }) => {
      watch.allow(/status of 404/);
      const page = await as('parent', PHONE);
      const pupil = address === 'other'
        ? await server.ask(`select p.id from pupil p join person n on n.id = p.person_id where n.last_name = 'Лебедев' and n.first_name = 'Илья' limit 1`)
        : address;
      const response = await page.goto(`/diary/${pupil}`);
      expect(response?.status()).toBe(404);
      await expect(page.getByRole('heading', { name: 'Не нашли' })).toBeVisible();
    });
  }
});

test.describe('without a network', () => {
  test('last week is still there and says how old it is; a page never seen says so; sign-out wipes', async ({ as, watch }) => {
    watch.allow(/net::ERR_INTERNET_DISCONNECTED|Failed to fetch|ERR_FAILED|status of 503/, /fetching the script/);
    const page = await as('nobody', { ...PHONE, serviceWorkers: 'allow' });
    await signInByPage(page, 'parent');
    await controlled(page);
    const seen = await page.locator('section.day').first().getByRole('listitem').first().innerText();
    await page.context().setOffline(true);
    await page.reload();
    await expect(page.getByText(/Нет сети\. Показано то, что было/)).toBeVisible({ timeout: 15_000 });
    expect(await page.locator('section.day').first().getByRole('listitem').first().innerText()).toBe(seen);
    // never seen: told, not the browser's dinosaur
    await page.goto(`/diary/${await pupilOf(page)}/${monday(-10)}`).catch(() => undefined);
    await expect(page.getByRole('heading').first()).toBeVisible();
    await expect(page.getByText(/[Нн]ет сети|[Нн]ет связи|без сети/).first()).toBeVisible();
    await page.context().setOffline(false);
    await open(page, '/account');
    await page.locator('main').getByRole('button', { name: 'Выйти', exact: true }).click();
    await expect(page).toHaveURL(/\/sign-in/);
    expect(await kept(page)).toEqual([]);
    await page.context().setOffline(true);
    await page.goto('/diary').catch(() => undefined);
    await expect(page.getByText('Артём')).toHaveCount(0);
  });

  test('«Предметы» opens without a network, too, and answers', async ({ as, watch }) => {
    watch.allow(/net::ERR_INTERNET_DISCONNECTED|Failed to fetch|ERR_FAILED|status of 503/, /fetching the script/);
    const page = await as('nobody', { ...PHONE, serviceWorkers: 'allow' });
    await signInByPage(page, 'parent');
    await controlled(page);
    await open(page, `/diary/${await pupilOf(page)}/subjects`);
    // a page is kept with its scripts once it has been opened under the worker
    await page.reload();
    await ready(page);
    await page.context().setOffline(true);
    await page.reload();
    await expect(page.getByText(/Нет сети\. Показано то, что было/)).toBeVisible({ timeout: 15_000 });
    await ready(page);
    const subject = page.locator('.subject-avg > li').filter({ has: page.locator('.avg') }).first();
    await subject.getByText('А если получить…').click();
    const result = subject.getByRole('status').first();
    const five = await result.innerText();
    await subject.getByRole('combobox', { name: 'Отметка' }).selectOption('2');
    await expect(result).not.toHaveText(five);
  });

  test('a network that only seems to be there: the icon opens the last diary, and nobody waits for ever', async ({ as, server, watch }) => {
    watch.allow(/net::ERR_|Failed to fetch|status of 503/);
    const page = await as('nobody', { ...PHONE, serviceWorkers: 'allow' });
    await signInByPage(page, 'parent');
    await controlled(page);
    server.hang(true);
    try {
      // the start address of the manifest, which no copy has
      await page.goto('/', { timeout: 10_000 });
      await expect(page).toHaveURL(/\/diary$/);
      await expect(page.locator('section.day').first()).toBeVisible();
      await expect(page.getByText(/Показано то, что было/)).toBeVisible();
    } finally {
      server.hang(false);
    }
  });

  test('a page of another child that was never seen says so and leads back', async ({ as, watch }) => {
    watch.allow(/net::ERR_INTERNET_DISCONNECTED|Failed to fetch|ERR_FAILED|status of 503/);
    const page = await as('nobody', { ...PHONE, serviceWorkers: 'allow' });
    await signInByPage(page, 'parent');
    await controlled(page);
    const children = page.getByRole('navigation', { name: 'Дети' });
    await children.getByRole('link', { name: /Полина/ }).click();
    await expect(page.getByText(/Полина, 3Б/)).toBeVisible();
    await expect.poll(() => kept(page)).toContain(new URL(page.url()).pathname);
    await page.context().setOffline(true);
    const subjects = page.getByRole('navigation', { name: 'Разделы дневника' }).getByRole('link', { name: 'Предметы' });
    await subjects.click();
    await expect(page.getByRole('heading', { name: 'Нет сети' })).toBeVisible();
    await page.getByRole('link', { name: 'Открыть сохранённый дневник' }).click();
    await expect(page.locator('section.day').first()).toBeVisible();
  });

  test('a sign-out that the network cuts says so, and is finished when it is back', async ({ as, watch }) => {
    watch.allow(/net::ERR_INTERNET_DISCONNECTED|Failed to fetch|ERR_FAILED|status of 503/);
    const page = await as('nobody', { ...PHONE, serviceWorkers: 'allow' });
    await signInByPage(page, 'parent');
    await controlled(page);
    await open(page, '/account');
    await page.context().setOffline(true);
    await page.locator('main').getByRole('button', { name: 'Выйти', exact: true }).click();
    await expect(page.getByRole('heading', { name: 'Вы ещё не вышли' })).toBeVisible();
    expect(await kept(page)).toEqual([]);
    await page.context().setOffline(false);
    await expect(page).toHaveURL(/\/sign-in/, { timeout: 15_000 });
    await page.goto('/diary');
    await expect(page).toHaveURL(/\/sign-in/);
  });

  test('a copy that has had its fourteen days goes with the next page, whatever that is', async ({ as }) => {
    const page = await as('nobody', { ...PHONE, serviceWorkers: 'allow' });
    await signInByPage(page, 'parent');
    await controlled(page);
    // fourteen days and an hour ago, and an hour less, by the clock of the worker, which is the real one
    await page.evaluate(async (now) => {
      const cache = await caches.open('parta-diary');
      for (const [address, hours] of [['/diary/98765', 14 * 24 + 1], ['/diary/98766', 14 * 24 - 1]] as [string, number][]) {
        await cache.put(address, new Response('x', { headers: { 'x-parta-stored': String(now - hours * 3_600_000) } }));
      }
    }, Date.now());
    // the worker runs on: it is told who is here, and looks
    await open(page, '/account');
    await expect.poll(() => kept(page)).not.toContain('/diary/98765');
    expect(await kept(page)).toEqual(expect.arrayContaining(['/diary', '/diary/98766']));
  });

  test('on somebody else\'s computer nothing is kept', async ({ as, watch }) => {
    // the bell may ask for the number of notices just when the cookies are gone: 401
    watch.allow(/net::ERR_INTERNET_DISCONNECTED|Failed to fetch|ERR_FAILED|status of (503|401)/);
    const page = await as('nobody', { ...PHONE, serviceWorkers: 'allow' });
    // first as on one's own, so that there is something to keep
    await signInByPage(page, 'parent');
    await controlled(page);
    await expect.poll(() => kept(page)).not.toEqual([]);
    await page.context().clearCookies();
    await signInByPage(page, 'parent', PASSWORD, true);
    await open(page, '/diary');
    await page.getByRole('navigation', { name: 'Дети' }).getByRole('link', { name: /Полина/ }).click();
    await expect(page.getByText(/Полина, 3Б/)).toBeVisible();
    await page.locator('.hw-tick input').first().check();
    await expect.poll(() => kept(page)).toEqual([]);
    expect(await page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('parta.')))).toEqual([]);
    expect(await page.evaluate(async () => (await indexedDB.databases()).length)).toBe(0);
    await page.context().setOffline(true);
    await page.goto('/diary').catch(() => undefined);
    await expect(page.getByRole('heading', { name: 'Нет сети' })).toBeVisible();
    await expect(page.getByText(/Полина|Артём/)).toHaveCount(0);
  });
});

/** Pages and answers of persons that the browser keeps. */
async function kept(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const found: string[] = [];
    for (const name of await caches.keys()) {
      for (const request of await (await caches.open(name)).keys()) found.push(new URL(request.url).pathname);
    }
    return found.filter((path) => path === '/diary' || path.startsWith('/diary/') || path.startsWith('/api') || path === '/parta-person');
  });
}

/** The service worker has taken the page over, and has seen the diary once. */
async function controlled(page: Page): Promise<void> {
  await open(page, '/diary');
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller !== null), { timeout: 15_000 }).toBe(true);
  await open(page, '/diary');
  await expect.poll(() => kept(page)).toContain('/diary');
}

async function pupilOf(page: Page): Promise<string> {
  const href = await page.getByRole('navigation', { name: 'Дети' }).getByRole('link').first().getAttribute('href');
  return href!.split('/')[2];
}

function monday(weeks: number): string {
  const weekday = (new Date(`${TODAY}T12:00:00Z`).getUTCDay() + 6) % 7;
  return day(7 * weeks - weekday);
}

test('the browser finds nothing that keeps it from installing the application', async ({ server }) => {
  // Chromium installs nothing from an incognito window, which every context of a test is: so a profile on disk.
  const profile = mkdtempSync(path.join(tmpdir(), 'parta-profile.'));
  const context = await chromium.launchPersistentContext(profile, { ...browser, ...PHONE, baseURL: server.url, locale: 'ru-RU' });
  try {
    const page = context.pages()[0] ?? (await context.newPage());
    await signInByPage(page, 'parent');
    await open(page, '/diary');
    const session = await context.newCDPSession(page);
    const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
    expect(installabilityErrors).toEqual([]);
    const { errors, data } = await session.send('Page.getAppManifest');
    expect(errors).toEqual([]);
    expect(JSON.parse(data!).display).toBe('standalone');
  } finally {
    await context.close();
    rmSync(profile, { recursive: true, force: true });
  }
});
