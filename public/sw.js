// Parta's service worker, by hand. It keeps two things and nothing else:
//   parta-assets-<build>  files of /pkg and a few icons: public, the same for everyone;
//   parta-diary           the last seen pages of the diary: of one person, for 14 days.
// Every other page and every other answer goes to the network and stays nowhere. Of a session of «чужой компьютер» (answers
// that carry `x-parta-shared`) nothing is kept at all, and what was kept here before goes (docs/decisions/0005).
//
// The build is in our own address (`/sw.js?b=…`, see boot.js): another build is another worker, so the server has nothing
// to write in here. Messages from a page: 'wipe' (sign-out), 'update' (the person agreed to the new version), 'how' (was
// this page a stored copy?), { type: 'keep', assets, page, lang } (what the very first page was made of).
'use strict';

const BUILD = new URL(self.location).searchParams.get('b') || 'dev';
const ASSETS = `parta-assets-${BUILD}`;
const DIARY = 'parta-diary';
const ICONS = ['/logo.svg', '/favicon.svg', '/icon-192.png', '/manifest.webmanifest', '/boot.js', '/diary.js', '/engine.js'];
const DAY = 24 * 3600 * 1000;
const KEEP_DAYS = 14;
const KEEP_COPIES = 40;
// With a copy at hand nobody waits longer than this for a network that only seems to be there.
const PATIENCE = 3500;
const STORED = 'x-parta-stored';
const SHARED = 'x-parta-shared';
const PERSON = '/parta-person';
const LANG = '/parta-lang';

self.addEventListener('install', (event) => event.waitUntil(precache()));
self.addEventListener('activate', (event) => event.waitUntil(activate()));
self.addEventListener('message', (event) => {
  const data = event.data;
  const type = typeof data === 'string' ? data : data && data.type;
  if (type === 'wipe') event.waitUntil(wipe());
  else if (type === 'update' || type === 'SKIP_WAITING') self.skipWaiting();
  else if (type === 'how' && event.source) tell(event.source.id);
  else if (type === 'keep') event.waitUntil(keep(data));
});

self.addEventListener('fetch', (event) => {
  const request = event.request;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.method !== 'GET') {
    // the session ends: what was kept of the person goes with it, whatever the page does
    if (url.pathname === '/api/access/sign_out') {
      event.waitUntil(wipe());
      if (request.mode === 'navigate') event.respondWith(fetch(request).catch(notOut));
    }
    return;
  }
  if (request.mode === 'navigate') event.respondWith(page(event, url));
  else if (url.pathname.startsWith('/pkg/')) event.respondWith(asset(request, url));
  else if (ICONS.includes(url.pathname)) event.respondWith(fresh(request));
});

// ── the shell ──────────────────────────────────────────────────────────────────────────────────────────────────────

// The styles: all that a diary needs. The application and its chunks are kept as they are used: a parent never fetches the office.
const isShell = (path) => /^\/pkg\/[^/]*\.css$/.test(path);
// A name with a hash never changes its contents.
const isHashed = (path) => /[._-][A-Za-z0-9_-]{12,}\.(js|wasm|css|json)$/.test(path);

async function precache() {
  const cache = await caches.open(ASSETS);
  const list = await fetch('/sw-assets.json', { cache: 'no-cache' }).then((r) => (r.ok ? r.json() : {})).catch(() => ({}));
  const files = list.shell || (list.files || []).filter(isShell);
  // one icon that is missing must not cost the rest
  await Promise.allSettled([...files, ...ICONS].map((file) => cache.add(file)));
}

async function activate() {
  // pages in store may still need the build before this one; older ones are needed by nobody
  const old = (await caches.keys()).filter((name) => name.startsWith('parta-assets-') && name !== ASSETS);
  await Promise.all(old.slice(0, -1).map((name) => caches.delete(name)));
  await expire();
  await self.clients.claim();
}

async function asset(request, url) {
  const hit = isHashed(url.pathname) ? await caches.match(request) : undefined;
  return hit || fresh(request);
}

// From the network, else from the store.
async function fresh(request) {
  try {
    const response = await fetch(request);
    if (response.ok) (await caches.open(ASSETS)).put(request, response.clone()).catch(() => {});
    return response;
  } catch (error) {
    const hit = await caches.match(request);
    if (hit) return hit;
    throw error;
  }
}

// The first page ever was loaded before there was a worker: it tells what it was made of.
async function keep(data) {
  const cache = await caches.open(ASSETS);
  if (data.lang) await cache.put(LANG, new Response(data.lang));
  const urls = (data.assets || []).filter((u) => new URL(u, self.location).pathname.startsWith('/pkg/'));
  await Promise.allSettled(urls.map(async (u) => (await cache.match(u)) || cache.add(u)));
  if (data.page && isDiary(new URL(data.page, self.location).pathname) && !(await copy(data.page))) {
    const response = await fetch(data.page, { credentials: 'same-origin', headers: { 'accept-language': data.lang || 'ru' } }).catch(() => null);
    if (response && !response.redirected) await keepPage(data.page, response);
  }
}

// ── the diary ──────────────────────────────────────────────────────────────────────────────────────────────────────

const isDiary = (path) => path === '/diary' || path.startsWith('/diary/');

async function page(event, url) {
  const key = url.pathname + url.search;
  const stored = isDiary(url.pathname) ? await copy(key) : undefined;
  try {
    const response = await patient(fetch(event.request), stored);
    if (isDiary(url.pathname)) {
      if (response.status === 401) event.waitUntil(wipe());
      else event.waitUntil(keepPage(key, response.clone()));
    } else if (url.pathname === '/sign-in' && response.ok) {
      // whoever is asked to sign in is nobody: the session has ended
      event.waitUntil(wipe());
    }
    return response;
  } catch {
    if (stored) {
      shown.set(event.resultingClientId || event.clientId, storedAt(stored));
      return stored;
    }
    // the icon on the phone opens «/» or «/diary»: this week as it was, else the last page seen, is better than nothing
    const home = url.pathname === '/' || url.pathname === '/diary';
    const last = home ? ((await copy('/diary')) ? '/diary' : await lastPage()) : undefined;
    return last ? Response.redirect(last, 302) : offline(await lastPage());
  }
}

// The network, but not for ever when there is a copy. A server that is down is like no network.
async function patient(request, stored) {
  const good = request.then((response) => {
    if (stored && response.status >= 502 && response.status <= 504) throw new Error('server away');
    return response;
  });
  if (!stored) return good;
  good.catch(() => {});
  return Promise.race([good, new Promise((_, fail) => setTimeout(() => fail(new Error('slow')), PATIENCE))]);
}

async function keepPage(key, response) {
  if (response.headers.has(SHARED)) return wipe();
  if (response.status !== 200 || !(response.headers.get('content-type') || '').startsWith('text/html')) return;
  const html = await response.text();
  // only a family's own page says whose it is: what staff look at is not kept
  const person = /data-person="(\d+)"/.exec(html);
  if (!person) return;
  await put(key, person[1], html, response);
  // «/diary» is a week that also has an address of its own
  const week = /data-week="([^"]+)"/.exec(html);
  if (week && week[1] !== key) await put(week[1], person[1], html, response);
}

async function put(key, person, text, response) {
  const headers = new Headers(response.headers);
  for (const name of ['content-encoding', 'content-length', 'set-cookie', 'transfer-encoding']) headers.delete(name);
  headers.set(STORED, String(Date.now()));
  let cache = await caches.open(DIARY);
  const owner = await cache.match(PERSON);
  if (!owner || (await owner.text()) !== person) {
    // somebody else has signed in on this device
    await caches.delete(DIARY);
    cache = await caches.open(DIARY);
    await cache.put(PERSON, new Response(person));
  }
  await cache.put(key, new Response(text, { status: 200, headers }));
  await expire();
}

const storedAt = (response) => Number(response.headers.get(STORED) || 0);

async function copy(key) {
  const hit = await (await caches.open(DIARY)).match(key);
  return hit && Date.now() - storedAt(hit) < KEEP_DAYS * DAY ? hit : undefined;
}

// All copies, the newest first.
async function copies() {
  const cache = await caches.open(DIARY);
  const all = [];
  for (const request of await cache.keys()) {
    const at = storedAt(await cache.match(request));
    if (at) all.push({ request, at, url: new URL(request.url) });
  }
  return all.sort((a, b) => b.at - a.at);
}

async function lastPage() {
  const pages = (await copies()).filter((c) => isDiary(c.url.pathname) && Date.now() - c.at < KEEP_DAYS * DAY);
  return pages.length ? pages[0].url.pathname + pages[0].url.search : undefined;
}

async function expire() {
  if (!(await caches.has(DIARY))) return;
  const cache = await caches.open(DIARY);
  const all = await copies();
  const gone = all.filter((c, i) => i >= KEEP_COPIES || Date.now() - c.at >= KEEP_DAYS * DAY);
  await Promise.all(gone.map((c) => cache.delete(c.request)));
}

async function wipe() {
  shown.clear();
  await caches.delete(DIARY);
  for (const client of await self.clients.matchAll()) client.postMessage({ type: 'wiped' });
}

// ── what a page is told ────────────────────────────────────────────────────────────────────────────────────────────

// client → when the copy it shows was stored; nothing for a page fresh from the network
const shown = new Map();

async function tell(id) {
  const client = id && (await self.clients.get(id));
  if (client) client.postMessage({ type: 'shown', stored: shown.get(id) || null });
}

async function russian() {
  const lang = await caches.match(LANG);
  return !/^en/i.test(lang ? await lang.text() : self.navigator.language || 'ru');
}

// Without a network the server has not heard of the sign-out: said honestly, and finished as soon as it can be.
async function notOut() {
  const ru = await russian();
  const title = ru ? 'Вы ещё не вышли' : 'You are not signed out yet';
  const text = ru
    ? 'Нет сети, и сервер о выходе не знает. С этого устройства ваши данные уже стёрты. Не закрывайте страницу: выход закончится сам, когда вернётся сеть.'
    : 'There is no network, and the server does not know. Your data are wiped from this device already. Keep this page open: signing out will finish by itself once the network is back.';
  const again = ru ? 'Выйти сейчас' : 'Sign out now';
  const form = `<form method="post" action="/api/access/sign_out"><button>${again}</button></form>
<script>
const leave = () => document.forms[0].submit();
addEventListener('online', leave);
// «online» is a browser's guess, and sometimes it makes none
setInterval(() => fetch('/health', { cache: 'no-store' }).then((answer) => answer.ok && leave()).catch(() => {}), 4000);
</script>`;
  return simple(ru, title, `<p role="alert">${text}</p>${form}`);
}

async function offline(last) {
  const ru = await russian();
  const title = ru ? 'Нет сети' : 'No network';
  const text = ru
    ? 'Эта страница на этом устройстве не сохранена. Она откроется, когда вернётся сеть.'
    : 'This page is not kept on this device. It will open once the network is back.';
  const again = ru ? 'Попробовать снова' : 'Try again';
  const diary = ru ? 'Открыть сохранённый дневник' : 'Open the kept diary';
  const link = last ? `<p><a href="${last.replace(/[&"<]/g, (c) => `&#${c.charCodeAt(0)};`)}">${diary}</a></p>` : '';
  const back = "<script>addEventListener('online', () => location.reload())</script>";
  return simple(ru, title, `<p>${text}</p>${link}<p><a href="">${again}</a></p>${back}`);
}

// A page of our own making, for when there is none from the server.
function simple(ru, title, body) {
  const html = `<!DOCTYPE html><html lang="${ru ? 'ru' : 'en'}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title><style>
:root{color-scheme:light dark}body{margin:0;min-height:100vh;display:grid;place-items:center;font:16px/1.5 system-ui,sans-serif;background:#f6f3ec;color:#26233a}
main{max-width:26rem;padding:2rem 1.25rem}h1{font-size:1.5rem;margin:0 0 .5rem}a{display:inline-block;padding:.6rem 0;color:#4a3aa7}button{font:inherit;padding:.6rem 1rem}
@media (prefers-color-scheme:dark){body{background:#17161d;color:#ece9f5}a{color:#b9aefc}}</style></head>
<body><main><h1>${title}</h1>${body}</main></body></html>`;
  return new Response(html, { status: 503, headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' } });
}
