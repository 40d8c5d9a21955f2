// What must work before the wasm arrives, and when it does not arrive: the service worker, a word when the page did not
// load or the server has become newer than the page, a swipe between weeks. No library, no state of its own.
(() => {
  'use strict';
  const root = document.documentElement;
  const ru = root.lang !== 'en';
  const say = (russian, english) => (ru ? russian : english);

  // ── what lives in this tab belongs to one person ──
  // On somebody else's computer the queue of typed marks lies in the tab's storage (decision 5). Whoever signs in here next
  // finds nothing of it.
  try {
    const { visitor } = root.dataset;
    const before = sessionStorage.getItem('parta.visitor');
    if (visitor && before && before !== visitor) sessionStorage.clear();
    if (visitor) sessionStorage.setItem('parta.visitor', visitor);
  } catch {
    // a browser that forbids its storage has nothing in it
  }

  // ── signing out: first this browser forgets, also without a network, then the server says it once more ──
  // What waits is counted in both storages: on a computer that several use, a colleague's marks may wait in the other one.
  const unsent = () => {
    try {
      return [localStorage, sessionStorage].flatMap(Object.keys).filter((key) => key.startsWith('parta.outbox.')).length;
    } catch {
      return 0;
    }
  };
  // A sign-out that the network cut is not forgotten: the next page that comes finishes it, whoever opened it.
  const LEAVING = 'parta.leaving';
  const leaving = (on) => {
    try {
      if (on === undefined) return localStorage.getItem(LEAVING) !== null;
      if (on) localStorage.setItem(LEAVING, '1');
      else localStorage.removeItem(LEAVING);
    } catch {
      // a browser that forbids its storage forgets it: the session ends by itself
    }
    return false;
  };
  if (leaving()) {
    if (location.pathname === '/sign-in' || !('visitor' in root.dataset)) leaving(false);
    else {
      const form = document.createElement('form');
      form.method = 'post';
      form.action = '/api/access/sign_out';
      document.body.replaceChildren(form);
      form.submit();
      return;
    }
  }
  const wipe = async () => {
    for (const storage of ['localStorage', 'sessionStorage']) {
      try {
        window[storage].clear();
      } catch {
        // forbidden: nothing is in it
      }
    }
    const worker = navigator.serviceWorker && navigator.serviceWorker.controller;
    if (worker) worker.postMessage('wipe');
    // all but the application's own files, which are the same for everyone
    if (window.caches) for (const name of await caches.keys()) if (!name.startsWith('parta-assets-')) await caches.delete(name);
    if (window.indexedDB && indexedDB.databases) for (const { name } of await indexedDB.databases()) indexedDB.deleteDatabase(name);
  };
  addEventListener('submit', (event) => {
    const form = event.target;
    if (!('signOut' in form.dataset)) return;
    event.preventDefault();
    // nothing typed is lost without a word
    const waiting = unsent();
    const words = form.dataset[new Intl.PluralRules(root.lang).select(waiting)] || form.dataset.many;
    if (waiting > 0 && !confirm(words.replace(/\d+/, String(waiting)))) return;
    // what cannot be wiped does not stop the sign-out; `submit()` asks nobody again
    wipe()
      .catch(() => {})
      .then(() => {
        leaving(true);
        form.submit();
      });
  });

  // ── a line at the bottom with a button, or two ──
  let said = null;
  // where the keyboard stood before it came into the line: it goes back there when the line goes
  let stood = null;
  const within = () => said !== null && said.contains(document.activeElement);
  const hush = () => {
    const held = within();
    if (said) said.remove();
    said = null;
    if (!held) return;
    // the place may have been drawn anew meanwhile: then the one tab stop of a grid, or the page itself
    const place = stood && stood.isConnected ? stood : document.querySelector('main [role="grid"] [tabindex="0"]') || document.getElementById('main');
    if (place) place.focus({ preventScroll: true });
  };
  function toast(tone, text, ...buttons) {
    const held = within();
    if (said) said.remove();
    said = document.createElement('div');
    said.className = 'toasts';
    said.setAttribute('role', tone === 'bad' ? 'alert' : 'status');
    const line = document.createElement('div');
    line.className = 'toast';
    line.dataset.tone = tone;
    const words = document.createElement('span');
    words.textContent = text;
    line.append(words);
    for (const [label, act] of buttons) {
      const press = document.createElement('button');
      press.type = 'button';
      press.className = 'btn btn-small';
      press.textContent = label;
      press.addEventListener('click', act);
      line.append(press);
    }
    said.append(line);
    said.addEventListener('focusin', (event) => {
      // without one the keyboard came from a line before this one
      if (event.relatedTarget && !said.contains(event.relatedTarget)) stood = event.relatedTarget;
    });
    document.body.append(said);
    // whoever stood on the line that this one follows stands on it
    const next = held && said.querySelector('button');
    if (next) next.focus({ preventScroll: true });
  }

  // ── the server has become newer while this page was open (docs/decisions/0023) ──
  // A page is of one version: its parts and its questions belong together. That there is a newer one is said calmly; it comes when the
  // person presses, and not before what was typed has gone. Only a page of the application can become old: a document is loaded anew
  // with every step.
  const build = root.dataset.build || 'dev';
  const hydrated = document.querySelector('link[rel="modulepreload"]') !== null;
  const again = () => say('Обновить', 'Update');
  let later = 0;
  // words that stand in a form and were never sent; what a search field holds is no loss
  const typed = () =>
    [...document.querySelectorAll('form textarea, form input')].some(
      (field) => !/^(hidden|checkbox|radio|submit|button|search|password|file)$/.test(field.type) && field.value !== '' && field.value !== field.defaultValue,
    );
  let waiting = 0;
  const renew = (since = Date.now(), last = -1) => {
    clearTimeout(waiting);
    const left = unsent();
    const kept = say(`Не отправлено: ${left}. Оно сохранено на этом устройстве и уйдёт с новой страницы.`, `Not sent: ${left}. It is kept on this device and goes from the new page.`);
    const cancel = [say('Отмена', 'Cancel'), () => (clearTimeout(waiting), hush())];
    // what is on its way goes first; what cannot go (no network, a question to be answered, a server that understands this page no more)
    // lies in the browser's storage, and the person decides
    if (left > 0 && root.dataset.outdated !== 'deaf') {
      if (left !== last) toast('info', say(`Сначала уйдёт введённое (осталось: ${left}), потом страница обновится.`, `What was typed goes first (left: ${left}), then the page is updated.`), cancel);
      if (Date.now() - since < 10_000) waiting = setTimeout(renew, 500, since, left);
      else toast('warn', kept, [again(), reload], cancel);
      return;
    }
    reload();
  };
  const reload = () => {
    hush();
    const question = say('На странице есть неотправленный текст, он пропадёт. Обновить?', 'There is text on the page that was not sent; it will be lost. Update?');
    if (!typed() || confirm(question)) location.reload();
  };
  // `deaf`: the server did not understand this page, or no longer has its parts
  const outdated = (deaf) => {
    if (!hydrated || root.dataset.outdated === 'deaf') return;
    root.dataset.outdated = deaf ? 'deaf' : '';
    if (deaf) {
      const kept = unsent() > 0 ? say(' Введённое сохранено и отправится после обновления.', ' What was typed is kept and will be sent after the update.') : '';
      toast('bad', say('Вышла новая версия, а эта страница — прежняя и дальше не работает.', 'There is a new version, and this page is of the old one and works no further.') + kept, [again(), () => renew()]);
    } else if (!said && Date.now() - later > 3_600_000) {
      const not = () => {
        later = Date.now();
        hush();
      };
      toast('info', say('Вышла новая версия. Обновить сейчас?', 'There is a new version. Update now?'), [again(), () => renew()], [say('Позже', 'Later'), not]);
    }
  };
  const native = window.fetch.bind(window);
  const newest = () => native('/build', { cache: 'no-store' }).then((answer) => (answer.ok ? answer.text() : build));
  if (hydrated) {
    // each answer of ours says of which version the server is
    window.fetch = async (...request) => {
      const answer = await native(...request);
      const theirs = answer.headers.get('x-parta-build');
      if (theirs && theirs !== build) outdated(answer.headers.has('x-parta-deaf'));
      return answer;
    };
    let looked = Date.now();
    const look = (pause) => {
      if (document.hidden || !navigator.onLine || root.dataset.stored || Date.now() - looked < pause) return;
      looked = Date.now();
      newest().then((theirs) => theirs !== build && outdated(false)).catch(() => {});
    };
    setInterval(() => look(0), 900_000);
    addEventListener('visibilitychange', () => look(60_000));
    addEventListener('online', () => look(0));
  }

  // ── the page did not load to the end ──
  const broken = async () => {
    if (broken.told) return;
    broken.told = true;
    const theirs = navigator.onLine ? await newest().catch(() => build) : build;
    if (hydrated && theirs !== build) return outdated(true);
    const text = navigator.onLine
      ? say('Страница не загрузилась до конца — обновите.', 'The page did not load completely: reload it.')
      : say('Нет сети, и часть страницы не загрузилась.', 'No network, and a part of the page did not load.');
    toast('bad', text, [say('Обновить', 'Reload'), () => location.reload()]);
  };
  // A chunk that the network lost is asked for again, so that a tunnel does not end the page. A page that is being left loses the requests
  // it made, too: it is gone before it asks again, and nothing breaks in it. An answer that says no is an answer.
  const streaming = WebAssembly.instantiateStreaming;
  if (streaming) {
    const rest = (ms) => new Promise((done) => setTimeout(done, ms));
    const fetched = async (address) => {
      for (const pause of [400, 1200, 3000]) {
        try {
          return await ask(address);
        } catch (error) {
          if (!navigator.onLine) throw error;
          await rest(pause);
        }
      }
      return ask(address);
    };
    const ask = window.fetch.bind(window);
    window.fetch = (address, ...how) => (address instanceof URL && address.pathname.endsWith('.wasm') && how.length === 0 ? fetched(address) : ask(address, ...how));
    WebAssembly.instantiateStreaming = async (source, imports) => {
      const answer = await source;
      try {
        return await streaming(answer, imports);
      } catch (error) {
        // cut off in the middle of its bytes
        if (!answer.ok || !answer.url || error instanceof WebAssembly.LinkError || error instanceof WebAssembly.CompileError) throw error;
        await rest(400);
        return streaming(await fetched(new URL(answer.url)), imports);
      }
    };
  }
  // a script, a style or a preloaded chunk of ours
  addEventListener(
    'error',
    (event) => {
      const from = event.target && (event.target.src || event.target.href);
      if (typeof from === 'string' && from.includes('/pkg/')) broken();
    },
    true,
  );
  addEventListener('unhandledrejection', (event) => {
    const text = String((event.reason && event.reason.message) || event.reason);
    const loading = /dynamically imported module|module script|WebAssembly|wasm|\/pkg\//i.test(text);
    // before the page is alive a fetch that failed can only have been one of its parts
    const early = !('ready' in root.dataset) && /fetch|network|load failed/i.test(text);
    if (loading || early) broken();
  });
  // from the wasm's panic hook: also a chunk that a lazy page could not get
  addEventListener('parta:panic', broken);

  // ── the active position may lie outside its strip on a phone ──
  const active = document.querySelector('.shell-head .switcher [aria-pressed="true"]');
  if (active) active.scrollIntoView({ block: 'nearest', inline: 'nearest' });

  // ── how many notices are not read, beside the section's name; who has more sections finds them among the journals ──
  const bell = document.querySelector('.shell-nav a[href="/notices"]') || document.querySelector('.page-actions a[href="/notices"]');
  const count = async () => {
    try {
      const answer = await fetch('/api/notice/unread');
      const unread = answer.ok ? Number(await answer.json()) : 0;
      const old = bell.querySelector('.count');
      if (old) old.remove();
      if (!(unread > 0)) return;
      const figure = document.createElement('span');
      figure.className = 'count';
      // as many as the list shows
      figure.textContent = unread >= 100 ? '99+' : String(unread);
      const words = document.createElement('span');
      words.className = 'visually-hidden';
      words.textContent = say(', непрочитанных', ' unread');
      figure.append(words);
      bell.append(figure);
    } catch {
      // no network: no figure
    }
  };
  // a stored copy is no reason to look for a network
  if (bell) addEventListener('load', () => setTimeout(() => navigator.onLine && !root.dataset.stored && count(), 300));

  // ── a swipe between weeks presses the link that is there anyway ──
  let from = null;
  const scrolls = (node) => {
    for (let n = node; n && n !== document.body; n = n.parentElement) {
      if (n.scrollWidth > n.clientWidth + 1 && /auto|scroll/.test(getComputedStyle(n).overflowX)) return true;
    }
    return false;
  };
  const go = (rel) => {
    const link = document.querySelector(`[data-swipe] a[rel="${rel}"]`);
    if (link) link.click();
  };
  addEventListener(
    'touchstart',
    (event) => {
      const touch = event.touches[0];
      const inside = event.target.closest && event.target.closest('[data-swipe]') && !event.target.closest('[popover]');
      from = inside && event.touches.length === 1 && !scrolls(event.target) ? { x: touch.clientX, y: touch.clientY, at: event.timeStamp } : null;
    },
    { passive: true },
  );
  addEventListener(
    'touchend',
    (event) => {
      if (!from) return;
      const touch = event.changedTouches[0];
      const [x, y] = [touch.clientX - from.x, touch.clientY - from.y];
      if (Math.abs(x) > 64 && Math.abs(x) > 2 * Math.abs(y) && event.timeStamp - from.at < 700) go(x < 0 ? 'next' : 'prev');
      from = null;
    },
    { passive: true },
  );
  addEventListener('keydown', (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.defaultPrevented) return;
    const on = document.activeElement;
    if (on && on !== document.body && !on.closest('.week-nav')) return;
    if (event.key === 'ArrowLeft') go('prev');
    if (event.key === 'ArrowRight') go('next');
  });

  // ── whether this device is told by push: the settings ask, a press answers ──
  for (const act of ['ask', 'on', 'off']) {
    addEventListener(`parta:push-${act}`, () => import('/push.js').then((push) => push[act]()).catch(() => {}));
  }

  // ── work of one's own waits here for the first time: the browser is asked not to clear it (kit::storage) ──
  addEventListener('parta:keep', () => {
    if (navigator.storage && navigator.storage.persist) navigator.storage.persist().catch(() => {});
  });

  // ── the service worker ──
  if (!('serviceWorker' in navigator)) return;
  const worker = navigator.serviceWorker;

  worker.addEventListener('message', (event) => {
    const data = event.data || {};
    if (data.type === 'shown') {
      if (data.stored) root.dataset.stored = data.stored;
      else delete root.dataset.stored;
      dispatchEvent(new Event('parta:shown'));
    }
    if (data.type === 'wiped') {
      try {
        for (const key of Object.keys(localStorage)) if (key.startsWith('parta.diary.')) localStorage.removeItem(key);
      } catch {
        // a browser that forbids its storage has nothing in it
      }
    }
  });
  if (worker.controller) worker.controller.postMessage('how');

  // A worker of this page's own version takes over at once: nothing on the page changes by it. Pages that are still of the version before
  // keep their parts (sw.js keeps those of one version back) and are offered the new one by themselves, above.
  const takeOver = (next) => next.postMessage('update');

  addEventListener('load', async () => {
    try {
      const registration = await worker.register(`/sw.js?b=${encodeURIComponent(build)}`, { updateViaCache: 'none' });
      if (registration.waiting && worker.controller) takeOver(registration.waiting);
      registration.addEventListener('updatefound', () => {
        const next = registration.installing;
        if (!next) return;
        next.addEventListener('statechange', () => {
          if (next.state === 'installed' && worker.controller) takeOver(next);
        });
      });
      const { active } = await worker.ready;
      if (active && 'visitor' in root.dataset) active.postMessage({ type: 'who', person: root.dataset.visitor });
      // the worker was not there yet when this page was fetched: it is told what the page is made of
      const keep = () => {
        const assets = performance.getEntriesByType('resource').map((e) => e.name).filter((u) => u.includes('/pkg/'));
        // on somebody else's computer the page itself is not kept
        const page = 'shared' in root.dataset ? null : location.pathname + location.search;
        if (active) active.postMessage({ type: 'keep', assets, page, lang: root.lang });
      };
      keep();
      const alive = new MutationObserver(() => {
        alive.disconnect();
        setTimeout(keep, 300);
      });
      if (!('ready' in root.dataset)) alive.observe(root, { attributes: true, attributeFilter: ['data-ready'] });
    } catch {
      // no worker (a foreign certificate, a private window): everything but the offline copy works
    }
  });
})();
