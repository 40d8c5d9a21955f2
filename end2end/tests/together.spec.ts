// Several people, one journal: what one does the others see at once, also a family at its diary; and a teacher's day without
// a network.
import type { Page } from '@playwright/test';
import { expect, open, PHONE, test } from '../support/test';
import { violations } from '../support/axe';
import { Grid, journal, rowOf } from '../support/grid';
import { PASSWORD, signInByPage } from '../support/people';
import { SCHOOL } from '../support/places';

test('two people in one journal see each other, and what the other does', async ({ as, server }) => {
  const load = await journal(server, 5);
  const first = await as('teacher');
  const one = await Grid.open(first, server, load, 2);
  const { column } = await one.active();
  await expect(first.locator('.grid-others')).toHaveText('');
  const second = await as('deputy');
  const two = await Grid.open(second, server, load, 2, true);
  await expect(first.locator('.grid-others')).toContainText('Здесь же:');
  await expect(second.locator('.grid-others')).toContainText('Здесь же:');
  // the first mark of a lesson makes a work: a column for both
  await first.keyboard.press('5');
  await one.saved();
  await expect(two.at(0, column)).toHaveText('5', { timeout: 2_000 });
  await first.keyboard.press('4');
  await expect(two.at(1, column)).toHaveText('4', { timeout: 2_000 });
  // on top of what the other wrote: known, so no conflict
  await two.at(0, column).click();
  await second.keyboard.press('3');
  await two.saved();
  await expect(one.at(0, column)).toHaveText('3', { timeout: 2_000 });
  // a topic is seen too
  await second.keyboard.press('Delete');
  await expect(one.at(1, column)).toHaveText('', { timeout: 2_000 });
  expect(await violations(first)).toEqual([]);
  await second.close();
  await expect(first.locator('.grid-others')).toHaveText('');
});

test('a family that has the diary open sees a mark as it is given', async ({ as, server }) => {
  // the pupil of the demo family, in a journal of the teacher
  const [pupil, load] = (await server.ask(`
    select p.id || ' ' || t.load_id from pupil p
    join guardianship g on g.ward_id = p.person_id
    join account a on a.person_id = g.guardian_id and a.login = 'parent'
    join enrolment e on e.school_id = p.school_id and e.pupil_id = p.id and e.ends_on is null
    join load_audience u on u.school_id = p.school_id and u.class_id = e.class_id and u.subgroup_id is null
    join load_teacher t on t.school_id = p.school_id and t.load_id = u.load_id
    join employee m on m.school_id = t.school_id and m.id = t.employee_id
    join account k on k.person_id = m.person_id and k.login = 'teacher'
    where p.school_id = ${SCHOOL} order by t.load_id limit 1`)).split(' ');
  const family = await as('parent', PHONE);
  const listening = family.waitForResponse(/\/api\/diary\/watch/);
  await open(family, `/diary/${pupil}`);
  const teacher = await as('teacher');
  const grid = await Grid.open(teacher, server, load, 0);
  const row = await rowOf(server, load, pupil);
  const { column } = await grid.active();
  await listening;
  await grid.at(row, column).click();
  await teacher.keyboard.press('2');
  await grid.saved();
  await expect(family.locator('main').getByText('Новое').first()).toBeVisible();
  await expect(family.locator('main').getByRole('button', { name: /^2/ }).first()).toBeVisible();
});

/** The journals that the browser keeps. */
async function kept(page: Page): Promise<string[]> {
  return page.evaluate(async () => (await (await caches.open('parta-journal')).keys()).map((r) => new URL(r.url).pathname));
}

const CUT = /net::ERR_INTERNET_DISCONNECTED|Failed to fetch|ERR_FAILED|status of 503/;

test('a teacher\'s day without a network: today\'s journals open, what is typed waits and is sent', async ({ as, server, watch }) => {
  watch.allow(CUT);
  test.setTimeout(120_000);
  const load = await journal(server, 6);
  const page = await as('nobody', { serviceWorkers: 'allow' });
  await signInByPage(page, 'teacher');
  await open(page, '/journal');
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true);
  // one journal was looked at, those of today came along
  const grid = await Grid.open(page, server, load, 1);
  const { column } = await grid.active();
  await open(page, '/journal');
  const today = await page.locator('section').filter({ has: page.getByRole('heading', { name: 'Сегодня' }) }).locator('a[href^="/journal/"]').evaluateAll((links) => links.map((l) => l.getAttribute('href')!));
  expect(today.length).toBeGreaterThan(0);
  // the journals of the next day with lessons come along too: that morning may begin without a network
  const next = await page.locator('details[data-next-day] a[href^="/journal/"]').evaluateAll((links) => links.map((l) => l.getAttribute('href')!));
  expect(next.length).toBeGreaterThan(0);
  const plans = [...new Set([...today, ...next])].map((journal) => `${journal}/plan`);
  await expect.poll(() => kept(page), { timeout: 30_000 }).toEqual(expect.arrayContaining(['/journal', `/journal/${load}`, ...today, ...next, ...plans]));
  await page.context().setOffline(true);
  server.hang(true);
  try {
    await page.reload();
    await expect(page.getByRole('heading', { name: 'Сегодня' })).toBeVisible();
    await page.locator(`main a[href="/journal/${load}"]`).last().click();
    await expect(page.getByRole('grid')).not.toHaveAttribute('aria-busy', 'true');
    await expect(page.getByText(/Журнал такой, каким был/)).toBeVisible();
    await grid.at(0, column).click();
    await page.keyboard.press('4');
    await expect(page.locator('.save-status')).toHaveText(/жд[её]т отправки/);
    // the window dies; the mark does not
    await page.reload();
    await expect(grid.at(0, column)).toHaveText('4');
    // and what is to be taught today can be read
    await page.goto(plans[0]);
    await expect(page.getByRole('heading', { name: /^План уроков: / })).toBeVisible();
    await expect(page.getByText(/План такой, каким был/)).toBeVisible();
    // what the next day begins with, too
    await page.goto(next[0]);
    await expect(page.getByRole('grid')).not.toHaveAttribute('aria-busy', 'true');
    await expect(page.getByText(/Журнал такой, каким был/)).toBeVisible();
    await page.goto(`/journal/${load}`);
  } finally {
    server.hang(false);
  }
  await page.context().setOffline(false);
  await grid.saved();
  await expect.poll(() => grid.stored(server)).toEqual(['4']);
  await expect(page.getByText(/Журнал такой, каким был/)).toHaveCount(0);
  // and with the sign-out nothing stays
  await open(page, '/account');
  await page.locator('main').getByRole('button', { name: 'Выйти', exact: true }).click();
  await expect(page).toHaveURL(/\/sign-in/);
  expect(await kept(page)).toEqual([]);
});

test('a copy that has had its days goes by itself, whoever looks', async ({ as }) => {
  const page = await as('nobody', { serviceWorkers: 'allow' });
  await signInByPage(page, 'teacher');
  await open(page, '/journal');
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true);
  await open(page, '/journal');
  await expect.poll(() => kept(page)).toContain('/journal');
  // copies of three days and an hour ago, and of three days less an hour, by the worker's clock, which is the real one
  await page.evaluate(async (now) => {
    const [hour, days] = [3_600_000, 3];
    const cache = await caches.open('parta-journal');
    for (const [address, age] of [['/journal/98765', days * 24 + 1], ['/journal/98766', days * 24 - 1]] as [string, number][]) {
      await cache.put(address, new Response('x', { headers: { 'x-parta-stored': String(now - age * hour) } }));
    }
  }, Date.now());
  // the worker is let go and begins anew with the next page, which is none that is kept
  const session = await page.context().newCDPSession(page);
  await session.send('ServiceWorker.enable');
  await session.send('ServiceWorker.stopAllWorkers');
  await open(page, '/account');
  await expect.poll(() => kept(page)).not.toContain('/journal/98765');
  expect(await kept(page)).toContain('/journal/98766');
});

test('on somebody else\'s computer no journal is kept', async ({ as, watch }) => {
  watch.allow(CUT);
  const page = await as('nobody', { serviceWorkers: 'allow' });
  await signInByPage(page, 'teacher', PASSWORD, true);
  await open(page, '/journal');
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await open(page, '/journal');
  await page.locator('main li a[href^="/journal/"]').first().click();
  await expect(page.getByRole('grid')).not.toHaveAttribute('aria-busy', 'true');
  await page.context().setOffline(true);
  await page.goto('/journal').catch(() => undefined);
  await expect(page.getByRole('heading', { name: 'Нет сети' })).toBeVisible();
  expect(await kept(page)).toEqual([]);
});
