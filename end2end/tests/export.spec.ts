// A timetable leaves Parta as a file of another program, and another school takes it in.
import { readFileSync } from 'node:fs';
import { violations } from '../support/axe';
import { expect, open, test } from '../support/test';

test('a deputy exports the timetable in force and a draft, and another school imports it from each format', async ({ as, server }) => {
  test.setTimeout(120_000);
  const page = await as('deputy');
  await open(page, '/timetable');
  await page.locator('.tt-version a').first().click();
  await page.getByRole('link', { name: 'Выгрузить' }).click();
  await expect(page).toHaveURL(/\/timetable\/\d+\/export$/);
  const version = page.url().match(/timetable\/(\d+)/)![1];
  await expect(page.getByRole('heading', { level: 1, name: 'Выгрузка' })).toBeVisible();
  const fet = page.getByRole('region', { name: 'FET', exact: true });
  await expect(fet.getByText('у которых в FET нет цены')).toBeVisible();
  expect(await violations(page)).toEqual([]);

  const [download] = await Promise.all([page.waitForEvent('download'), fet.getByRole('link', { name: 'Скачать FET' }).click()]);
  expect(download.suggestedFilename()).toMatch(/\.fet$/);
  const file = (await download.path())!;
  const text = readFileSync(file, 'utf8');
  const cards = Number(await server.ask(`select count(*) from card where version_id = ${version}`));
  expect(text.match(/<Activity>/g)!.length).toBe(cards);

  const others: [string, string][] = [];
  for (const [name, ending, root] of [
    ['aSc Расписания (XML)', /\.asc\.xml$/, '<timetable '],
    ['XHSTT', /\.xhstt\.xml$/, '<HighSchoolTimetableArchive'],
  ] as const) {
    const [other] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: `Скачать ${name}` }).click()]);
    expect(other.suggestedFilename()).toMatch(ending);
    others.push([other.suggestedFilename(), readFileSync((await other.path())!, 'utf8')]);
    expect(others.at(-1)![1]).toContain(root);
  }

  const there = await as('deputy2');
  await open(there, '/import');
  await there.getByLabel('Файл FET').setInputFiles({ name: 'school.fet', mimeType: 'application/xml', buffer: Buffer.from(text) });
  await expect(there.getByText(`Карточек ${cards}`)).toBeVisible({ timeout: 30_000 });
  // the other two are told by what is in them, whatever they are called, and become drafts of their own with the lessons where they were
  for (const [name, content] of others) {
    await open(there, '/import');
    await there.getByLabel('Файл FET').setInputFiles({ name, mimeType: 'application/xml', buffer: Buffer.from(content) });
    await expect(there.getByText(`Карточек ${cards}`), name).toBeVisible({ timeout: 30_000 });
    expect(await violations(there), name).toEqual([]);
    await there.getByRole('button', { name: 'Импортировать' }).click();
    await expect(there).toHaveURL(/\/timetable\/\d+$/, { timeout: 60_000 });
    await expect(there.locator('.tt-cell .tt-card').first()).toBeVisible({ timeout: 20_000 });
    const draft = there.url().match(/timetable\/(\d+)/)![1];
    const placed = (id: string) => server.ask(`select count(*) from card where version_id = ${id} and slot is not null`);
    expect(await placed(draft), name).toBe(await placed(version));
  }
});

test('who may not change the timetable gets no file', async ({ as, server, watch }) => {
  watch.allow(/status of 40[34]/);
  const page = await as('teacher');
  const version = await server.ask(`select id from timetable_version where school_id = 11 and state = 'published' order by id limit 1`);
  await open(page, `/timetable/${version}`);
  await expect(page.locator('.tt-cell .tt-card').first()).toBeVisible({ timeout: 20_000 });
  await expect(page.getByRole('link', { name: 'Выгрузить' })).toHaveCount(0);
  // asked in the page: requests beside it would not carry the session
  const status = await page.evaluate((address) => fetch(address).then((answer) => answer.status), `/api/export/file?version=${version}&format=fet`);
  expect(status).toBe(403);
});
