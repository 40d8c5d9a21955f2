// A phone is told by push: turned on by a press, a push service of the journey's own takes what the server sends and decrypts it with the
// phone's keys, the browser is given it as if it came from there, and a tap opens the diary of the right child.
import { createDecipheriv, createECDH, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server as Http } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { violations } from '../support/axe';
import { pupil, SCHOOL } from '../support/places';
import { NOW, Server } from '../support/programs';
import { expect, open, PHONE, ready, test, TODAY } from '../support/test';

interface Message {
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** The phone's half of a subscription, and what decrypts with it (RFC 8291, RFC 8188). */
class Keys {
  private readonly ecdh = createECDH('prime256v1');
  readonly publicKey = this.ecdh.generateKeys();
  readonly auth = randomBytes(16);

  read(body: Buffer): string {
    const salt = body.subarray(0, 16);
    const length = body[20];
    const theirs = body.subarray(21, 21 + length);
    const secret = this.ecdh.computeSecret(theirs);
    const info = Buffer.concat([Buffer.from('WebPush: info\0'), this.publicKey, theirs]);
    const ikm = Buffer.from(hkdfSync('sha256', secret, this.auth, info, 32));
    const prk = createHmac('sha256', salt).update(ikm).digest();
    const derive = (label: string, size: number) => createHmac('sha256', prk).update(`Content-Encoding: ${label}\0\x01`).digest().subarray(0, size);
    const record = body.subarray(21 + length);
    const decipher = createDecipheriv('aes-128-gcm', derive('aes128gcm', 16), derive('nonce', 12));
    decipher.setAuthTag(record.subarray(-16));
    const plain = Buffer.concat([decipher.update(record.subarray(0, -16)), decipher.final()]);
    return plain.subarray(0, plain.lastIndexOf(2)).toString();
  }
}

/** A push service, and the server that is allowed to send to it. */
async function served(database: string, run: (server: Server, origin: string, messages: Message[]) => Promise<void>): Promise<void> {
  const messages: Message[] = [];
  const service: Http = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      messages.push({ headers: request.headers, body: Buffer.concat(chunks) });
      response.writeHead(201).end();
    });
  });
  await new Promise<void>((go) => service.listen(0, '127.0.0.1', go));
  const origin = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
  const folder = mkdtempSync(path.join(tmpdir(), 'parta-push.'));
  const env = { PARTA_PUSH: 'true', PARTA_PUSH_KEY: path.join(folder, 'push.key'), PARTA_PUSH_INSIDE: origin };
  const server = await Server.start(database, NOW, { env });
  try {
    await run(server, origin, messages);
  } finally {
    await server.stop();
    service.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The browser's own push service is not to be had here: it gives an address of ours, with keys of ours. */
async function stand(page: Page, keys: Keys, endpoint: string, permission: 'granted' | 'denied' = 'granted'): Promise<void> {
  const given = { endpoint, p256dh: keys.publicKey.toString('base64url'), auth: keys.auth.toString('base64url'), permission };
  await page.addInitScript((has) => {
    const KEY = 'journey.subscribed';
    const make = (options: object) => ({
      endpoint: has.endpoint,
      options,
      toJSON: () => ({ endpoint: has.endpoint, expirationTime: null, keys: { p256dh: has.p256dh, auth: has.auth } }),
      unsubscribe: async () => (sessionStorage.removeItem(KEY), true),
    });
    Object.defineProperty(Notification, 'permission', { get: () => (has.permission === 'denied' ? 'denied' : sessionStorage.getItem('journey.asked') ? 'granted' : 'default') });
    Notification.requestPermission = async () => {
      if (!navigator.userActivation.isActive) throw new Error('asked without a press');
      sessionStorage.setItem('journey.asked', '1');
      return has.permission;
    };
    PushManager.prototype.getSubscription = async () => (sessionStorage.getItem(KEY) ? (make({}) as unknown as PushSubscription) : null);
    PushManager.prototype.subscribe = async (options) => {
      if (!options?.userVisibleOnly) throw new Error('a browser wants each push to be shown');
      sessionStorage.setItem(KEY, '1');
      return make({}) as unknown as PushSubscription;
    };
  }, given);
}

test('a phone is told that there is news, no more; a tap opens the diary of the child', async ({ as, server: common }) => {
  await served(common.databaseUrl, async (server, origin, messages) => {
    const child = await pupil(server, 'Соколов', 'Артём');
    await server.sql(`delete from push_device where school_id = ${SCHOOL}; delete from notice_read where school_id = ${SCHOOL};
      delete from notice where school_id = ${SCHOOL}; delete from notice_choice where school_id = ${SCHOOL}`);
    const keys = new Keys();
    const page = await as('parent', { ...PHONE, serviceWorkers: 'allow', permissions: ['notifications'] }, server);
    await stand(page, keys, `${origin}/push/phone`);
    await open(page, '/notices/settings');
    const section = page.getByRole('region', { name: 'Уведомления на этом устройстве' });
    await expect(section.getByText('На этом устройстве выключены.')).toBeVisible();
    await expect(page.getByRole('checkbox', { name: 'Новая отметка: На телефон' }).first()).toBeChecked();
    expect(await violations(page)).toEqual([]);
    await section.getByRole('button', { name: 'Включить на этом устройстве' }).click();
    await expect(section.getByText('На этом устройстве включены.')).toBeVisible();
    await expect(section.getByText('это устройство')).toBeVisible();
    expect(await violations(page)).toEqual([]);
    const device = await server.ask(`select id from push_device where school_id = ${SCHOOL}`);

    // something happens, and is told
    await server.sql(`with made as (insert into notice (school_id, pupil_id, kind, at, subject_id, new)
        select ${SCHOOL}, ${child}, 'mark_new', '${TODAY} 07:00Z', s.id, '5' from subject s where s.school_id = ${SCHOOL} order by s.id limit 1 returning id)
      update push_device set news = (select id from made) where id = '${device}'`);
    await expect.poll(() => messages.length, { timeout: 20_000 }).toBe(1);
    const [message] = messages;
    expect(keys.read(message.body)).toBe(JSON.stringify({ device }));
    expect(message.headers).toMatchObject({ ttl: '86400', urgency: 'normal', topic: 'parta', 'content-encoding': 'aes128gcm' });
    expect(message.headers.authorization).toMatch(/^vapid t=[\w-]+\.[\w-]+\.[\w-]+, k=[\w-]{87}$/);

    // the browser gets it from the push service and wakes the worker
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    const session = await page.context().newCDPSession(page);
    const registered = new Promise<string>((go) => {
      session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
        const ours = registrations.find((r) => r.scopeURL === `${server.url}/` && !r.isDeleted);
        if (ours) go(ours.registrationId);
      });
    });
    await session.send('ServiceWorker.enable');
    const registrationId = await registered;
    const deliver = () => session.send('ServiceWorker.deliverPushMessage', { origin: server.url, registrationId, data: keys.read(message.body) });
    const shown = () =>
      page.evaluate(async () => {
        const registration = await navigator.serviceWorker.ready;
        return (await registration.getNotifications()).map((n) => ({ title: n.title, body: n.body }));
      });
    await deliver();
    await expect.poll(shown).toEqual([{ title: 'Парта', body: 'Есть новости в дневнике' }]);

    // who wants to see what happened sees it
    await section.getByRole('switch', { name: 'Показывать, что случилось' }).check();
    await expect(page.getByText('Сохранено')).toBeVisible();
    await deliver();
    // Playwright's language does not reach the service worker: there it is the browser's own
    await expect.poll(shown).toEqual([{ title: 'Парта', body: expect.stringMatching(/^Артём\. .+: (Отметка|Mark) 5$/) }]);

    // a tap
    const [worker] = page.context().serviceWorkers();
    const led = await worker.evaluate(async () => {
      const scope = self as unknown as { clients: { openWindow: (url: string) => Promise<null> }; registration: ServiceWorkerRegistration };
      const [notification] = await scope.registration.getNotifications();
      return new Promise<string>((go) => {
        scope.clients.openWindow = async (url) => (go(url), null);
        const event = new (self as unknown as { NotificationEvent: new (type: string, init: object) => Event }).NotificationEvent('notificationclick', { notification });
        self.dispatchEvent(event);
      });
    });
    expect(led).toBe(`${server.url}/diary/${child}`);

    // and off again: here, and at the server
    await section.getByRole('button', { name: 'Выключить на этом устройстве' }).click();
    await expect(section.getByText('На этом устройстве выключены.')).toBeVisible();
    expect(await server.ask(`select count(*) from push_device where school_id = ${SCHOOL}`)).toBe('0');
  });
});

test('a browser that was told «no» is told how to allow it, and is not asked', async ({ as, server: common }) => {
  await served(common.databaseUrl, async (server, origin) => {
    const page = await as('parent', { ...PHONE, serviceWorkers: 'allow' }, server);
    await stand(page, new Keys(), `${origin}/push/no`, 'denied');
    await open(page, '/notices/settings');
    const section = page.getByRole('region', { name: 'Уведомления на этом устройстве' });
    await expect(section.getByText(/Браузер запретил Парте уведомления/)).toBeVisible();
    await expect(section.getByRole('button', { name: /Включить/ })).toHaveCount(0);
  });
});

test('quiet hours are kept, and another device is turned off from here', async ({ as, server: common }) => {
  await served(common.databaseUrl, async (server, origin) => {
    const endpoint = `${origin}/push/tablet`;
    await server.sql(`delete from push_device where school_id = ${SCHOOL};
      insert into push_device (school_id, id, person_id, endpoint, endpoint_hash, p256dh, auth, name, made_at, news, upto)
      select ${SCHOOL}, '00000000-0000-4000-8000-00000000000a', person_id, '${endpoint}', '\\x${createHash('sha256').update(endpoint).digest('hex')}',
        decode(repeat('04', 65), 'hex'), decode(repeat('01', 16), 'hex'), 'Safari, iPad', '${TODAY} 05:00Z', 0, 0 from account where login = 'parent'`);
    const page = await as('parent', PHONE, server);
    await open(page, '/notices/settings');
    const section = page.getByRole('region', { name: 'Уведомления на этом устройстве' });
    await section.getByLabel('С', { exact: true }).selectOption('21:00');
    await expect(page.getByText('Сохранено')).toBeVisible();
    await section.getByLabel('До').selectOption('8:00');
    await expect.poll(() => server.sql(`select from_hour, to_hour from push_quiet where school_id = ${SCHOOL}`)).toEqual([['21', '8']]);
    await page.reload();
    await ready(page);
    await expect(section.getByLabel('С', { exact: true })).toHaveValue('21');
    await section.getByRole('button', { name: 'Выключить: Safari, iPad' }).click();
    await expect(section.getByText('Safari, iPad')).toHaveCount(0);
    expect(await server.ask(`select count(*) from push_device where school_id = ${SCHOOL}`)).toBe('0');
  });
});
