// What a journey begins with: `server` (its worker's own, with its own copy of the demo region), `as('teacher')` for a
// signed-in browser, and a watch over consoles: an error, a broken policy or a panic fails the journey.
import { test as base, type BrowserContext, type BrowserContextOptions, type Page } from '@playwright/test';
import path from 'node:path';
import { ready, type Login } from './people';
import { database, query, Server } from './programs';
import { TEMPLATE } from './prepare';

export { expect } from '@playwright/test';
export { day, TODAY } from './programs';
export { ready } from './people';

export const PHONE: BrowserContextOptions = {
  viewport: { width: 393, height: 851 },
  hasTouch: true,
  isMobile: true,
  deviceScaleFactor: 2.75,
};

/** What a console says of a network that is cut, and of a session that has ended. */
export const CUT = /net::ERR_INTERNET_DISCONNECTED|net::ERR_FAILED|status of 401/;

/** What consoles may say without failing the journey. */
export class Watch {
  readonly said: string[] = [];
  private readonly allowed: RegExp[] = [];

  /** The journey itself brings this about. */
  allow(...patterns: RegExp[]): void {
    this.allowed.push(...patterns);
  }

  note(text: string): void {
    this.said.push(text);
  }

  get unexpected(): string[] {
    return this.said.filter((text) => !this.allowed.some((pattern) => pattern.test(text)));
  }

  look(context: BrowserContext): void {
    context.on('console', (message) => {
      if (message.type() === 'error' || /Content Security Policy|hydrat/i.test(message.text())) {
        this.note(`${message.type()} at ${message.page()?.url() ?? '?'}: ${message.text()} (${message.location().url})`);
      }
    });
    context.on('weberror', (error) => this.note(`uncaught at ${error.page()?.url() ?? '?'}: ${error.error()}`));
  }
}

/** The browser's clock agrees with the server's. */
async function agree(context: BrowserContext, shift: number): Promise<void> {
  if (shift === 0) return;
  await context.addInitScript((ms) => {
    const Real = Date;
    const Shifted = new Proxy(Real, {
      construct: (target, args, made) => Reflect.construct(target, args.length === 0 ? [Real.now() + ms] : args, made),
      apply: () => new Real(Real.now() + ms).toString(),
      get: (target, key) => (key === 'now' ? () => Real.now() + ms : Reflect.get(target, key)),
    });
    globalThis.Date = Shifted;
  }, shift);
}

/** A browser of its own; `at`: another server than the worker's, say on another day. */
export type As = (login: Login | 'nobody', options?: BrowserContextOptions, at?: Server) => Promise<Page>;

export const test = base.extend<{ watch: Watch; as: As }, { server: Server }>({
  server: [
    async ({}, use, info) => {
      const cluster = process.env.PARTA_E2E_CLUSTER!;
      const name = `parta_e2e_${info.workerIndex}`;
      await query(database(cluster, 'postgres'), `create database ${name} template ${TEMPLATE}`);
      const server = await Server.start(database(cluster, name));
      await use(server);
      await server.stop();
      await query(database(cluster, 'postgres'), `drop database ${name} with (force)`);
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  baseURL: async ({ server }, use) => use(server.url),
  watch: async ({ server }, use, info) => {
    const watch = new Watch();
    await use(watch);
    if (info.status === info.expectedStatus && watch.unexpected.length > 0) {
      throw new Error(`the console said:\n${watch.unexpected.join('\n')}`);
    }
    if (info.status !== info.expectedStatus) {
      await info.attach('console', { body: watch.said.join('\n') || '(nothing)', contentType: 'text/plain' });
      await info.attach('server log', { body: server.log.slice(-20_000) || '(nothing)', contentType: 'text/plain' });
    }
  },
  context: async ({ context, server, watch }, use) => {
    watch.look(context);
    await agree(context, server.shift);
    await use(context);
  },
  as: async ({ browser, server, watch }, use) => {
    const opened: BrowserContext[] = [];
    await use(async (login, options = {}, at = server) => {
      const context = await browser.newContext({
        baseURL: at.url,
        locale: 'ru-RU',
        timezoneId: 'Europe/Moscow',
        viewport: { width: 1366, height: 768 },
        // Only the journeys about being offline want one: it would answer instead of the server.
        serviceWorkers: 'block',
        ...(login === 'nobody' ? {} : { storageState: path.join(process.env.PARTA_E2E_STATES!, `${login}.json`) }),
        ...options,
      });
      context.setDefaultTimeout(process.env.CI ? 20_000 : 10_000);
      context.setDefaultNavigationTimeout(20_000);
      watch.look(context);
      await agree(context, at.shift);
      opened.push(context);
      return context.newPage();
    });
    for (const context of opened) await context.close();
  },
});

/** Goes there and waits until the page answers. */
export async function open(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await ready(page);
}
