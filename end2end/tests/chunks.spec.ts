// A parent's phone does not download the office, and a part that cannot be fetched ends in words, not in a dead page.
import { expect, open, PHONE, ready, test } from '../support/test';

test('the diary fetches the diary and nothing of the office', async ({ as }) => {
  const page = await as('parent', PHONE);
  const fetched: string[] = [];
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (pathname.startsWith('/pkg/')) fetched.push(pathname);
  });
  await open(page, '/diary');
  await page.waitForLoadState('networkidle');
  const pages = fetched.map((f) => /split___(.+?)_view_/.exec(f)?.[1]).filter((name) => name !== undefined);
  expect(pages).toContain('week_page');
  expect(pages.filter((name) => !['week_page', 'subjects_page'].includes(name))).toEqual([]);
  // one wasm, one script, one style, the page and what it shares with others; growth must be seen here
  expect(fetched.length, fetched.join('\n')).toBeLessThan(20);
});

test('a page is fetched when one goes there', async ({ as }) => {
  const page = await as('parent', PHONE);
  await open(page, '/diary');
  const chunk = page.waitForRequest(/split___subjects_page/);
  await page.getByRole('link', { name: 'Предметы' }).last().click();
  await chunk;
  await expect(page).toHaveURL(/\/subjects$/);
});

test('a part that does not come on the first load: a message with «Обновить», and what was drawn stays', async ({ as, watch }) => {
  watch.allow(/./);
  const page = await as('parent', PHONE);
  await page.route(/split___week_page.*\.wasm/, (route) => route.abort());
  await page.goto('/diary');
  await expect(page.getByText(/Страница не загрузилась до конца/)).toBeVisible();
  await expect(page.locator('section.day').first()).toBeVisible();
  await page.unroute(/split___week_page.*\.wasm/);
  await page.getByRole('button', { name: 'Обновить' }).last().click();
  await ready(page);
  await expect(page.locator('section.day').first()).toBeVisible();
});

test('a part that does not come when one goes there: the same message', async ({ as, watch }) => {
  watch.allow(/./);
  const page = await as('teacher');
  await open(page, '/account');
  await page.route(/split___journals_page.*\.wasm/, (route) => route.abort());
  await page.getByRole('navigation', { name: 'Разделы' }).getByRole('link', { name: 'Журнал' }).click();
  await expect(page.getByText(/Страница не загрузилась до конца/)).toBeVisible();
  await page.unroute(/split___journals_page.*\.wasm/);
  await page.getByRole('button', { name: 'Обновить' }).last().click();
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
});

test('the entry itself does not come: what the server drew is there, with the message', async ({ as, watch }) => {
  watch.allow(/./);
  const page = await as('parent', PHONE);
  await page.route(/\/pkg\/parta.*\.wasm/, (route) => route.abort());
  await page.goto('/diary');
  await expect(page.getByText(/Страница не загрузилась до конца/)).toBeVisible();
  await expect(page.locator('section.day').first()).toBeVisible();
});
