// `./parta bench`: measures a release build, prints, and writes target/bench.json (name → {value, unit}).
//
// One part a file; a part takes the running product and a `note(name, value, unit)`. To add one: a file with `measure`,
// a line in PARTS, a row in docs/performance.md. `./parta bench size grid` runs only these parts and leaves the other
// figures in the file as they were. Nothing here fails because a figure is bad: figures are no test.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

// Each is loaded when it runs: the timetable engine needs no browser and none of its packages.
const PARTS = ['size', 'lighthouse', 'grid', 'scroll', 'open', 'presses', 'saved', 'icon', 'streams', 'held', 'load', 'sheet', 'demo', 'timetable', 'editor', 'faults'];
/** Parts that do not need a running product. */
const ALONE = ['demo', 'timetable', 'editor', 'faults'];
/** What runs when nothing is named: the timetable engine takes an hour and files from elsewhere, so its parts are asked for by name. */
const USUAL = PARTS.filter((name) => !['timetable', 'editor', 'faults'].includes(name));

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !PARTS.includes(name));
if (unknown.length > 0) {
  console.error(`there is no part ${unknown.join(', ')}: ${PARTS.join(', ')}`);
  process.exit(2);
}

const target = process.env.CARGO_TARGET_DIR || path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../target');
const file = path.join(target, 'bench.json');
let figures = {};
if (wanted.length > 0) {
  try {
    figures = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    figures = {};
  }
}

const note = (name, value, unit) => {
  const rounded = typeof value === 'number' && Math.abs(value) < 100 ? Math.round(value * 1000) / 1000 : Math.round(value);
  figures[name] = { value: rounded, unit };
  console.log(`${name.padEnd(44)} ${String(rounded).padStart(10)} ${unit}`);
};

let failed = 0;
const names = wanted.length > 0 ? wanted : USUAL;
const product = names.some((name) => !ALONE.includes(name)) ? await (await import('./product.mjs')).Product.start() : undefined;
try {
  for (const name of names) {
    console.log(`\n── ${name}`);
    try {
      const part = await import(`./${name}.mjs`);
      await part.measure(product, note);
    } catch (error) {
      failed += 1;
      console.error(`${name}: ${error.stack ?? error}`);
    }
  }
} finally {
  await product?.stop();
}
mkdirSync(target, { recursive: true });
writeFileSync(file, `${JSON.stringify(figures, Object.keys(figures).sort().flatMap((k) => [k, 'value', 'unit']), 2)}\n`);
console.log(`\nwritten to ${file}`);
process.exit(failed === 0 ? 0 : 1);
