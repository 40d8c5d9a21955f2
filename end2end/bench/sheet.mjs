// A class's sheets as files, over HTTP: from the request to the last byte, the questions to the database and the audit event included.
//
// The class is the largest of the demo's first school, the period the first quarter (its marks are given). Each file is made 20 times
// one after the other; the first, which loads fonts and typst's library, is told apart. Of a PDF also how long 100 KB of it take. Beside it,
// how long a journal's grid takes while files of either kind are made without a pause: what a school's reports cost whoever types marks.
const SCHOOL = 11;
const TIMES = 20;

export async function measure(product, note) {
  const [[id, pupils]] = await product.sql(
    `select c.id, count(*) from class c join enrolment e on e.school_id = c.school_id and e.class_id = c.id
     where c.school_id = ${SCHOOL} and c.grade between 5 and 9 group by c.id order by count(*) desc, c.id limit 1`,
  );
  const [[period]] = await product.sql(
    `select d.id from period d join period_system s on s.school_id = d.school_id and s.id = d.system_id
     where d.school_id = ${SCHOOL} and s.kind = 'quarter' and d.number = 1`,
  );
  const [[load]] = await product.sql(
    `select l.load_id from lesson l join load_audience u on u.school_id = l.school_id and u.load_id = l.load_id
     where l.school_id = ${SCHOOL} and u.class_id = ${id} group by l.load_id order by count(*) desc limit 1`,
  );
  const cookie = await product.cookie('deputy');
  const get = async (path) => {
    const began = performance.now();
    const response = await fetch(`${product.url}${path}`, { headers: { cookie, 'accept-encoding': 'identity' } });
    const bytes = (await response.arrayBuffer()).byteLength;
    if (!response.ok) throw new Error(`${path}: ${response.status}`);
    return { took: performance.now() - began, bytes };
  };
  const at = (times, share) => [...times].sort((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * share))];
  note('sheet_pupils', Number(pupils), 'pupils');
  for (const [name, path] of [
    ['marks', `kind=marks&id=${id}&when=${period}`],
    ['attendance', `kind=attendance&id=${id}&when=${period}`],
    ['journal', `kind=journal&id=${load}&when=${period}`],
  ]) {
    for (const format of ['pdf', 'xlsx']) {
      const address = `/api/sheet/file?${path}&format=${format}`;
      const first = await get(address);
      const all = [];
      for (let n = 0; n < TIMES; n += 1) all.push(await get(address));
      const times = all.map((a) => a.took);
      if (name === 'marks') note(`sheet_${name}_${format}_first`, first.took, 'ms');
      note(`sheet_${name}_${format}_p50`, at(times, 0.5), 'ms');
      note(`sheet_${name}_${format}_p95`, at(times, 0.95), 'ms');
      note(`sheet_${name}_${format}_size`, first.bytes / 1024, 'KB');
      if (format === 'pdf') note(`sheet_${name}_pdf_100kb`, at(times, 0.5) / (first.bytes / 1024 / 100), 'ms');
    }
  }
  const grid = `/api/journal/grid?load=${load}`;
  const alone = [];
  for (let n = 0; n < TIMES; n += 1) alone.push((await get(grid)).took);
  note('sheet_grid_alone_p95', at(alone, 0.95), 'ms');
  for (const format of ['xlsx', 'pdf']) {
    let printing = true;
    const printer = (async () => {
      while (printing) await get(`/api/sheet/file?kind=marks&id=${id}&when=${period}&format=${format}`);
    })();
    const beside = [];
    for (let n = 0; n < TIMES; n += 1) beside.push((await get(grid)).took);
    printing = false;
    await printer;
    note(`sheet_grid_beside_${format}_p95`, at(beside, 0.95), 'ms');
  }
}
