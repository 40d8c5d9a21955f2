// What 1,000 open diaries cost the server, and that each hears of its own mark: as many families, each signed in with a session of its
// own, ask for their page and then listen as `public/diary.js` does. Memory is the server's resident memory (PostgreSQL apart), looked at before
// the first page and when all listen. Then each child is given one mark, by the ordinary way, 200 in a request: how long until its diary is told,
// from the moment that the request was sent, and how often all diaries together were told: a classmate's mark is not to wake a family.
//
// Families are the demo's of School 1; where there are fewer than 1,000 of them, some look from a second device. PARTA_BENCH_STREAMS: another number.
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { Agent, get } from 'node:http';
import { at } from './desk.mjs';

const SCHOOL = 11;
const DIARIES = Number(process.env.PARTA_BENCH_STREAMS || 1000);
/** So many open at a time. */
const DOORS = 16;
/** The most acts in one request. */
const BATCH = 200;
const TITLE = 'Бенчмарк: услышано';

export async function measure(product, note) {
  const diaries = await families(product);
  const agent = new Agent({ keepAlive: true, maxSockets: Infinity });
  const ask = (diary, path) => new Promise((resolve, reject) => {
    get(`${product.url}${path}`, { agent, headers: { cookie: diary.cookie, 'accept-encoding': 'identity' } }, resolve).on('error', reject);
  });
  // the first requests bring what every server has once: pools, statements, memory of classes
  for (const diary of diaries.slice(0, 20)) await read(await ask(diary, '/diary'));
  const before = product.memory();
  await each(diaries, async (diary) => {
    const page = await ask(diary, '/diary');
    await read(page);
    if (page.statusCode !== 200) throw new Error(`a diary answered ${page.statusCode}`);
  });
  const pages = product.memory();
  const since = new Date().toISOString();
  await each(diaries, async (diary) => {
    const stream = await ask(diary, `/api/diary/watch?pupil=${diary.pupil}&since=${since}&once=false`);
    if (stream.statusCode !== 200) throw new Error(`a stream answered ${stream.statusCode}`);
    await listen(diary, stream);
  });
  await quiet();
  const open = product.memory();
  note('streams_diaries', diaries.length, 'diaries');
  note('streams_memory_before', before, 'MB');
  note('streams_memory_of_pages', pages - before, 'MB');
  note('streams_memory_of_streams', open - pages, 'MB');
  note('streams_memory_of_all', open - before, 'MB');

  for (const diary of diaries) diary.beats = [];
  const sent = await mark(product, diaries);
  for (let n = 0; n < 100 && diaries.some((d) => d.beats.length === 0); n += 1) await quiet(100);
  await quiet();
  const deaf = diaries.filter((d) => d.beats.length === 0);
  const waits = diaries.filter((d) => d.beats.length > 0).map((d) => d.beats[0] - sent.get(d.pupil));
  note('streams_told', diaries.length - deaf.length, 'diaries');
  note('streams_beats_of_all', diaries.reduce((sum, d) => sum + d.beats.length, 0), 'beats');
  note('streams_told_p50', at(waits, 0.5), 'ms');
  note('streams_told_p95', at(waits, 0.95), 'ms');
  note('streams_memory_after_marks', product.memory() - before, 'MB');
  for (const diary of diaries) diary.stream.destroy();
  agent.destroy();
  if (deaf.length > 0) throw new Error(`${deaf.length} of ${diaries.length} diaries did not hear of their mark`);
}

const quiet = (millis = 1500) => new Promise((go) => setTimeout(go, millis));

async function read(response) {
  for await (const _ of response);
}

/** All of them, so many at a time. */
async function each(list, act) {
  const left = [...list];
  await Promise.all(Array.from({ length: DOORS }, async () => {
    for (let one = left.shift(); one; one = left.shift()) await act(one);
  }));
}

/** Reads a stream for as long as it lasts; comes true with its first line. */
function listen(diary, stream) {
  diary.stream = stream;
  diary.beats = [];
  return new Promise((first, broken) => {
    let text = '';
    stream.setEncoding('utf8');
    stream.on('error', broken);
    stream.on('close', () => broken(new Error('a stream ended')));
    stream.on('data', (chunk) => {
      text += chunk;
      for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
        const beat = JSON.parse(text.slice(0, end));
        text = text.slice(end + 1);
        if (beat.changed) diary.beats.push(performance.now());
        first();
      }
    });
  });
}

/** Guardians of School 1, whose children go to no other school, each with a session of its own. */
async function families(product) {
  const rows = await product.sql(`
    select a.id, min(p.id) from account a
    join guardianship g on g.guardian_id = a.person_id
    join pupil p on p.school_id = ${SCHOOL} and p.person_id = g.ward_id
    join enrolment e on e.school_id = p.school_id and e.pupil_id = p.id and e.ends_on is null
    where not a.must_change_password and a.disabled_at is null
      and not exists (select from employee e where e.person_id = a.person_id)
      and not exists (select from guardianship o join pupil q on q.person_id = o.ward_id where o.guardian_id = a.person_id and q.school_id <> ${SCHOOL})
    group by a.id order by a.id`);
  if (rows.length === 0) throw new Error('the demo region has no families');
  const diaries = Array.from({ length: DIARIES }, (_, n) => {
    const [account, pupil] = rows[n % rows.length];
    return { account, pupil, token: randomBytes(32) };
  });
  const values = diaries.map((d) => `('${randomUUID()}', '\\x${createHash('sha256').update(d.token).digest('hex')}', ${d.account}, 'Бенчмарк', now(), now(), now() + interval '1 day')`);
  // a command line takes so many
  for (let n = 0; n < values.length; n += 400) {
    await product.sql(`insert into session (id, token_hash, account_id, device, created_at, last_seen_at, expires_at) values ${values.slice(n, n + 400).join(',')}`);
  }
  return diaries.map((d) => ({ ...d, cookie: `__Host-parta=${d.token.toString('hex')}` }));
}

/** A mark for each child, in a lesson of its class; when each was sent. */
async function mark(product, diaries) {
  const pupils = [...new Set(diaries.map((d) => d.pupil))];
  // a work of our own in the last lesson of each class that all of it have
  const cells = await product.sql(`
    with pupil_class as (
      select e.pupil_id, e.class_id from enrolment e where e.school_id = ${SCHOOL} and e.ends_on is null and e.pupil_id in (${pupils.join(',')})),
    lesson_of as (
      select distinct on (u.class_id) u.class_id, l.id from load_audience u
      join lesson l on l.school_id = u.school_id and l.load_id = u.load_id and l.state <> 'cancelled' and l.held_on <= current_date
      where u.school_id = ${SCHOOL} and u.subgroup_id is null and u.class_id in (select class_id from pupil_class)
      order by u.class_id, l.held_on desc, l.slot desc),
    work as (
      insert into assignment (school_id, lesson_id, work_type_id, scale_id, weight, title)
      select ${SCHOOL}, id, (select min(id) from work_type where school_id = ${SCHOOL}), (select min(id) from mark_scale where school_id = ${SCHOOL}), 1, '${TITLE}'
      from lesson_of returning id, lesson_id)
    select w.lesson_id, w.id, p.pupil_id from work w join lesson_of o on o.id = w.lesson_id join pupil_class p on p.class_id = o.class_id order by w.id, p.pupil_id`);
  const [[person]] = await product.sql(`select person_id from account where login = 'deputy'`);
  const cookie = await product.cookie('deputy');
  const sent = new Map();
  for (let n = 0; n < cells.length; n += BATCH) {
    const some = cells.slice(n, n + BATCH);
    const edits = some.map(([lesson, assignment, pupil]) => ({
      op_id: randomUUID(),
      change: { to: 'mark', lesson: Number(lesson), assignment: Number(assignment), pupil: Number(pupil), code: '5', comment: null },
      expected: 0,
    }));
    for (const [, , pupil] of some) sent.set(pupil, performance.now());
    const answer = await fetch(`${product.url}/api/journal/save_cells`, {
      method: 'POST',
      headers: { cookie, 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
      body: JSON.stringify({ batch: { person: Number(person), school: SCHOOL, edits } }),
    });
    const text = await answer.text();
    const saved = text.split('"saved"').length - 1;
    if (saved !== some.length) throw new Error(`${saved} of ${some.length} marks were saved: ${answer.status} ${text.slice(0, 300)}`);
  }
  return sent;
}
