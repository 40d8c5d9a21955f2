// The people of the demo region (server/src/demo/cast.rs) and how one of them enters.
import { createHash } from 'node:crypto';
import { expect, type Page } from '@playwright/test';
import type { Server } from './programs';

export const PASSWORD = 'parta-demo';
/** The issued password of `newcomer`. */
export const ISSUED = 'first-sign-in';

/** Signed in before the journeys begin; `newcomer` and whoever signs in during a journey are not here. */
export const ROLES = ['deputy', 'teacher', 'classteacher', 'parent', 'parent3', 'pupil', 'director', 'deputy2'] as const;
export type Login = (typeof ROLES)[number];

/** The page answers to clicks and keys. */
export async function ready(page: Page): Promise<void> {
  await expect(page.locator('html')).toHaveAttribute('data-ready', '', { timeout: 20_000 });
}

export async function fillSignIn(page: Page, login: string, password: string): Promise<void> {
  await ready(page);
  await page.getByLabel(/Логин или телефон|Login or phone/).fill(login);
  await page.getByLabel(/^(Пароль|Password)$/).fill(password);
  await page.getByRole('button', { name: /^(Войти|Sign in)$/ }).click();
}

/** `shared`: on somebody else's computer. */
export async function signInByPage(page: Page, login: string, password: string = PASSWORD, shared = false): Promise<void> {
  await page.goto('/sign-in');
  await ready(page);
  if (shared) await page.getByRole('checkbox', { name: /Чужой компьютер/ }).check();
  await fillSignIn(page, login, password);
  await expect(page).not.toHaveURL(/\/sign-in/, { timeout: 20_000 });
  // whoever leaves a page while its parts are on the way hears the browser complain
  await ready(page);
}

/** Signs in as a plain form does, for a browser that is to begin signed in. */
export async function signInByForm(url: string, login: string): Promise<{ cookies: object[]; origins: object[] }> {
  const response = await fetch(`${url}/api/access/sign_in`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' },
    body: new URLSearchParams({ login, password: PASSWORD, return_to: '/' }),
  });
  const cookies = response.headers.getSetCookie().map((line) => {
    const [pair, ...rest] = line.split('; ');
    const cut = pair.indexOf('=');
    const age = rest.find((part) => part.startsWith('Max-Age='));
    return {
      name: pair.slice(0, cut),
      value: pair.slice(cut + 1),
      domain: '127.0.0.1',
      path: '/',
      expires: age ? Math.floor(Date.now() / 1000) + Number(age.slice(8)) : -1,
      httpOnly: true,
      secure: true,
      sameSite: 'Lax',
    };
  });
  if (!cookies.some((cookie) => cookie.name === '__Host-parta')) throw new Error(`${login} could not sign in: ${await response.text()}`);
  return { cookies, origins: [] };
}

/** As its owner does on another device: the session of this very browser, no other. */
export async function endSession(page: Page, server: Server): Promise<void> {
  const cookie = (await page.context().cookies()).find((c) => c.name === '__Host-parta')!;
  const hash = createHash('sha256').update(Buffer.from(cookie.value, 'hex')).digest('hex');
  await server.sql(`update session set revoked_at = created_at where token_hash = '\\x${hash}'`);
  await expect.poll(async () => (await page.request.get('/api/journal/list')).status()).toBe(401);
}
