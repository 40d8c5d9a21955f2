// A parent presses the icon on the phone (the manifest's start address): how long until a new mark is in sight, in the frame that shows it.
//
// `warm`: the diary was open before, the mark was given since, the network is there. `offline`: the mark came with the last visit, and no
// connection can be made any more. `hung`: connections are made and nothing answers, as in a lift; the stored page comes when the service worker's
// patience ends (`public/sw.js`). Between browser and server stands a plain relay (`support/relay.cjs`), because the switch «offline» of a browser under
// test does not always reach a service worker. A phone of 393 × 851, `PARTA_BENCH_RUNS` times each (10), `…_slowed_4x` with a slower processor.
import { randomUUID } from 'node:crypto';
import { Relay } from '../support/relay.cjs';
import { at, launched, window } from './desk.mjs';

const SCHOOL = 11;
const RUNS = Number(process.env.PARTA_BENCH_RUNS || 10);
const PHONE = { viewport: { width: 393, height: 851 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2.75, serviceWorkers: 'allow' };

export async function measure(product, note) {
  const relay = await Relay.start(Number(new URL(product.url).port));
  try {
    await launched(async (browser) => {
      const mark = await marks(product);
      const page = await window(browser, product, 'parent', { ...PHONE, baseURL: relay.url });
      const context = page.context();
      await context.addInitScript(() => {
        const frame = () => new Promise((done) => requestAnimationFrame(() => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = done;
          port2.postMessage(0);
        }));
        globalThis.shown = (async () => {
          for (;;) {
            await frame();
            // a mark with the sign «new» beside it, drawn
            const mark = [...document.querySelectorAll('main .mark[data-new]')].find((e) => e.getClientRects().length > 0);
            if (mark) return performance.now();
          }
        })();
      });
      await page.goto('/');
      await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
      await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
      await page.goto('/');
      await page.waitForTimeout(500);
      await page.close();
      for (const [speed, rate] of [['', 1], ['_slowed_4x', 4]]) {
        for (const [name, way] of [['warm', 'open'], ['offline', 'closed'], ['hung', 'hung']]) {
          // somebody who waits 3.5 s each time is measured three times
          const runs = name === 'hung' ? 3 : RUNS;
          const times = [];
          for (let n = 0; n < runs + 1; n += 1) {
            await relay.way('open');
            if (name === 'warm' || n === 0) await mark();
            if (name !== 'warm' && n === 0) await (await visited(context)).close();
            await relay.way(way);
            // a worker that has just found the network away has less patience
            if (name === 'hung') await new Promise((go) => setTimeout(go, 4000));
            const fresh = await context.newPage();
            const session = await context.newCDPSession(fresh);
            await session.send('Emulation.setCPUThrottlingRate', { rate });
            await fresh.goto('/', { waitUntil: 'commit' });
            const took = await Promise.race([fresh.evaluate(() => globalThis.shown), new Promise((_, late) => setTimeout(() => late(new Error(`${name}: no new mark in sight`)), 15_000))]);
            // redirects count: the clock of the page begins before them
            if (n > 0) times.push(took);
            await fresh.close();
          }
          await relay.way('open');
          note(`icon_${name}${speed}_p50`, at(times, 0.5), 'ms');
          note(`icon_${name}${speed}_most`, at(times, 1), 'ms');
        }
      }
    });
  } finally {
    await relay.stop();
  }
}

async function visited(context) {
  const page = await context.newPage();
  await page.goto('/');
  await page.evaluate(() => globalThis.shown);
  // the service worker keeps what was shown
  await page.waitForTimeout(500);
  return page;
}

/** A function that gives the demo's pupil one more mark today or at the last lesson before, by the ordinary way. */
async function marks(product) {
  const [[pupil, lesson]] = await product.sql(`
    select p.id, l.id from pupil p
    join guardianship g on g.ward_id = p.person_id join account a on a.person_id = g.guardian_id and a.login = 'parent'
    join enrolment e on e.school_id = p.school_id and e.pupil_id = p.id and e.ends_on is null
    join load_audience u on u.school_id = e.school_id and u.class_id = e.class_id and u.subgroup_id is null
    join lesson l on l.school_id = u.school_id and l.load_id = u.load_id and l.state <> 'cancelled' and l.held_on <= current_date
    join person n on n.id = p.person_id
    where p.school_id = ${SCHOOL} order by n.first_name, l.held_on desc, l.slot desc limit 1`);
  const [[person]] = await product.sql(`select person_id from account where login = 'deputy'`);
  const cookie = await product.cookie('deputy');
  return async () => {
    const [[work]] = await product.sql(`
      insert into assignment (school_id, lesson_id, work_type_id, scale_id, weight)
      select ${SCHOOL}, ${lesson}, (select min(id) from work_type where school_id = ${SCHOOL}), (select min(id) from mark_scale where school_id = ${SCHOOL}), 1 returning id`);
    const change = { to: 'mark', lesson: Number(lesson), assignment: Number(work), pupil: Number(pupil), code: '5', comment: null };
    const answer = await fetch(`${product.url}/api/journal/save_cells`, {
      method: 'POST',
      headers: { cookie, 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
      body: JSON.stringify({ batch: { person: Number(person), school: SCHOOL, edits: [{ op_id: randomUUID(), change, expected: 0 }] } }),
    });
    const text = await answer.text();
    if (!text.includes('"saved"')) throw new Error(`the mark was not saved: ${answer.status} ${text}`);
  };
}
