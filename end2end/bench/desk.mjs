// What the parts that sit at a grade grid have in common: a browser of a teacher, a journal that is open, figures of many times.
import { chromium } from '@playwright/test';
import { CHROMIUM, CHROMIUM_ARGS } from './product.mjs';
import { addCookie } from './size.mjs';

/** The time that this share of all did not exceed. */
export function at(times, share) {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

export async function launched(work, args = []) {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: [...CHROMIUM_ARGS, ...args] });
  try {
    return await work(browser);
  } finally {
    await browser.close();
  }
}

/** A window of somebody signed in, 1440 × 900, without a service worker; `options` over that. */
export async function window(browser, product, login, options = {}) {
  const context = await browser.newContext({ baseURL: product.url, serviceWorkers: 'block', viewport: { width: 1440, height: 900 }, locale: 'ru-RU', ...options });
  await addCookie(context, product, login);
  return context.newPage();
}

/** The journal is open and takes keys. */
export async function openJournal(page, load) {
  await page.goto(`/journal/${load}`);
  await page.locator('html[data-ready]').waitFor({ state: 'attached', timeout: 30_000 });
  await page.locator('[role=grid]:not([aria-busy]) .grid-body .grid-cell').first().waitFor();
}
