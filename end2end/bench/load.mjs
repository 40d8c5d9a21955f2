// Requests a second, and how long the slowest of a hundred takes: 32 connections, server, PostgreSQL (fsync on) and wrk
// on the same machine.
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { bigJournal, emptyCells, who } from './journal.mjs';

const SECONDS = Number(process.env.PARTA_BENCH_SECONDS || 10);
const CONNECTIONS = 32;
const THREADS = 2;

// What all scripts have in common: count what is not a success, print figures that a program can read.
const COMMON = `
local threads = {}
function setup(thread) thread:set("number", #threads) table.insert(threads, thread) end
function done(summary, latency, requests)
  local failed = 0
  for _, thread in ipairs(threads) do failed = failed + (thread:get("failed") or 0) end
  local e = summary.errors
  io.write(string.format("FIGURES %.2f %.3f %.3f %d %d\\n", summary.requests / summary.duration * 1000000, latency:percentile(50) / 1000,
    latency:percentile(99) / 1000, failed + e.status, e.connect + e.read + e.write + e.timeout))
end
`;

const COUNT = `
function response(status, headers, body)
  if status ~= 200 then
    failed = failed + 1
    if failed < 3 then io.write("not answered: ", status, " ", body:sub(1, 300), "\\n") end
  end
end
`;

export async function measure(product, note) {
  note('memory_idle', product.memory(), 'MB');
  const parents = await cookies(product, await families(product));
  const teacher = await product.cookie('teacher');
  const load = await bigJournal(product);

  const reading = (paths) => `${COMMON}
    failed = 0
    local cookies = {${parents.map((c) => JSON.stringify(c)).join(', ')}}
    local paths = {${paths.map((p) => JSON.stringify(p)).join(', ')}}
    local n = 0
    function request()
      n = n + 1
      return wrk.format("GET", paths[n % #paths + 1], { Cookie = cookies[n % #cookies + 1], ["Accept-Language"] = "ru", ["Accept-Encoding"] = "identity" })
    end
    ${COUNT}`;
  run(product, note, 'diary_page', reading(['/diary']));
  run(product, note, 'diary_api', reading(['/api/diary/week']));
  run(product, note, 'grid_api', `${COMMON}
    failed = 0
    function request() return wrk.format("GET", "/api/journal/grid?load=${load}", { Cookie = ${JSON.stringify(teacher)}, ["Accept-Encoding"] = "identity" }) end
    ${COUNT}`);
  await saves(product, note, load, teacher);

  note('memory_after_load', product.memory(), 'MB');
  note('memory_peak', product.peak(), 'MB');
}

/** Parents of the demo region, each with the password of all. */
async function families(product) {
  const rows = await product.sql(`
    select a.login from account a join guardianship g on g.guardian_id = a.person_id
    where not a.must_change_password and a.disabled_at is null
      and not exists (select from employee e where e.person_id = a.person_id) group by a.id order by a.id limit 24`);
  return rows.map(([login]) => login);
}

async function cookies(product, logins) {
  const found = [];
  for (const login of logins) found.push(await product.cookie(login));
  return found;
}

/**
 * Saves with everything that a save has: an id of its own, the version that was seen, an audit event, a commit on the
 * disk. Each thread goes round through cells of its own, so that version and cell are known without asking: a cell's
 * turn comes again thousands of requests later.
 */
async function saves(product, note, load, teacher) {
  const cells = await emptyCells(product, load, 3000);
  const { person, school } = await who(product);
  const file = path.join(product.data, 'cells.lua');
  writeFileSync(file, `return {${cells.map(([lesson, work, pupil]) => `{${lesson},${work},${pupil}}`).join(',')}}\n`);
  const before = await events(product);
  const script = `${COMMON}
    failed = 0
    local all = dofile(${JSON.stringify(file)})
    local mine, n, begun = nil, 0, false
    function init() begun = number > 0 mine = {} for i = number + 1, #all, ${THREADS} do mine[#mine + 1] = all[i] end end
    function request()
      local cell = mine[n % #mine + 1]
      local round = math.floor(n / #mine)
      -- wrk asks its first thread for one request to look at before it begins, and does not send it
      if begun then n = n + 1 else begun = true end
      local op = string.format("${randomUUID().slice(0, 8)}-0000-4000-8%03x-%012x", number, n + 1)
      local body = string.format('{"batch":{"person":${person},"school":${school},"edits":[{"op_id":"%s","change":{"to":"mark","lesson":%d,"assignment":%d,"pupil":%d,"code":"%d","comment":null},"expected":%d}]}}',
        op, cell[1], cell[2], cell[3], 2 + (n + round) % 4, round)
      return wrk.format("POST", "/api/journal/save_cells", { Cookie = ${JSON.stringify(teacher)}, ["Content-Type"] = "application/json", ["Sec-Fetch-Site"] = "same-origin" }, body)
    end
    function response(status, headers, body)
      if status ~= 200 or not body:find('"saved"', 1, true) then
        failed = failed + 1
        if failed < 3 then io.write("not saved: ", status, " ", body:sub(1, 300), "\\n") end
      end
    end`;
  const requests = run(product, note, 'mark_save', script);
  const written = (await events(product)) - before;
  // every save left its event: the figure is one of durable, audited saves
  if (written < requests * 0.99) throw new Error(`${requests} saves left ${written} audit events`);
}

async function events(product) {
  const [[n]] = await product.sql('select count(*) from audit_event');
  return Number(n);
}

function run(product, note, name, script) {
  const file = path.join(product.data, `${name}.lua`);
  writeFileSync(file, script);
  const wrk = (seconds) => {
    const out = execFileSync('wrk', ['-t', String(THREADS), '-c', String(CONNECTIONS), '-d', `${seconds}s`, '--latency', '-s', file, product.url], { encoding: 'utf8' });
    for (const line of out.split('\n')) if (/^not (saved|answered)/.test(line)) console.log(`  ${line}`);
    const figures = /FIGURES (\S+) (\S+) (\S+) (\d+) (\d+)/.exec(out);
    if (!figures) throw new Error(out);
    return figures.slice(1).map(Number);
  };
  // reads are warmed up first; a second round of saves would begin with old versions
  if (name !== 'mark_save') wrk(2);
  const [rate, p50, p99, failed, broken] = wrk(SECONDS);
  note(`${name}_rate`, rate, 'requests/s');
  note(`${name}_p50`, p50, 'ms');
  note(`${name}_p99`, p99, 'ms');
  if (failed + broken > rate * SECONDS * 0.001) throw new Error(`${name}: ${failed} answers were no success, ${broken} connections failed`);
  return Math.floor(rate * SECONDS);
}
