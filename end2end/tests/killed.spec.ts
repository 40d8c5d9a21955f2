// The server is killed in the middle of a composition, and started again: it goes on from the best that it had found.
import { expect, test } from '../support/test';
import { copyOfDraft, Editor } from '../support/editor';
import { SCHOOL } from '../support/places';
import { TEMPLATE } from '../support/prepare';
import { database, NOW, query, Server } from '../support/programs';

test('a server that is killed while it composes is started again and goes on; nothing is lost and nothing counts twice', async ({ as, watch }, info) => {
  test.setTimeout(180_000);
  // the page hears nothing while nobody is there
  watch.allow(/net::ERR|Failed to fetch|TypeError: network error|status of 50\d/);
  const cluster = process.env.PARTA_E2E_CLUSTER!;
  const name = `parta_killed_${info.workerIndex}`;
  const whole = database(cluster, 'postgres');
  await query(whole, `drop database if exists ${name} with (force)`);
  await query(whole, `create database ${name} template ${TEMPLATE}`);
  const first = await Server.start(database(cluster, name));
  let second: Server | undefined;
  try {
    const page = await as('deputy', {}, first);
    const version = await copyOfDraft(first, 'Убьём сервер');
    await Editor.open(page, version);
    await page.getByRole('button', { name: /^Составить…|^Составляется…/ }).click();
    const dialog = page.getByRole('dialog', { name: 'Составить расписание' });
    await dialog.getByRole('radio', { name: '5 минут' }).check({ force: true });
    await dialog.getByRole('button', { name: 'Составить' }).click();
    await expect(dialog.getByRole('row', { name: /Окон у учителей/ }).getByRole('cell').nth(1)).toHaveText(/^\d/, { timeout: 60_000 });
    const of = `from compose_run where school_id = ${SCHOOL} and version_id = ${version}`;
    const cost = `select hard * 1000000 + soft ${of}`;
    await expect.poll(() => first.ask(`select best is not null ${of}`)).toBe('t');
    await first.kill();
    const [best, spent, state] = (await first.ask(`select (hard * 1000000 + soft) || '|' || spent_ms || '|' || state ${of}`)).split('|');
    expect(state, 'nobody has written that it is over').toBe('running');
    expect(await first.ask(`select count(*) from timetable_version where school_id = ${SCHOOL} and title like 'Убьём сервер — составлено%'`)).toBe('0');

    second = await Server.start(first.databaseUrl, NOW, { port: first.port });
    // its lease runs out after ten seconds; then it is taken again, and the page shows it by itself
    await expect.poll(() => second!.ask(`select attempts ${of}`), { timeout: 45_000 }).toBe('2');
    await expect.poll(async () => Number(await second!.ask(`select spent_ms ${of}`)), { timeout: 30_000 }).toBeGreaterThan(Number(spent));
    expect(Number(await second.ask(cost)), 'never worse than what was found').toBeLessThanOrEqual(Number(best));
    const passed = dialog.getByText(/Ищем: \d+ из 300 с/);
    await expect(passed).toBeVisible({ timeout: 30_000 });
    await dialog.getByRole('button', { name: 'Остановить' }).click();
    await expect(dialog).toContainText('лучшее из найденного сохранено', { timeout: 30_000 });
    expect(await second.ask(`select count(*) || ' ' || max(state) ${of}`)).toBe('1 stopped');
    expect(Number(await second.ask(cost))).toBeLessThanOrEqual(Number(best));
    expect(await second.ask(`select count(*) from timetable_version where school_id = ${SCHOOL} and title like 'Убьём сервер — составлено%'`)).toBe('1');
    await dialog.getByRole('link', { name: 'Открыть результат' }).click();
    await expect(page.getByRole('grid', { name: 'Сетка расписания' })).toBeVisible({ timeout: 20_000 });
    await expect(page.locator('.tt-bar .badge[data-tone="bad"]')).toHaveCount(0);
    await page.context().close();
  } finally {
    await first.kill();
    await second?.stop();
    await query(whole, `drop database if exists ${name} with (force)`);
  }
});
