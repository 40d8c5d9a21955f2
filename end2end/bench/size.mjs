// What a browser fetches until a page answers: over the wire, as it was compressed.
import { chromium } from '@playwright/test';
import { bigJournal } from './journal.mjs';
import { CHROMIUM, CHROMIUM_ARGS } from './product.mjs';

export async function measure(product, note) {
  const load = await bigJournal(product);
  const [[draft]] = await product.sql(`select id from timetable_version where school_id = 11 order by state = 'draft' desc, id limit 1`);
  const pages = [
    ['sign_in', undefined, '/sign-in'],
    ['diary', 'parent', '/diary'],
    ['grid', 'teacher', `/journal/${load}`],
    ['editor', 'deputy', `/timetable/${draft}`],
  ];
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_ARGS });
  try {
    for (const [name, login, address] of pages) {
      const fetched = await visit(browser, product, login, address);
      const sum = (kinds) => fetched.filter((f) => kinds.includes(f.kind)).reduce((all, f) => all + f.bytes, 0) / 1000;
      note(`size_${name}_wasm_js`, sum(['wasm', 'js']), 'kB');
      note(`size_${name}_until_usable`, fetched.reduce((all, f) => all + f.bytes, 0) / 1000, 'kB');
      const plain = fetched.filter((f) => ['wasm', 'js', 'css'].includes(f.kind) && f.encoding !== 'br');
      for (const f of plain) console.log(`  not brotli: ${f.path} (${f.encoding || 'as it is'})`);
      if (process.env.VERBOSE) for (const f of fetched) console.log(`  ${f.kind} ${f.path} ${f.bytes}`);
    }
  } finally {
    await browser.close();
  }
}

async function visit(browser, product, login, address) {
  const context = await browser.newContext({ baseURL: product.url, serviceWorkers: 'block', viewport: { width: 412, height: 823 }, locale: 'ru-RU' });
  try {
    if (login) await addCookie(context, product, login);
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send('Network.enable');
    const open = new Map();
    const fetched = [];
    session.on('Network.responseReceived', ({ requestId, response }) => {
      const { pathname } = new URL(response.url);
      const kind = pathname.endsWith('.wasm') ? 'wasm' : pathname.endsWith('.js') ? 'js' : pathname.endsWith('.css') ? 'css' : 'other';
      const encoding = Object.entries(response.headers).find(([name]) => name.toLowerCase() === 'content-encoding')?.[1];
      open.set(requestId, { path: pathname, kind, encoding });
    });
    session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      const about = open.get(requestId);
      if (about) fetched.push({ ...about, bytes: encodedDataLength });
    });
    await page.goto(address);
    await page.locator('html[data-ready]').waitFor({ state: 'attached', timeout: 30_000 });
    return [...fetched];
  } finally {
    await context.close();
  }
}

export async function addCookie(context, product, login) {
  const [name, value] = (await product.cookie(login)).split('=');
  await context.addCookies([{ name, value, domain: new URL(product.url).hostname, path: '/', secure: true, httpOnly: true, sameSite: 'Lax' }]);
}
