// Parta's service worker, by hand. It keeps two things and nothing else:
//   parta-assets-<build>  files of /pkg and a few icons: public, the same for everyone;
//   parta-diary           the last seen pages of the diary: of one person, for 14 days;
//   parta-journal         a teacher's journals and plans of today and those last opened: of one person in one school, for 3 days.
// Every other page and every other answer goes to the network and stays nowhere. Of a session of «чужой компьютер» (answers
// that carry `x-parta-shared`) nothing is kept at all, and what was kept here before goes (docs/decisions/0005).
//
// And it shows what a push brought (below): that there is news, and the words only if their owner wants them shown.
//
// The build is in our own address (`/sw.js?b=…`, see boot.js): another build is another worker, so the server has nothing
// to write in here. Messages from a page: 'wipe' (sign-out), 'update' (a page of our own build is there), 'how' (was
// this page a stored copy?), { type: 'keep', assets, page, lang } (what the very first page was made of), { type: 'take', pages }
// (journals that may be needed without a network), { type: 'push-on', device, person, key }, 'push-off', { type: 'who', person }.
'use strict';

const BUILD = new URL(self.location).searchParams.get('b') || 'dev';
const ASSETS = `parta-assets-${BUILD}`;
// What is kept, where, for how long and how much. A page says in `data-person` whose it is, else it is not kept.
const SHELVES = [
  { name: 'parta-diary', home: '/diary', days: 14, copies: 40 },
  { name: 'parta-journal', home: '/journal', days: 3, copies: 48 },
];
const ICONS = ['/logo.svg', '/favicon.svg', '/icon-192.png', '/manifest.webmanifest', '/boot.js', '/diary.js', '/engine.js'];
const DAY = 24 * 3600 * 1000;
// With a copy at hand nobody waits longer than this for a network that only seems to be there.
const PATIENCE = 3500;
const STORED = 'x-parta-stored';
const SHARED = 'x-parta-shared';
const PERSON = '/parta-person';
const LANG = '/parta-lang';
const PUSH = 'parta-push';

self.addEventListener('install', (event) => event.waitUntil(precache()));
self.addEventListener('activate', (event) => event.waitUntil(activate()));
self.addEventListener('message', (event) => {
  const data = event.data;
  const type = typeof data === 'string' ? data : data && data.type;
  if (type === 'wipe') event.waitUntil(Promise.all([wipe(), unsubscribe()]));
  else if (type === 'update' || type === 'SKIP_WAITING') self.skipWaiting();
  else if (type === 'how' && event.source) tell(event.source.id);
  else if (type === 'keep') event.waitUntil(keep(data));
  else if (type === 'take') event.waitUntil(take(data));
  else if (type === 'push-on') event.waitUntil(keepPush({ device: data.device, person: data.person, key: data.key }));
  else if (type === 'push-off') event.waitUntil(caches.delete(PUSH));
  else if (type === 'who') event.waitUntil(Promise.all([expire(), who(data.person)]));
});
self.addEventListener('push', (event) => event.waitUntil(told(event)));
self.addEventListener('notificationclick', (event) => event.waitUntil(opened(event)));
self.addEventListener('pushsubscriptionchange', (event) => event.waitUntil(renew(event.newSubscription)));

self.addEventListener('fetch', (event) => {
  const request = event.request;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  // what has had its days goes when anything of ours is asked for, not only when something new is put beside it
  if (Date.now() - swept > DAY / 24) {
    swept = Date.now();
    event.waitUntil(expire());
  }
  if (request.method !== 'GET') {
    // the session ends: what was kept of the person goes with it, whatever the page does
    if (url.pathname === '/api/access/sign_out') {
      event.waitUntil(Promise.all([wipe(), unsubscribe()]));
      if (request.mode === 'navigate') event.respondWith(fetch(request).catch(notOut));
    }
    // a word that was not heard is not kept: whoever gives it knows that it was not given
    if (url.pathname.startsWith('/api/acknowledgement/') && request.mode === 'navigate') {
      event.respondWith(fetch(request).catch(notSaid));
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

// From the network, else from the store; also when the network only seems to be there.
async function fresh(request) {
  const hit = await caches.match(request);
  try {
    const response = await patient(fetch(request), hit);
    if (response.ok) (await caches.open(ASSETS)).put(request, response.clone()).catch(() => {});
    return response;
  } catch (error) {
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
  if (data.page) await taken(data.page, data.lang);
}

// Pages that the person has not opened as documents: those that the application drew itself, and those of today and of the
// next day that its teacher has lessons on.
async function take(data) {
  for (const page of (data.pages || []).slice(0, 40)) await taken(page, data.lang, data.fresh);
}

// Fetches a page to keep it, unless there is a copy that is good enough.
async function taken(page, lang, fresh) {
  const shelf = shelfOf(new URL(page, self.location).pathname);
  if (!shelf) return;
  const had = await copy(shelf, page);
  if (had && Date.now() - storedAt(had) < (fresh || Infinity)) return;
  const response = await fetch(page, { credentials: 'same-origin', headers: { 'accept-language': lang || 'ru' } }).catch(() => null);
  if (response && !response.redirected) await keepPage(shelf, page, response);
}

// ── pages ──────────────────────────────────────────────────────────────────────────────────────────────────────

const shelfOf = (path) => SHELVES.find(({ home }) => path === home || path.startsWith(`${home}/`));

async function page(event, url) {
  const key = url.pathname + url.search;
  const shelf = shelfOf(url.pathname);
  const stored = shelf && (await copy(shelf, key));
  // the icon on the phone opens «/» or a home: as it was, else the last page seen, is better than nothing
  const home = url.pathname === '/' || SHELVES.some((s) => s.home === url.pathname);
  const last = !stored && home ? await lastPage() : undefined;
  try {
    const response = await patient(fetch(event.request), stored || last);
    away = 0;
    if (shelf) {
      if (response.status === 401) event.waitUntil(wipe());
      else event.waitUntil(keepPage(shelf, key, response.clone()));
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
    // the page that it leads to has waited long enough
    away = Date.now();
    if (!last) return offline(await lastPage());
    return Response.redirect((await copy(shelfOf(last), shelfOf(last).home)) ? shelfOf(last).home : last, 302);
  }
}

// When the network was last found to be away, or 0.
let away = 0;

// The network, but not for ever when there is a copy. A server that is down is like no network.
async function patient(request, stored) {
  const good = request.then((response) => {
    if (stored && response.status >= 502 && response.status <= 504) throw new Error('server away');
    return response;
  });
  if (!stored) return good;
  good.catch(() => {});
  return Promise.race([good, new Promise((_, fail) => setTimeout(() => fail(new Error('slow')), Date.now() - away < PATIENCE ? PATIENCE / 10 : PATIENCE))]);
}

async function keepPage(shelf, key, response) {
  if (response.headers.has(SHARED)) return wipe();
  if (response.status !== 200 || !(response.headers.get('content-type') || '').startsWith('text/html')) return;
  const html = await response.text();
  // a page says whose it is: a family's own diary, a teacher's own journals; what else staff look at is not kept
  const person = /data-person="([\d@]+)"/.exec(html);
  if (!person) return;
  await put(shelf, key, person[1], html, response);
  // «/diary» is a week that also has an address of its own
  const week = /data-week="([^"]+)"/.exec(html);
  if (week && week[1] !== key) await put(shelf, week[1], person[1], html, response);
}

async function put(shelf, key, person, text, response) {
  const headers = new Headers(response.headers);
  for (const name of ['content-encoding', 'content-length', 'set-cookie', 'transfer-encoding']) headers.delete(name);
  headers.set(STORED, String(Date.now()));
  let cache = await caches.open(shelf.name);
  const owner = await cache.match(PERSON);
  if (!owner || (await owner.text()) !== person) {
    // somebody else has signed in on this device, or at another school
    await caches.delete(shelf.name);
    cache = await caches.open(shelf.name);
    await cache.put(PERSON, new Response(person));
  }
  await cache.put(key, new Response(text, { status: 200, headers }));
  await expire();
}

// When what is too old was last looked for by this run of the worker.
let swept = 0;

const storedAt = (response) => Number(response.headers.get(STORED) || 0);

async function copy(shelf, key) {
  const hit = await (await caches.open(shelf.name)).match(key);
  return hit && Date.now() - storedAt(hit) < shelf.days * DAY ? hit : undefined;
}

// All copies of a shelf, the newest first.
async function copies(shelf) {
  const cache = await caches.open(shelf.name);
  const all = [];
  for (const request of await cache.keys()) {
    const at = storedAt(await cache.match(request));
    if (at) all.push({ request, at, url: new URL(request.url) });
  }
  return all.sort((a, b) => b.at - a.at);
}

async function lastPage() {
  const all = [];
  for (const shelf of SHELVES) {
    if (!(await caches.has(shelf.name))) continue;
    all.push(...(await copies(shelf)).filter((c) => shelfOf(c.url.pathname) === shelf && Date.now() - c.at < shelf.days * DAY));
  }
  all.sort((a, b) => b.at - a.at);
  return all.length ? all[0].url.pathname + all[0].url.search : undefined;
}

async function expire() {
  for (const shelf of SHELVES) {
    if (!(await caches.has(shelf.name))) continue;
    const cache = await caches.open(shelf.name);
    const gone = (await copies(shelf)).filter((c, i) => i >= shelf.copies || Date.now() - c.at >= shelf.days * DAY);
    await Promise.all(gone.map((c) => cache.delete(c.request)));
  }
}

async function wipe() {
  shown.clear();
  await Promise.all(SHELVES.map((shelf) => caches.delete(shelf.name)));
  for (const client of await self.clients.matchAll()) client.postMessage({ type: 'wiped' });
}

// ── pushes ─────────────────────────────────────────────────────────────────────────────────────────────────────────

// A push holds the number of this device and nothing else. What happened is asked with the session of whoever is signed in here, and
// answered only if they want it shown; without a network, without a session, for a school that is not the active one it is a word
// that gives nothing away. Browsers want each push to be shown.
async function told(event) {
  const ru = await russian();
  let device = null;
  try {
    device = event.data.json().device;
  } catch {
    // not ours, or nothing in it: there is news all the same
  }
  const news = await what(device);
  // who teaches has no diary
  const own = news && news.href.startsWith('/journal');
  const word = own ? (ru ? 'Есть новости о ваших уроках' : 'There is news of your lessons') : ru ? 'Есть новости в дневнике' : 'There is news in the diary';
  const body = (news && news.text) || word;
  await self.registration.showNotification('Парта', {
    body,
    // a later one takes the place of an earlier one
    tag: 'parta-news',
    renotify: true,
    lang: ru ? 'ru' : 'en',
    icon: '/icon-192.png',
    badge: '/icon-192.png',
    data: { device, href: news && news.href },
  });
}

async function what(device) {
  if (typeof device !== 'string' || !/^[0-9a-f-]{36}$/.test(device)) return null;
  try {
    const answer = await fetch(`/api/notice/news?device=${device}`, { cache: 'no-store', signal: AbortSignal.timeout(4000) });
    const news = answer.ok ? await answer.json() : null;
    return news && /^\/[a-z]/.test(news.href) ? news : null;
  } catch {
    return null;
  }
}

// Opens the place in a window of its own, or comes back to one that shows it: a page on which somebody is typing is left alone.
async function opened(event) {
  event.notification.close();
  const { device, href } = event.notification.data || {};
  const news = href ? { href } : await what(device);
  const address = new URL((news && news.href) || '/notices', self.location);
  const windows = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const there = windows.find((client) => new URL(client.url).pathname === address.pathname);
  if (there) return there.focus();
  return self.clients.openWindow(address.href);
}

// What this device is to the server: its number there, whose it is, the key it was subscribed with.
async function keepPush(kept) {
  await (await caches.open(PUSH)).put('/parta-push', new Response(JSON.stringify(kept)));
}

async function push() {
  if (!(await caches.has(PUSH))) return null;
  const kept = await (await caches.open(PUSH)).match('/parta-push');
  return kept ? kept.json() : null;
}

// The browser's own address goes: what the server still sends to it comes back to it as «gone».
async function unsubscribe() {
  await caches.delete(PUSH);
  const subscription = await self.registration.pushManager?.getSubscription().catch(() => null);
  if (subscription) await subscription.unsubscribe().catch(() => {});
}

// Somebody is signed in here. Another one than the device belongs to: nothing about the first one's children comes here any more.
async function who(person) {
  const kept = await push();
  if (!kept || !person) return;
  if (kept.person !== person) await unsubscribe();
  else if (kept.late) await renew(null);
}

// The browser has changed its address: the server is told, at once or with the next page.
async function renew(fresh) {
  const kept = await push();
  if (!kept) return;
  try {
    const { pushManager } = self.registration;
    const key = Uint8Array.from(atob(kept.key.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0));
    const subscription = fresh || (await pushManager.getSubscription()) || (await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key }));
    const { endpoint, keys, expirationTime } = subscription.toJSON();
    const body = JSON.stringify({
      subscription: { endpoint, p256dh: keys.p256dh, auth: keys.auth, expires: expirationTime || null, replaces: kept.device },
    });
    const answer = await fetch('/api/notice/subscribe', { method: 'POST', headers: { 'content-type': 'application/json', accept: 'application/json' }, body });
    if (!answer.ok) throw new Error('not taken');
    await keepPush({ device: await answer.json(), person: kept.person, key: kept.key });
  } catch {
    await keepPush({ ...kept, late: true });
  }
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

// Without a network the school has not heard that a week was seen.
async function notSaid() {
  const ru = await russian();
  const title = ru ? 'Нет сети' : 'No network';
  const text = ru
    ? 'Отметка об ознакомлении не отправлена: для неё нужна сеть. Вернитесь к дневнику и нажмите ещё раз, когда сеть появится.'
    : 'The acknowledgement was not sent: it needs the network. Go back to the diary and press again once the network is back.';
  const back = ru ? 'К дневнику' : 'To the diary';
  return simple(ru, title, `<p role="alert">${text}</p><p><a href="/diary">${back}</a></p>`);
}

async function offline(last) {
  const ru = await russian();
  const title = ru ? 'Нет сети' : 'No network';
  const text = ru
    ? 'Эта страница на этом устройстве не сохранена. Она откроется, когда вернётся сеть.'
    : 'This page is not kept on this device. It will open once the network is back.';
  const again = ru ? 'Попробовать снова' : 'Try again';
  const journal = last && last.startsWith('/journal');
  const kept = journal ? (ru ? 'Открыть сохранённый журнал' : 'Open the kept journal') : ru ? 'Открыть сохранённый дневник' : 'Open the kept diary';
  const link = last ? `<p><a href="${last.replace(/[&"<]/g, (c) => `&#${c.charCodeAt(0)};`)}">${kept}</a></p>` : '';
  const back = "<script>addEventListener('online', () => location.reload())</script>";
  return simple(ru, title, `<p>${text}</p>${link}<p><a href="">${again}</a></p>${back}`);
}

// A page of our own making, for when there is none from the server.
function simple(ru, title, body) {
  const html = `<!DOCTYPE html><html lang="${ru ? 'ru' : 'en'}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,"><title>${title}</title><style>
:root{color-scheme:light dark}body{margin:0;min-height:100vh;display:grid;place-items:center;font:16px/1.5 system-ui,sans-serif;background:#f6f3ec;color:#26233a}
main{max-width:26rem;padding:2rem 1.25rem}h1{font-size:1.5rem;margin:0 0 .5rem}a{display:inline-block;padding:.6rem 0;color:#4a3aa7}button{font:inherit;padding:.6rem 1rem}
@media (prefers-color-scheme:dark){body{background:#17161d;color:#ece9f5}a{color:#b9aefc}}</style></head>
<body><main><h1>${title}</h1>${body}</main></body></html>`;
  return new Response(html, { status: 503, headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' } });
}
