// A school from a FET file, in the browser.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { expect, open, test } from '../support/test';
import { example } from '../support/newcomers';

test('a real school file is shown, imported and opened in the editor', async ({ as, server }) => {
  const page = await as('deputy2');
  await open(page, '/import');
  await page.getByLabel('Файл FET').setInputFiles(example('Hopwood.fet'));
  const table = page.getByRole('table');
  await expect(table.getByRole('row', { name: /Классы/ })).toBeVisible({ timeout: 30_000 });
  await expect(table.getByRole('row', { name: /Учителя/ })).toBeVisible();
  const before = Number(await server.ask('select count(*) from timetable_version where school_id = 12'));
  await page.getByRole('button', { name: 'Импортировать' }).click();
  await expect(page).toHaveURL(/\/timetable\/\d+$/, { timeout: 30_000 });
  await expect(page.getByRole('grid', { name: 'Сетка расписания' })).toBeVisible({ timeout: 20_000 });
  await expect(page.locator('.tt-tray .tt-card, .tt-cell .tt-card').first()).toBeVisible();
  expect(Number(await server.ask('select count(*) from timetable_version where school_id = 12'))).toBe(before + 1);
});

async function imported(page: Page, name: string): Promise<void> {
  await open(page, '/import');
  await page.getByLabel('Файл FET').setInputFiles(example(name));
  await expect(page.getByRole('heading', { name: 'Что ещё переносится' })).toBeVisible({ timeout: 30_000 });
  await page.getByRole('button', { name: 'Импортировать' }).click();
  await expect(page).toHaveURL(/\/timetable\/\d+$/, { timeout: 30_000 });
  await expect(page.locator('.tt-tray .tt-card, .tt-cell .tt-card').first()).toBeVisible({ timeout: 20_000 });
}

test('after an import every version opens where it has cards, and a class without a grade is found', async ({ as, server }) => {
  const page = await as('deputy2');
  await imported(page, 'Hopwood.fet');
  const choice = page.getByLabel('Что показать').locator('option:checked');
  await expect(choice).toHaveText(/Без параллели/);
  // the version in force has cards of the school's own classes only
  const inForce = await server.ask(`select id from timetable_version where school_id = 12 and state = 'published' order by id limit 1`);
  await open(page, `/timetable/${inForce}`);
  await expect(page.locator('.tt-cell .tt-card').first()).toBeVisible({ timeout: 20_000 });
  await expect(choice).not.toHaveText(/Без параллели/);
});

test('names longer than their heads are cut with an ellipsis, and a tap shows them in full', async ({ as }) => {
  const page = await as('deputy2');
  await imported(page, 'HavanaPSY2016T2b.fet');
  for (const width of [1440, 360]) {
    await page.setViewportSize({ width, height: 800 });
    const spilt = await page.locator('.tt-slot, .tt-col, .tt-day').evaluateAll((heads) =>
      heads
        .filter((head) => {
          const box = head.getBoundingClientRect();
          return [...head.children].some((child) => {
            const of = child.getBoundingClientRect();
            return of.width > 1 && (of.left < box.left - 1 || of.right > box.right + 1 || of.bottom > box.bottom + 1);
          });
        })
        .map((head) => head.textContent),
    );
    expect(spilt, `${width} px`).toEqual([]);
  }
  const head = page.locator('.tt-slot').first();
  const name = (await head.getAttribute('data-name'))!;
  expect(name.length).toBeGreaterThan(20);
  await head.click();
  await expect(page.locator('.toast')).toHaveText(name);
});

const HOSTILE: [string, string, RegExp][] = [
  ['an entity bomb', '<?xml version="1.0"?><!DOCTYPE fet [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><fet version="6.0.0"><Institution_Name>&b;</Institution_Name></fet>', /Строка 1: .*DOCTYPE/],
  ['an external entity', '<?xml version="1.0"?>\n<!DOCTYPE fet SYSTEM "file:///etc/passwd">\n<fet version="6.0.0"></fet>', /Строка 2: .*DOCTYPE/],
  ['a file cut in the middle', '<?xml version="1.0"?>\n<fet version="6.0.0">\n<Days_List>\n<Number_of_Days>5', /Строка \d+: .*(обрывается|XML)/],
  ['another kind of file', 'Уважаемые коллеги, расписание во вложении.', /Строка \d+: /],
  ['XML of another program', '<?xml version="1.0"?>\n<html><body>hello</body></html>', /Строка \d+: .*не файл FET/],
];

test('hostile and broken files are refused with line and reason, and nothing is written', async ({ as, server, watch }) => {
  watch.allow(/status of 4\d\d/);
  const folder = mkdtempSync(path.join(tmpdir(), 'parta-fet.'));
  const page = await as('deputy2');
  await open(page, '/import');
  const before = await server.sql('select count(*) from subject');
  try {
    for (const [name, text, expected] of HOSTILE) {
      const file = path.join(folder, 'school.fet');
      writeFileSync(file, text);
      await page.getByLabel('Файл FET').setInputFiles(file);
      await expect(page.getByRole('alert').filter({ hasText: /./ }), name).toHaveText(expected, { timeout: 15_000 });
      await expect(page.getByRole('button', { name: 'Импортировать' })).toHaveCount(0);
      await page.getByLabel('Файл FET').setInputFiles([]);
    }
    const large = path.join(folder, 'large.fet');
    writeFileSync(large, Buffer.alloc(25 << 20, 32));
    await page.getByLabel('Файл FET').setInputFiles(large);
    await expect(page.getByRole('alert').filter({ hasText: /./ })).toHaveText(/больше 20 МБ/);
    expect(await server.sql('select count(*) from subject')).toEqual(before);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('the server itself refuses a body of 100 MB before reading it', async ({ server }) => {
  const response = await fetch(`${server.url}/api/import/preview_fet`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
    body: Buffer.alloc(100 << 20, 32),
  }).catch((error) => error);
  // either the answer came through, or the connection was cut while we were still talking
  if (response instanceof Response) expect(response.status).toBe(413);
  else expect(String(response.cause?.code ?? response.cause ?? response)).toMatch(/EPIPE|ECONNRESET|UND_ERR_SOCKET/);
  expect((await fetch(`${server.url}/ready`)).ok).toBe(true);
});

test('whoever may not import is told so', async ({ as, watch }) => {
  watch.allow(/status of (403|404)/);
  const page = await as('teacher');
  await open(page, '/import');
  await expect(page.getByRole('heading', { name: /Нет права|Не нашли/ })).toBeVisible();
  await expect(page.getByLabel('Файл FET')).toHaveCount(0);
});
