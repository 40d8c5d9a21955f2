// Whether this device is told by push: what the browser says of it, turning it on by the press of a button, turning it off. Loaded by
// boot.js when the page of the settings asks; what it finds stands on the document as `data-push`: none, denied, off, failed, on:TAG.
const root = document.documentElement;

function say(state) {
  root.dataset.push = state;
  dispatchEvent(new Event('parta:push'));
}

const key = () => {
  const holder = document.querySelector('[data-push-key]');
  return holder ? holder.dataset.pushKey : '';
};

function bytes(text) {
  const raw = atob(text.replace(/-/g, '+').replace(/_/g, '/'));
  return Uint8Array.from(raw, (c) => c.charCodeAt(0));
}

// A worker that never comes (a foreign certificate, a private window) must not leave the page waiting.
function registration() {
  const late = new Promise((_, fail) => setTimeout(() => fail(new Error('no worker')), 5000));
  return Promise.race([navigator.serviceWorker.ready, late]);
}

const able = () => 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window && !('shared' in root.dataset);

async function tag(subscription) {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(subscription.endpoint));
  return Array.from(new Uint8Array(hash).slice(0, 8), (b) => b.toString(16).padStart(2, '0')).join('');
}

// Bound to the key that the server has now? A server that was set up anew has another one.
function ours(subscription) {
  const bound = subscription.options && subscription.options.applicationServerKey;
  if (!bound) return true;
  const [a, b] = [new Uint8Array(bound), bytes(key())];
  return a.length === b.length && a.every((byte, n) => byte === b[n]);
}

export async function ask() {
  try {
    if (!able()) return say('none');
    if (Notification.permission === 'denied') return say('denied');
    const subscription = await (await registration()).pushManager.getSubscription();
    if (!subscription || !ours(subscription) || Notification.permission !== 'granted') return say('off');
    say(`on:${await tag(subscription)}`);
  } catch {
    say('none');
  }
}

export async function on() {
  try {
    // the browser asks here, and only here: after a press
    const answer = await Notification.requestPermission();
    if (answer === 'denied') return say('denied');
    if (answer !== 'granted') return say('off');
    const { pushManager, active } = await registration();
    const old = await pushManager.getSubscription();
    if (old && !ours(old)) await old.unsubscribe();
    const subscription = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(key()) });
    const { endpoint, keys, expirationTime } = subscription.toJSON();
    const body = JSON.stringify({ subscription: { endpoint, p256dh: keys.p256dh, auth: keys.auth, expires: expirationTime || null } });
    const response = await fetch('/api/notice/subscribe', { method: 'POST', headers: { 'content-type': 'application/json', accept: 'application/json' }, body });
    if (!response.ok) throw new Error('not taken');
    // the worker renews it when the browser changes the address, and gives it up when somebody else signs in here
    if (active) active.postMessage({ type: 'push-on', device: await response.json(), person: root.dataset.visitor, key: key() });
    say(`on:${await tag(subscription)}`);
  } catch {
    say('failed');
  }
}

export async function off() {
  try {
    const { pushManager, active } = await registration();
    const subscription = await pushManager.getSubscription();
    if (subscription) await subscription.unsubscribe();
    if (active) active.postMessage({ type: 'push-off' });
  } catch {
    // the server has forgotten it: nothing comes here any more
  }
  say('off');
}
