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
  const parts = [...new Set(fetched.map((f) => /split_([a-z]+)_pages/.exec(f)?.[1]).filter((name) => name !== undefined))];
  expect(parts).toEqual(['diary']);
  // one wasm, two scripts, one style, the diary and what it shares with others; growth must be seen here
  expect(fetched.length, fetched.join('\n')).toBeLessThan(16);
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
  await page.route(/split_diary_pages.*\.wasm/, (route) => route.abort());
  await page.goto('/diary');
  await expect(page.getByText(/Страница не загрузилась до конца/)).toBeVisible();
  await expect(page.locator('section.day').first()).toBeVisible();
  await page.unroute(/split_diary_pages.*\.wasm/);
  await page.getByRole('button', { name: 'Обновить' }).last().click();
  await ready(page);
  await expect(page.locator('section.day').first()).toBeVisible();
});

test('a part that does not come when one goes there: the same message', async ({ as, watch }) => {
  watch.allow(/./);
  const page = await as('teacher');
  await open(page, '/account');
  await page.route(/split_journal_pages.*\.wasm/, (route) => route.abort());
  await page.getByRole('navigation', { name: 'Разделы' }).getByRole('link', { name: 'Журнал' }).click();
  await expect(page.getByText(/Страница не загрузилась до конца/)).toBeVisible();
  await page.unroute(/split_journal_pages.*\.wasm/);
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
