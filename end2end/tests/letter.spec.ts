// The letter of the day: a parent names an address, proves it by the digits that came there, changes the hour, and has no more of it.
// The letters go to a server of ours that keeps them; in both languages.
import { createServer, type AddressInfo } from 'node:net';
import { expect, open, PHONE, test } from '../support/test';
import { overflow, violations } from '../support/axe';
import { NOW, Server } from '../support/programs';
import { SCHOOL } from '../support/places';
import { LANGS, LOCALE, words } from '../support/texts';

/** As much of a mail server as a sender needs: takes every letter and gives its text. */
async function catcher(run: (port: number, letters: string[]) => Promise<void>): Promise<void> {
  const letters: string[] = [];
  const service = createServer((socket) => {
    let [rest, letter, reading] = ['', '', false];
    socket.on('error', () => undefined);
    socket.write('220 catcher ESMTP\r\n');
    socket.on('data', (chunk) => {
      rest += chunk.toString('utf8');
      for (let end = rest.indexOf('\r\n'); end >= 0; end = rest.indexOf('\r\n')) {
        const line = rest.slice(0, end);
        rest = rest.slice(end + 2);
        if (reading && line === '.') {
          letters.push(letter);
          [letter, reading] = ['', false];
          socket.write('250 kept\r\n');
        } else if (reading) {
          letter += `${line}\n`;
        } else if (/^DATA/i.test(line)) {
          reading = true;
          socket.write('354 go on\r\n');
        } else if (/^QUIT/i.test(line)) {
          socket.end('221 bye\r\n');
        } else {
          socket.write(/^EHLO/i.test(line) ? '250-catcher\r\n250 8BITMIME\r\n' : '250 ok\r\n');
        }
      }
    });
  });
  await new Promise<void>((go) => service.listen(0, '127.0.0.1', go));
  try {
    await run((service.address() as AddressInfo).port, letters);
  } finally {
    service.close();
  }
}

/** A letter's words, however it was packed for the way. */
function unpacked(letter: string): string {
  const body = letter.slice(letter.indexOf('\n\n') + 2);
  if (/content-transfer-encoding: base64/i.test(letter)) return Buffer.from(body.replace(/\s/g, ''), 'base64').toString('utf8');
  const bytes = body.replace(/=\n/g, '').replace(/=([0-9A-F]{2})/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

for (const lang of LANGS) {
  test(`an address is proved by the digits that came there, the hour is changed, and no letter comes any more; ${lang}`, async ({ as, server: common, watch }) => {
    // the wrong digits
    watch.allow(/status of 4\d\d/);
    const say = (key: string, places = {}) => words(lang).say('classbook', `notice.${key}`, places);
    await catcher(async (port, letters) => {
      const env = { PARTA_MAIL_SERVER: `smtp://127.0.0.1:${port}`, PARTA_MAIL_FROM: 'Парта <parta@example.org>' };
      const server = await Server.start(common.databaseUrl, NOW, { env });
      try {
        const kept = () => server.ask(`select count(*) filter (where confirmed_at is not null) || ' of ' || count(*) from notice_email where school_id = ${SCHOOL}`);
        await server.sql(`delete from notice_email where school_id = ${SCHOOL}`);
        const page = await as('parent', { ...PHONE, locale: LOCALE[lang], colorScheme: lang === 'en' ? 'dark' : 'light' }, server);
        await open(page, '/notices/settings');
        const section = page.getByRole('region', { name: say('email_title') });
        await expect(section).toContainText(say('email_off'));
        await section.getByLabel(say('email_address')).fill('mother@example.org');
        await section.getByRole('button', { name: say('email_set') }).tap();
        await expect.poll(() => letters.length, { timeout: 30_000 }).toBe(1);
        await expect(section).toContainText(say('email_sent', { address: 'mother@example.org' }));
        expect(letters[0]).toMatch(/^To: .*mother@example\.org/im);
        const digits = /\b(\d{6})\b/.exec(unpacked(letters[0]))![1];
        expect(await violations(page)).toEqual([]);
        expect(await overflow(page)).toEqual([]);
        // other digits prove nothing
        await section.getByLabel(say('email_code')).fill(digits === '111111' ? '222222' : '111111');
        await section.getByRole('button', { name: say('email_confirm') }).tap();
        await expect(section.getByRole('alert')).toBeVisible();
        expect(await kept()).toBe('0 of 1');
        await section.getByLabel(say('email_code')).fill(digits);
        await section.getByRole('button', { name: say('email_confirm') }).tap();
        await expect(section.getByLabel(say('email_code'))).toHaveCount(0);
        expect(await kept()).toBe('1 of 1');
        await section.getByRole('button', { name: say('email_forget') }).tap();
        await expect(section).toContainText(say('email_off'));
        expect(await kept()).toBe('0 of 1');
        await expect(section.getByLabel(say('email_code'))).toHaveCount(0);
        await expect(section.getByLabel(say('email_address'))).toHaveValue('');
      } finally {
        await server.stop();
      }
    });
  });
}
