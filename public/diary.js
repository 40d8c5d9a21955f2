// What a family's pages do in the browser. They are finished documents: the server draws them, links and popovers are the
// browser's own, and this is the rest, so that a phone need not fetch the application to read a diary (docs/decisions/0006).
// Texts come from the page itself, in its language: see `freshness.rs` and `lesson.rs` of the diary.
(() => {
  'use strict';
  const root = document.documentElement;

  // ── homework done: one's own tick ──
  // The server keeps it for whoever ticks (nobody else sees it). What it has not taken yet waits here, under the person, the child and the
  // homework, and is sent when it can be; sending it twice does no harm, as the latest act stands.
  const storage = (() => {
    try {
      // on somebody else's computer it dies with the tab, as everything there (docs/decisions/0005)
      return 'shared' in root.dataset ? sessionStorage : localStorage;
    } catch {
      return null; // a browser that forbids its storage sends what it can at once
    }
  })();
  const diary = document.querySelector('.diary[data-person]');
  const person = diary ? diary.dataset.person : '';
  const asOf = Number((document.querySelector('.freshness') || { dataset: {} }).dataset.asOf) || 0;
  const mine = `parta.diary.tick.${person}.`;
  const boxes = () => document.querySelectorAll('input[data-tick]');
  // where nothing can be stored it lives as long as the page
  const unstored = new Map();
  const kept = (key) => {
    try {
      return unstored.get(key) || JSON.parse(storage.getItem(key));
    } catch {
      return null;
    }
  };
  const keep = (key, tick) => {
    unstored.delete(key);
    try {
      if (tick) storage.setItem(key, JSON.stringify(tick));
      else storage.removeItem(key);
    } catch {
      if (tick) unstored.set(key, tick);
    }
  };
  const drawTicks = () => {
    for (const box of boxes()) {
      let tick = kept(box.dataset.tick);
      // what the server took before it drew this page stands in the page
      if (tick && tick.sent && tick.sent <= asOf) tick = keep(box.dataset.tick, null);
      box.checked = tick ? tick.done : box.defaultChecked;
      const line = box.closest('.hw');
      if (line) line.toggleAttribute('data-done', box.checked);
    }
  };
  const stored = () => {
    try {
      return Object.keys(storage);
    } catch {
      return [];
    }
  };
  const waiting = () => [...new Set([...stored(), ...unstored.keys()])].filter((key) => key.startsWith(mine) && !(kept(key) || { sent: 1 }).sent);
  let sending = false;
  const sendTicks = async () => {
    if (!person || sending || !navigator.onLine) return;
    sending = true;
    try {
      for (;;) {
        // a child at a time: one that is not theirs any more holds up no other
        const all = waiting();
        const child = all.length ? all[0].slice(mine.length).split('.')[0] : '';
        const sent = all.filter((key) => key.startsWith(`${mine}${child}.`)).slice(0, 100).map((key) => [key, kept(key)]);
        if (!sent.length) break;
        const ticks = sent.map(([key, tick]) => {
          const work = key.slice(mine.length).split('.')[1];
          const individual = work.startsWith('i');
          return { pupil: Number(child), work: Number(work.slice(individual ? 1 : 0)), individual, done: tick.done, at: new Date(tick.at).toISOString() };
        });
        const answer = await fetch('/api/diary/tick', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ ticks }) });
        // signed out, too many, or a server away: later. What it will never take does not wait for ever
        if (!answer.ok && ![404, 413, 422].includes(answer.status)) break;
        const at = answer.ok ? Date.parse(await answer.json()) : 0;
        for (const [key, tick] of sent) {
          const now = kept(key);
          // set anew while it was on its way: that one waits on
          if (now && now.at === tick.at && now.done === tick.done) keep(key, at ? { ...tick, sent: at } : null);
        }
      }
    } catch {
      // no network: with the next page, or when it is back
    } finally {
      sending = false;
    }
  };
  // ticks of before the server kept them: taken over once, as older than anything that is ticked since
  const takeOver = () => {
    for (const key of stored()) {
      const [child, work] = key.startsWith('parta.diary.done.') ? key.slice('parta.diary.done.'.length).split('.') : [];
      if (!work || child !== diary.dataset.watch) continue;
      if (!kept(`${mine}${child}.${work}`)) keep(`${mine}${child}.${work}`, { done: true, at: 0 });
      keep(key, null);
    }
  };
  addEventListener('change', (event) => {
    const box = event.target;
    if (!(box instanceof HTMLInputElement) || !box.dataset.tick) return;
    keep(box.dataset.tick, { done: box.checked, at: Date.now() });
    drawTicks();
    sendTicks();
  });
  if (person) takeOver();
  // another window of the same diary
  addEventListener('storage', drawTicks);
  addEventListener('online', sendTicks);
  drawTicks();
  sendTicks();

  // ── how old the data are, said honestly ──
  // The server writes the moment of the data; a stored copy says when it was stored (`boot.js` puts it on the document), by
  // the device's own clock: a phone that runs ten minutes fast must not call fresh data old.
  const line = document.querySelector('.freshness');
  const words = line ? line.dataset : {};
  const fresh = line ? line.textContent : '';
  const opened = Date.now();
  const storedAt = () => Number(root.dataset.stored) || 0;
  const day = (at) => Math.floor((at + Number(words.offset) * 1000) / 86_400_000);
  const said = (at) => {
    const local = new Date(at + Number(words.offset) * 1000);
    const form = (options) => new Intl.DateTimeFormat(root.lang === 'en' ? 'en-GB' : 'ru-RU', { timeZone: 'UTC', ...options }).format(local);
    const days = day(Date.now()) - day(at);
    const text = days === 0 ? words.today : days === 1 ? words.yesterday : words.date.replace('{date}', form({ day: 'numeric', month: 'long' }));
    return text.replace('{time}', form({ hour: '2-digit', minute: '2-digit' }));
  };
  const show = (state, text) => {
    if (line.dataset.state === state && line.textContent === text) return;
    line.dataset.state = state;
    // the text itself and not the nodes: where the page is hydrated, its application looks for those that the server drew
    const words = [...line.childNodes].find((node) => node.nodeType === Node.TEXT_NODE);
    if (words) words.data = text;
    else line.textContent = text;
  };
  const tell = () => {
    if (!line) return;
    const at = storedAt();
    if (!navigator.onLine) show('offline', words.offline.replace('{when}', said(at || Number(words.asOf))));
    else if (at) show('stale', words.stale.replace('{when}', said(at)));
    else show('fresh', fresh);
  };
  // Coming back asks anew, unless somebody is reading the details of a mark just now.
  const again = () => {
    if (!document.querySelector(':popover-open')) location.reload();
  };
  addEventListener('parta:shown', tell);
  addEventListener('offline', tell);
  addEventListener('online', () => (storedAt() ? again() : tell()));
  addEventListener('visibilitychange', () => {
    if (!document.hidden && navigator.onLine && (Date.now() - opened > 60_000 || storedAt())) again();
  });
  tell();

  // ── what happens while the page is open ──
  // The server says that something has happened, not what; the page is then asked for anew, with its rights. A hidden page
  // lets go: a browser keeps few connections to one server, and a phone sleeps better.
  const watched = document.querySelector('[data-watch]');
  let listening = null;
  const listen = async () => {
    if (!watched || listening || document.hidden || !navigator.onLine || storedAt()) return;
    const stop = (listening = new AbortController());
    let pause = 3000;
    // the server looks back a little from here; what a page shows that was loaded again for it is no news
    const lookback = performance.getEntriesByType('navigation').some((entry) => entry.type === 'reload') ? 5000 : 0;
    let since = Number(words.asOf) + lookback;
    while (!stop.signal.aborted) {
      try {
        const query = `pupil=${watched.dataset.watch}&since=${new Date(since).toISOString()}&once=false`;
        const answer = await fetch(`/api/diary/watch?${query}`, { signal: stop.signal, cache: 'no-store' });
        // signed out, or not ours any more: the next click says so
        if (!answer.ok && answer.status < 500) break;
        if (!answer.ok) throw new Error('server away');
        pause = 1000;
        let text = '';
        const lines = answer.body.pipeThrough(new TextDecoderStream()).getReader();
        for (;;) {
          const { value, done } = await lines.read();
          if (done) break;
          text += value;
          let end;
          while ((end = text.indexOf('\n')) >= 0) {
            const beat = JSON.parse(text.slice(0, end));
            text = text.slice(end + 1);
            since = Date.parse(beat.at);
            if (beat.changed && !stop.signal.aborted) again();
          }
        }
      } catch {
        // no network, no server: later
        pause = Math.min(pause * 2, 60_000);
      }
      if (!stop.signal.aborted) await new Promise((go) => setTimeout(go, pause));
    }
    if (listening === stop) listening = null;
  };
  const hush = () => {
    if (listening) listening.abort();
    listening = null;
  };
  addEventListener('visibilitychange', () => (document.hidden ? hush() : listen()));
  addEventListener('offline', hush);
  addEventListener('online', listen);
  addEventListener('pagehide', hush);
  addEventListener('pageshow', (event) => event.persisted && listen());
  // what draws the page comes first; whoever only has a glance leaves nothing open
  addEventListener('load', () => setTimeout(listen, 4000));

  // ── «new» ends where it was seen ──
  // A page that the browser draws ahead, or that lies behind another, has been seen by nobody yet; a stored copy is told when it is asked for anew.
  const seen = document.querySelector('[data-seen]');
  let toldSeen = false;
  const tellSeen = () => {
    if (!seen || toldSeen || document.hidden || document.prerendering || storedAt()) return;
    toldSeen = true;
    const period = Number(seen.dataset.period) || undefined;
    const body = JSON.stringify({ pupil: Number(seen.dataset.seen), shown: new Date(Number(words.asOf)).toISOString(), period });
    // no network: it is new again next time
    fetch('/api/diary/seen', { method: 'POST', headers: { 'content-type': 'application/json' }, body })
      .then((answer) => answer.text())
      .catch(() => {});
  };
  addEventListener('visibilitychange', tellSeen);
  document.addEventListener('prerenderingchange', tellSeen);
  tellSeen();

  // ── what needs the network says so, instead of the browser's own page ──
  addEventListener('submit', (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.dataset.online || navigator.onLine) return;
    event.preventDefault();
    const said = form.querySelector('.field-error');
    if (said) said.textContent = form.dataset.online;
  });

  // this page needs no more than this to answer
  if (!document.querySelector('link[rel="modulepreload"]')) root.dataset.ready = '';
})();
