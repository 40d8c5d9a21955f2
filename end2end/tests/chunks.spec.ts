// A parent's phone does not download the office, and a part that cannot be fetched ends in words, not in a dead page.
import type { Page } from '@playwright/test';
import { expect, open, PHONE, ready, test } from '../support/test';

// what of the built site a page fetched, by name
function fetching(page: Page): string[] {
  const fetched: string[] = [];
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (pathname.startsWith('/pkg/')) fetched.push(pathname);
  });
  return fetched;
}
const parts = (fetched: string[]) => [...new Set(fetched.map((f) => /split_([a-z]+)_pages/.exec(f)?.[1]).filter((name) => name !== undefined))];

test('a week of the diary fetches styles and no wasm at all', async ({ as }) => {
  const page = await as('parent', { ...PHONE, serviceWorkers: 'allow' });
  const fetched = fetching(page);
  page.context().on('request', (request) => fetched.push(new URL(request.url()).pathname));
  await open(page, '/diary');
  await page.getByRole('link', { name: 'Прошлая неделя' }).click();
  await expect(page).toHaveURL(/\/diary\/\d+\/\d{4}-\d{2}-\d{2}$/);
  // what listens to the diary never ends: no idle network to wait for
  await page.waitForLoadState('load');
  await page.waitForRequest(/\/api\/diary\/watch/);
  // neither the page nor its service worker
  expect([...new Set(fetched)].filter((f) => f.startsWith('/pkg/') && !f.endsWith('.css'))).toEqual([]);
});

test('subjects fetch the diary and nothing of the office', async ({ as }) => {
  const page = await as('parent', PHONE);
  await open(page, '/diary');
  const fetched = fetching(page);
  await page.getByRole('link', { name: 'Предметы' }).last().click();
  await ready(page);
  await page.waitForLoadState('networkidle');
  expect(parts(fetched)).toEqual(['family']);
  // one wasm, two scripts, one style, the diary and what it shares with others: a small file for each set of features that share
  // something (39 on 26 November, some 75 that evening: eight features of the classbook came). Growth must be seen here.
  expect(fetched.length, fetched.join('\n')).toBeLessThan(90);
});

test('a part is fetched when one goes there', async ({ as }) => {
  const page = await as('parent', PHONE);
  await open(page, '/diary');
  const part = page.waitForRequest(/split_access_pages/);
  await page.getByRole('navigation', { name: 'Разделы' }).getByRole('link', { name: 'Профиль' }).click();
  await part;
  await expect(page).toHaveURL(/\/account$/);
});

test('a part that does not come on the first load: a message with «Обновить», and what was drawn stays', async ({ as, watch }) => {
  watch.allow(/./);
  const page = await as('parent', PHONE);
  await open(page, '/diary');
  await page.route(/split_family_pages.*\.wasm/, (route) => route.abort());
  await page.getByRole('link', { name: 'Предметы' }).last().click();
  await expect(page.getByText(/Страница не загрузилась до конца/)).toBeVisible();
  await expect(page.locator('.subject-avg > li').first()).toBeVisible();
  await page.unroute(/split_family_pages.*\.wasm/);
  await page.getByRole('button', { name: 'Обновить' }).last().click();
  await ready(page);
  await expect(page.locator('.subject-avg > li').first()).toBeVisible();
});

test('a part that does not come when one goes there: the same message', async ({ as, watch }) => {
  watch.allow(/./);
  const page = await as('teacher');
  await open(page, '/account');
  await page.route(/split_office_pages.*\.wasm/, (route) => route.abort());
  await page.getByRole('navigation', { name: 'Разделы' }).getByRole('link', { name: 'Журнал' }).click();
  await expect(page.getByText(/Страница не загрузилась до конца/)).toBeVisible();
  await page.unroute(/split_office_pages.*\.wasm/);
  await page.getByRole('button', { name: 'Обновить' }).last().click();
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
});

test('a part that the network lost is asked for again, and nobody hears of it', async ({ as, watch }) => {
  watch.allow(/ERR_FAILED|net::/);
  const page = await as('teacher');
  await open(page, '/account');
  let asked = 0;
  await page.route(/split_office_pages.*\.wasm/, (route) => (++asked <= 2 ? route.abort() : route.continue()));
  await page.getByRole('navigation', { name: 'Разделы' }).getByRole('link', { name: 'Журнал' }).click();
  await expect(page).toHaveURL(/\/journal$/);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Журналы');
  expect(asked).toBe(3);
  await expect(page.getByText(/Страница не загрузилась до конца/)).toHaveCount(0);
});

test('the entry itself does not come: what the server drew is there, with the message', async ({ as, watch }) => {
  watch.allow(/./);
  const page = await as('parent', PHONE);
  await page.route(/\/pkg\/parta.*\.wasm/, (route) => route.abort());
  await page.goto('/account');
  await expect(page.getByText(/Страница не загрузилась до конца/)).toBeVisible();
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
});
