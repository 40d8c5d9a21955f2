// Facts that a deputy director corrects by hand: what a room is for and how many classes it takes, by which row of the difficulty tables a subject
// weighs; and a compressed file that is imported as it is.
import { expect, open, PHONE, test } from '../support/test';
import { overflow, violations } from '../support/axe';
import { SCHOOL } from '../support/places';

test('a gym for two classes: kind, seats and classes at once are saved where a room is; on a narrow window', async ({ as, server, watch }) => {
  const ask = (sql: string) => server.ask(sql);
  const name = await ask(`select name from room where school_id = ${SCHOOL} order by name, id limit 1`);
  const before = await ask(`select kind || '|' || coalesce(capacity::text, 'null') from room where school_id = ${SCHOOL} and name = '${name}'`);
  const now = () => ask(`select kind || ' ' || coalesce(capacity::text, '') || ' ' || shared_by from room where school_id = ${SCHOOL} and name = '${name}'`);
  const page = await as('deputy', { ...PHONE, viewport: { width: 320, height: 740 } });
  await open(page, '/timetable/requirements?part=buildings');
  const field = (words: string) => page.getByLabel(`${words} ${name}`, { exact: true });
  await field('Вид кабинета').selectOption({ label: 'другой, своими словами…' });
  const own = page.getByLabel(`Вид кабинета ${name} своими словами`, { exact: true });
  await own.fill('Бассейн');
  await own.blur();
  await expect.poll(now).toContain('Бассейн ');
  await expect(field('Вид кабинета').locator('option:checked')).toHaveText('Бассейн');
  await field('Вид кабинета').selectOption({ label: 'спортзал' });
  await expect.poll(now).toContain('gym ');
  await expect(own).toHaveCount(0);
  await field('Мест в кабинете').fill('60');
  await field('Мест в кабинете').blur();
  await expect.poll(now).toBe('gym 60 1');
  await field('Сколько классов сразу занимаются в кабинете').fill('2');
  await field('Сколько классов сразу занимаются в кабинете').blur();
  await expect.poll(now).toBe('gym 60 2');
  expect(await overflow(page)).toEqual([]);
  expect(await violations(page)).toEqual([]);
  // somebody else was faster: it is said beside the room, and what they wrote is shown
  await server.sql(`update room set capacity = 90 where school_id = ${SCHOOL} and name = '${name}'`);
  watch.allow(/status of 409/);
  await field('Мест в кабинете').fill('61');
  await field('Мест в кабинете').blur();
  await expect(page.getByRole('alert')).toBeVisible();
  await expect(field('Мест в кабинете')).toHaveValue('90');
  const [kind, seats] = before.split('|');
  await server.sql(`update room set kind = '${kind}', capacity = ${seats}, shared_by = 1 where school_id = ${SCHOOL} and name = '${name}'`);
});

test('a subject that the law calls otherwise gets its row of the difficulty scale', async ({ as, server }) => {
  const ask = (sql: string) => server.ask(sql);
  const subject = await ask(`select s.id from subject s where s.school_id = ${SCHOOL} and s.template = 'физика'
    and exists (select from teaching_load l where l.school_id = s.school_id and l.subject_id = s.id) order by s.id limit 1`);
  const row = () => ask(`select coalesce(template, '—') from subject where school_id = ${SCHOOL} and id = ${subject}`);
  const page = await as('deputy');
  await open(page, `/timetable/requirements?part=subjects&of=${subject}`);
  const choice = page.getByLabel('По какой строке шкалы трудности');
  await expect(choice).toHaveValue('физика');
  await choice.selectOption({ label: 'ни по какой: баллов нет' });
  await expect.poll(row).toBe('—');
  // it is among those without points now
  const without = page.getByText('Предметы без баллов трудности');
  await without.click();
  await expect(page.locator('details', { has: without }).getByRole('link', { name: /Физика/ })).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await choice.selectOption({ label: 'Физика' });
  await expect.poll(row).toBe('физика');
});

// A file of FET as `xz -6` makes it: «Сжатая школа», one lesson («Шахматы», 3Я), one room («Малый спортзал 9»).
const PACKED = [
  '/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4AR2Ac5dAB4Py4cR2M5mkQ+DHsr9ezPUf+m32igxdiVmIE0qCW1q9ylwODDnzB1WFoQHSSwqd/9zUAE8dfkm8BT7eiwccdOwYxrc6fD0yvU8',
  '1RVfu0+ERlOGZOcSi0Sf9p0BFUW8UFFaFg1mKH0bWMGEqZQh4nOwiJSuBxceQEZ0AW90HzlY4AjulayiiQPHrz+eHEmR1m50vX3Kdm4AMYnnwdBP+ADSsQTcd3jJHUl+M+MOPW98jQuu',
  'LxD9HLPeu7OmJpLG8qLuFrdamoncZIXpQYC04aoxgBphjAG9fBsJYLF/+8p6Etw3hrsZ5NVDGF+jkVKdgHMZg1DgAK7/VVTY7sSRRVbSfROfkkoKxq+yis5tXs1a99HTgcQaK/Ijzycx',
  't/z/BIrliuYUEjNraNREYLYp5vBok3QStQagW8xCGtgayiB0qmS+nTbiBDMtHWE8tmx/VEpNNzGNoZNyf3m5YkfFAhuR7FqcS9H49If/yoPi1fD1EWHz3Q9QWEj0hvNmkT11T0SRsoYa',
  'IHo7W1unCbzMH4otD4vcJNNvDBfdjG3VStU/5rZS1IzEIZWxD338+Z6laXKFzgWB9RcHNYYwTo5dBI2UYzwxRVj5ZbHolHNBAAAAAJkysS9aJZ/tAAHqA/cIAABP6YgmscRn+wIAAAAA',
  'BFla',
].join('');

test('a compressed file is looked at as it is', async ({ as }) => {
  const page = await as('deputy2');
  await open(page, '/import');
  await page.getByLabel('Файл FET, aSc или XHSTT').setInputFiles({
    name: 'school.fet.xz', mimeType: 'application/x-xz', buffer: Buffer.from(PACKED, 'base64'),
  });
  await expect(page.getByRole('heading', { name: 'Сжатая школа' })).toBeVisible();
  await expect(page.getByText('спортзал: Малый спортзал 9')).toBeVisible();
  await expect(page.getByText(/Без баллов трудности останутся новые предметы: Шахматы/)).toBeVisible();
});
