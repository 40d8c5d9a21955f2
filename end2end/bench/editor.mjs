// What the editor asks of the timetable engine, on generated Russian schools that the engine has solved: prices of all cells of a
// held card, chains for a card whose cell is blocked, repairs after a teacher is given a free day; and what judging alone weighs in the
// browser. `./parta bench editor`; variables:
//
//   PARTA_FET_SCHOOLS         path of make_fet_school.py, which writes a Russian school from a seed; needs python3
//   PARTA_EDITOR_SCHOOLS      seeds of these schools, e.g. "3" or "1-5" (default "3")
//   PARTA_EDITOR_OPTIONS      options of the generator (default "--max-gaps 2")
//   PARTA_EDITOR_SOLVE        seconds for solving a school first (default 30)
//   PARTA_EDITOR_CHAINS       cards whose cell is blocked (default 200)
//   PARTA_EDITOR_REPAIRS      teachers who get a free day (default 20)
//   PARTA_EDITOR_SECONDS      for a repair (default 2)
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const target = process.env.CARGO_TARGET_DIR || path.join(root, 'target');
const text = (name, usual) => process.env[name] || usual;

/** "1-3,7" as numbers. */
const numbers = (list) =>
  list.split(',').flatMap((part) => {
    const [from, to] = part.split('-').map(Number);
    return Array.from({ length: (to ?? from) - from + 1 }, (_, n) => from + n);
  });

/** Runs it; `note(name, value, unit)` takes each figure. */
export async function measure(_product, note) {
  const generator = process.env.PARTA_FET_SCHOOLS;
  if (!generator) throw new Error('set PARTA_FET_SCHOOLS; the head of end2end/bench/editor.mjs says how');
  const features = ['--release', '-p', 'timetable', '--all-features'];
  execFileSync('cargo', ['build', ...features, '--bin', 'timetable', '--example', 'editor_fet'], { cwd: root, stdio: 'inherit' });
  note('editor_judging_brotli', judging() / 1000, 'kB');
  const scratch = mkdtempSync(path.join(tmpdir(), 'parta-editor-'));
  try {
    for (const seed of numbers(text('PARTA_EDITOR_SCHOOLS', '3'))) {
      const [school, solved] = ['school', 'solved'].map((name) => path.join(scratch, `${name}-${seed}.fet`));
      const options = text('PARTA_EDITOR_OPTIONS', '--max-gaps 2').split(' ').filter(Boolean);
      execFileSync('python3', [generator, school, '--seed', String(seed), ...options], { stdio: ['ignore', 'ignore', 'inherit'] });
      const seconds = text('PARTA_EDITOR_SOLVE', '30');
      execFileSync(path.join(target, 'release/timetable'), ['solve', school, '-o', solved, '--seconds', seconds, '--seed', '1', '--threads', '1'], {
        stdio: ['ignore', 'ignore', 'inherit'],
      });
      const asked = [text('PARTA_EDITOR_CHAINS', '200'), text('PARTA_EDITOR_REPAIRS', '20'), text('PARTA_EDITOR_SECONDS', '2')];
      const said = execFileSync(path.join(target, 'release/examples/editor_fet'), [solved, ...asked], { encoding: 'utf8', maxBuffer: 1 << 26 });
      for (const line of said.trim().split('\n')) {
        const [name, value, ...unit] = line.split(' ');
        if (name === '#') console.log(line);
        else note(`editor_school-${seed}_${name}`, Number(value), unit.join(' '));
      }
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Bytes over the wire of a board with all that judges its cells, and nothing else. */
function judging() {
  const options = ['-p', 'timetable', '--no-default-features', '--bin', 'judging', '--profile', 'wasm-release', '--target', 'wasm32-unknown-unknown'];
  execFileSync('cargo', ['build', ...options], { cwd: root, stdio: 'inherit' });
  const built = readFileSync(path.join(target, 'wasm32-unknown-unknown/wasm-release/judging.wasm'));
  return brotliCompressSync(built, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
}
