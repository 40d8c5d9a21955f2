// The timetable editor: one task, by mouse, by keyboard, by touch, by dragging; and two people on one board.
import { expect, open, PHONE, test } from '../support/test';
import { overflow, violations } from '../support/axe';
import { copyOfDraft, Editor, lessonInTray } from '../support/editor';
import { endSession, fillSignIn, PASSWORD, signInByPage } from '../support/people';
import { published, SCHOOL } from '../support/places';

test('by mouse: pick, read the verdicts, place, undo, redo', async ({ as, server }) => {
  const page = await as('deputy');
  const editor = await Editor.open(page, await copyOfDraft(server, 'Мышью'));
  const before = await editor.placed(server);
  await editor.choose('Класс', '7А');
  await editor.tray.getByRole('button', { name: /Алгебра/ }).click();
  await expect(editor.panel.getByRole('heading', { name: /Куда можно поставить/ })).toBeVisible();
  // colour, sign and words: every cell of a verdict that is not good says why
  await expect(editor.cells('clash').first()).toBeVisible();
  await expect(editor.cells('clash').first().locator('.tt-why')).not.toBeEmpty();
  const sign = await editor.cells('clash').first().evaluate((e) => getComputedStyle(e, '::after').content + getComputedStyle(e, '::before').content);
  expect(sign).not.toBe('nonenone');
  const free = editor.cells('good').or(editor.cells('poor')).first();
  const at = await free.getAttribute('data-at');
  await free.click();
  await expect(page.locator(`.tt-cell[data-at="${at}"]`)).toContainText('Алгебра');
  await editor.saved();
  expect(await editor.placed(server)).toBe(before + 1);
  await page.getByRole('button', { name: 'Отменить', exact: true }).click();
  await editor.saved();
  await expect.poll(() => editor.placed(server)).toBe(before);
  await page.getByRole('button', { name: 'Вернуть', exact: true }).click();
  await editor.saved();
  await expect.poll(() => editor.placed(server)).toBe(before + 1);
});

test('what cannot be is refused with the reason and a way out', async ({ as, server }) => {
  const page = await as('deputy');
  const editor = await Editor.open(page, await copyOfDraft(server, 'Нельзя'));
  const before = await editor.placed(server);
  await editor.choose('Класс', '7А');
  await editor.tray.getByRole('button', { name: /Алгебра/ }).click();
  const full = editor.cells('clash').filter({ has: page.locator('.tt-card') }).first();
  await full.click({ position: { x: 3, y: 3 } });
  const refusal = editor.panel.getByRole('alert');
  await expect(refusal).toContainText('нельзя');
  await expect(refusal).toContainText(/занят|урок|класс/i);
  expect(await editor.placed(server)).toBe(before);
  await page.keyboard.press('Escape');
  await expect(page.locator('.tt-card[data-held]')).toHaveCount(0);
});

test('by keyboard alone: from the address to a placed and locked card', async ({ as, server }) => {
  const page = await as('deputy');
  const editor = await Editor.open(page, await copyOfDraft(server, 'Клавишами'));
  const before = await editor.placed(server);
  await editor.choose('Класс', '7А');
  // Tab until the tray is reached: it is one stop
  await page.keyboard.press('Tab');
  for (let n = 0; n < 30 && !(await page.evaluate(() => document.activeElement?.closest('.tt-tray'))); n += 1) await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(page.locator('[aria-live]').filter({ hasText: 'в руке' })).toHaveCount(1);
  // one lands on the best place; arrows tell the verdict of each cell
  await expect(page.locator('.tt-cell:focus')).toHaveCount(1);
  await page.keyboard.press('Enter');
  await editor.saved();
  expect(await editor.placed(server)).toBe(before + 1);
  await page.keyboard.press('l');
  await expect(page.locator('.tt-cell:focus .tt-card[data-locked]').or(page.locator('.tt-card:focus[data-locked]'))).toHaveCount(1);
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');
  await editor.saved();
  await expect.poll(() => editor.placed(server)).toBe(before);
});

test('arrows move over the cells and speak', async ({ as, server }) => {
  const page = await as('deputy');
  await Editor.open(page, await copyOfDraft(server, 'Стрелками'));
  await page.locator('.tt-cell').first().focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('.tt-cell:focus')).toHaveAttribute('data-row', '1');
  await expect(page.locator('.tt-cell:focus')).toHaveAttribute('data-column', '1');
  await expect(page.locator('p[role=status][aria-live=polite]')).not.toBeEmpty();
  expect(await page.locator('.tt-cell[tabindex="0"]').count()).toBe(1);
});

test('by dragging', async ({ as, server }) => {
  const page = await as('deputy');
  const editor = await Editor.open(page, await copyOfDraft(server, 'Перетаскиванием'));
  const before = await editor.placed(server);
  await editor.choose('Класс', '7А');
  const card = (await editor.tray.getByRole('button', { name: /Алгебра/ }).boundingBox())!;
  await page.mouse.move(card.x + 20, card.y + 12);
  await page.mouse.down();
  await page.mouse.move(card.x + 60, card.y + 40, { steps: 4 });
  const free = editor.cells('good').or(editor.cells('poor')).first();
  const place = (await free.boundingBox())!;
  await page.mouse.move(place.x + place.width / 2, place.y + place.height / 2, { steps: 8 });
  await page.mouse.up();
  await editor.saved();
  await expect.poll(() => editor.placed(server)).toBe(before + 1);
});

test('by touch, on a phone', async ({ as, server }) => {
  const page = await as('deputy', PHONE);
  const editor = await Editor.open(page, await copyOfDraft(server, 'Касанием'));
  const before = await editor.placed(server);
  await editor.choose('Класс', '7А');
  await editor.tray.getByRole('button', { name: /Алгебра/ }).tap();
  // why not, told where the finger is: the panel lies out of sight
  await editor.cells('clash').first().tap({ position: { x: 3, y: 3 } });
  await expect(page.locator('.toast')).toContainText('Нельзя: ');
  await editor.panel.getByRole('listitem').first().getByRole('button').tap();
  await editor.saved();
  await expect.poll(() => editor.placed(server)).toBe(before + 1);
});

test('the same board by teacher and by room', async ({ as, server }) => {
  const page = await as('deputy');
  const editor = await Editor.open(page, await published(server));
  await editor.choose('Учитель', 'Лебедева А. В.');
  await expect(page.locator('.tt-cell .tt-card').filter({ hasText: '7А' }).first()).toBeVisible();
  await editor.choose('Кабинет', 'Спортзал');
  await expect(page.locator('.tt-cell .tt-card').filter({ hasText: /изкультура|изическая/ }).first()).toBeVisible();
});

test('a save on top of somebody else\'s is refused and shown, and nothing is lost', async ({ as, server, watch }) => {
  watch.allow(/status of 409/);
  const version = await copyOfDraft(server, 'Вдвоём');
  const other = await lessonInTray(server, version, '8Б');
  const first = await as('deputy');
  const second = await as('director');
  const one = await Editor.open(first, version);
  const two = await Editor.open(second, version);
  const before = await one.placed(server);
  await one.choose('Класс', '7А');
  await one.tray.getByRole('button', { name: /Алгебра/ }).click();
  await two.choose('Класс', '8Б');
  await two.tray.getByRole('button', { name: /8Б/ }).first().click();
  await one.panel.getByRole('listitem').first().getByRole('button').click();
  await one.saved();
  await two.panel.getByRole('listitem').first().getByRole('button').click();
  const told = second.getByRole('dialog');
  await expect(told).toContainText('Расписание уже изменили');
  await expect(told).toContainText('Воронцова');
  expect(await one.placed(server)).toBe(before + 1);
  // Esc does not leave one with a board that cannot be saved
  await second.keyboard.press('Escape');
  await second.keyboard.press('Escape');
  await expect(told).toBeVisible();
  await told.getByRole('button', { name: 'Поставить мои ходы поверх' }).click();
  await two.saved();
  // both moves stand: the first one's, and on top of it the second's own card
  await expect.poll(() => one.placed(server)).toBe(before + 2);
  expect(await server.ask(`select count(*) from card where school_id = ${SCHOOL} and version_id = ${version} and id = ${other} and day is not null`)).toBe('1');
});

test('the network is cut while cards are moved: the moves wait and are saved', async ({ as, server, watch }) => {
  // the engine's files may be on their way just then: its worker says so, and another one is begun when it is asked next
  watch.allow(/net::ERR_INTERNET_DISCONNECTED|ERR_FAILED|Failed to fetch|RuntimeError: unreachable/);
  const page = await as('deputy');
  const editor = await Editor.open(page, await copyOfDraft(server, 'Без связи'));
  const before = await editor.placed(server);
  await editor.choose('Класс', '7А');
  await page.context().setOffline(true);
  await editor.tray.getByRole('button', { name: /Алгебра/ }).click();
  await editor.panel.getByRole('listitem').first().getByRole('button').click();
  await expect(page.locator('.tt-bar .save-status')).toHaveText(/Нет связи: 1 ход ждёт/);
  await page.context().setOffline(false);
  await editor.saved();
  expect(await editor.placed(server)).toBe(before + 1);
});

test('two tabs of one person: neither writes over what waits in the other, and what a closed one left is saved', async ({ as, server, watch }) => {
  watch.allow(/net::ERR_INTERNET_DISCONNECTED|ERR_FAILED|status of 409/);
  const version = await copyOfDraft(server, 'Две вкладки');
  await lessonInTray(server, version, '8Б');
  const first = await as('deputy');
  const second = await first.context().newPage();
  const one = await Editor.open(first, version);
  const two = await Editor.open(second, version);
  const before = await one.placed(server);
  const waiting = () => first.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('parta.outbox.timetable.')).length);
  await first.context().setOffline(true);
  for (const [editor, name] of [[one, '7А'], [two, '8Б']] as const) {
    await editor.choose('Класс', name);
    await editor.tray.getByRole('button', { name: new RegExp(name) }).first().click();
    await editor.panel.getByRole('listitem').first().getByRole('button').click();
    await expect(editor.page.locator('.tt-bar .save-status')).toHaveText(/Нет связи: 1 ход ждёт/);
  }
  expect(await waiting(), 'each tab keeps its own').toBe(2);
  // the first is closed with its move; the second saves its own, then finds what the first has left
  await first.goto('about:blank');
  await first.close();
  await second.context().setOffline(false);
  await expect.poll(() => two.placed(server), { timeout: 30_000 }).toBeGreaterThanOrEqual(before + 1);
  const told = second.getByRole('dialog');
  await expect(told.or(second.locator('.tt-bar .save-status').filter({ hasText: 'Сохранено' })).first()).toBeVisible();
  await expect.poll(async () => {
    // a move on an older board is shown first, and the person decides
    const mine = told.getByRole('button', { name: 'Поставить мои ходы поверх' });
    if (await mine.isVisible()) await mine.click();
    return two.placed(server);
  }, { timeout: 30_000 }).toBe(before + 2);
  await two.saved();
  expect(await second.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('parta.outbox.timetable.')))).toEqual([]);
});

test('the session ends while cards are moved: the moves wait and are saved after sign-in', async ({ as, server, watch }) => {
  watch.allow(/status of 401/);
  const page = await as('nobody');
  await signInByPage(page, 'deputy');
  const editor = await Editor.open(page, await copyOfDraft(server, 'Сеанс кончился'));
  const before = await editor.placed(server);
  await editor.choose('Класс', '7А');
  await endSession(page, server);
  await editor.tray.getByRole('button', { name: /Алгебра/ }).click();
  await editor.panel.getByRole('listitem').first().getByRole('button').click();
  const told = page.getByRole('alert').filter({ hasText: 'Ходы не потеряны' });
  await expect(told).toBeVisible();
  expect(await editor.placed(server)).toBe(before);
  await told.getByRole('link', { name: 'Войти' }).click();
  await fillSignIn(page, 'deputy', PASSWORD);
  await expect(page).toHaveURL(new RegExp(`/timetable/${editor.version}`));
  await editor.saved();
  await expect.poll(() => editor.placed(server)).toBe(before + 1);
});

test('a draft is made from the timetable in force, and deleted', async ({ as }) => {
  const page = await as('deputy');
  await open(page, '/timetable');
  await page.getByLabel('Название').fill('Со следующей недели');
  await page.getByRole('button', { name: 'Создать' }).click();
  await expect(page).toHaveURL(/\/timetable\/\d+$/);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Со следующей недели');
  await open(page, '/timetable');
  page.once('dialog', (dialog) => dialog.accept());
  await page.getByRole('button', { name: 'Удалить черновик «Со следующей недели»' }).click();
  await expect(page.getByRole('link', { name: 'Со следующей недели' })).toHaveCount(0);
});

test('a version of another school is not found', async ({ as, server, watch }) => {
  watch.allow(/status of 404/);
  const page = await as('deputy2');
  const before = await server.ask(`select count(*) from timetable_version where school_id = ${SCHOOL} and state = 'published'`);
  await open(page, `/timetable/${await published(server)}`);
  await expect(page.getByRole('heading', { name: 'Не нашли' })).toBeVisible();
  expect(await server.ask(`select count(*) from timetable_version where school_id = ${SCHOOL} and state = 'published'`)).toBe(before);
});

test('a parent reads the timetable in force, moves nothing and finds no draft', async ({ as, server, watch }) => {
  watch.allow(/status of (403|404)/);
  const page = await as('parent');
  await open(page, `/timetable/${await published(server)}`);
  await expect(page.getByRole('grid', { name: 'Сетка расписания' })).toBeVisible();
  await expect(page.getByRole('complementary', { name: 'Лоток' })).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Опубликовать…' })).toHaveCount(0);
  await open(page, `/timetable/${await copyOfDraft(server, 'Не для родителей')}`);
  await expect(page.getByRole('heading', { name: 'Не нашли' })).toBeVisible();
});

test('the publish dialog counts what is unplaced now, not what was when the page was opened', async ({ as, server }) => {
  const page = await as('deputy');
  const editor = await Editor.open(page, await copyOfDraft(server, 'Сколько осталось'));
  const dialog = page.getByRole('dialog', { name: 'Опубликовать расписание' });
  const count = async (): Promise<number> => {
    await page.getByRole('button', { name: 'Опубликовать…' }).click();
    const text = await dialog.getByText(/не размещен/).textContent();
    await dialog.getByRole('button', { name: 'Закрыть' }).click();
    return Number(/\d+/.exec(text ?? '')?.[0]);
  };
  await editor.choose('Класс', '7А');
  const before = await count();
  await editor.tray.getByRole('button', { name: /Алгебра/ }).click();
  await editor.panel.getByRole('listitem').first().getByRole('button').click();
  await editor.saved();
  expect(await count()).toBe(before - 1);
});

test('publishing says which classes a version leaves without lessons', async ({ as, server }) => {
  const version = await copyOfDraft(server, 'Без класса');
  await server.sql(`delete from card k using load_audience a, class c where k.school_id = ${SCHOOL} and k.version_id = ${version}
    and a.school_id = k.school_id and a.load_id = k.load_id and c.school_id = a.school_id and c.id = a.class_id and c.name = '9А'`);
  const page = await as('deputy');
  await Editor.open(page, version);
  await page.getByRole('button', { name: 'Опубликовать…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Опубликовать расписание' });
  await expect(dialog).toContainText('1 класс останется с этого дня без уроков: 9А.');
});

test('bells and shifts against the norms are told with the clause, in the review and before publishing', async ({ as, server }) => {
  const version = await copyOfDraft(server, 'Звонки');
  const bell = `school_id = ${SCHOOL} and number = 1 and schedule_id = (select id from bell_schedule where school_id = ${SCHOOL} and title = 'Обычные звонки')`;
  const before = await server.ask(`select starts_at from bell where ${bell}`);
  await server.sql(`update bell set starts_at = '07:45' where ${bell}`);
  await server.sql(`update class set shift = 2 where school_id = ${SCHOOL} and name = '9А'`);
  try {
    const page = await as('deputy');
    await Editor.open(page, version);
    await page.getByRole('button', { name: /^Проверка/ }).click();
    const review = page.getByRole('dialog', { name: 'Проверка расписания' });
    await expect(review).toContainText('уроки начинаются в 7:45, раньше 8:00 начинать нельзя');
    await expect(review).toContainText('1-й урок 90 мин — норма не больше 45 мин');
    await expect(review).toContainText('9А учится в 2-ю смену');
    await expect(review).toContainText('СП 2.4.3648-20, п. 3.4.15, с 01.03.2021');
    // from a line to its card
    const line = review.getByRole('listitem').getByRole('button').first();
    await line.click();
    await expect(review).toBeHidden();
    await expect(page.locator('.tt-cell:focus, .tt-tray > .tt-card:focus')).toHaveCount(1);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Опубликовать…' }).click();
    await expect(page.getByRole('dialog', { name: 'Опубликовать расписание' })).toContainText('9А учится в 2-ю смену');
  } finally {
    await server.sql(`update bell set starts_at = '${before}' where ${bell}`);
    await server.sql(`update class set shift = 1 where school_id = ${SCHOOL} and name = '9А'`);
  }
});

test('a week is printed on one landscape sheet: of a parallel, a class, a teacher and a room', async ({ as, server }) => {
  const page = await as('deputy');
  const editor = await Editor.open(page, await published(server));
  const kinds = [['Параллель', '7-е классы'], ['Класс', '7А'], ['Учитель', 'Лебедева А. В.'], ['Кабинет', 'Спортзал']] as const;
  for (const [kind, which] of kinds) {
    await editor.choose(kind, which);
    const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
    expect(pdf.match(/\/Type\s*\/Page\b(?!s)/g)?.length, `${kind}: sheets`).toBe(1);
    const [, width, height] = /\/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)/.exec(pdf) ?? [];
    expect(Number(width), `${kind}: landscape`).toBeGreaterThan(Number(height));
    // what is on the sheet, as print media draw it
    await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
    await page.emulateMedia({ media: 'print' });
    const sheet = page.locator('.tt-sheet');
    await expect(sheet.getByRole('heading')).toContainText(which);
    await expect(sheet).toContainText('Действует с');
    await expect(sheet.locator('td b').first()).not.toBeEmpty();
    await expect(page.locator('.tt-bar')).toBeHidden();
    await expect(page.locator('.shell-nav')).toBeHidden();
    await page.emulateMedia({ media: null });
    await page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
    await expect(sheet).toHaveCount(0);
  }
});

test('the held card\'s panel says of each cell in full what speaks against it', async ({ as, server }) => {
  const page = await as('deputy');
  const editor = await Editor.open(page, await copyOfDraft(server, 'Словами'));
  await editor.choose('Класс', '7А');
  await editor.tray.getByRole('button', { name: /Алгебра/ }).click();
  await editor.cells('clash').filter({ has: page.locator('.tt-card') }).first().hover({ position: { x: 3, y: 3 } });
  const here = editor.panel.locator('.tt-at');
  await expect(here).toContainText('Нельзя');
  await expect(here).toContainText(/7А|в это время/);
  // by the keyboard the same
  await page.locator('.tt-cell').first().focus();
  await page.keyboard.press('ArrowDown');
  await expect(here).toContainText('Пн, 2 урок');
});

test('a draft is renamed in the list by keyboard, and an older page does not write over it', async ({ as, server, watch }) => {
  watch.allow(/status of 409/);
  const page = await as('deputy', { viewport: { width: 360, height: 740 } });
  const version = await copyOfDraft(server, 'Старое имя');
  const other = await as('deputy');
  await open(other, '/timetable');
  await open(page, '/timetable');
  await page.getByRole('button', { name: 'Переименовать черновик «Старое имя»' }).focus();
  await page.keyboard.press('Enter');
  const field = page.locator(`#tt-rename-${version}`);
  await expect(field).toBeFocused();
  expect.soft(await violations(page), 'axe').toEqual([]);
  expect.soft(await overflow(page)).toEqual([]);
  await page.keyboard.type('После каникул');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('link', { name: 'После каникул', exact: true })).toBeVisible();
  // the page from before it
  await other.getByRole('button', { name: 'Переименовать черновик «Старое имя»' }).click();
  await other.locator(`#tt-rename-${version}`).fill('Ещё иначе');
  await other.keyboard.press('Enter');
  await expect(other.getByRole('alert')).toContainText('теперь он «После каникул»');
  await server.sql(`delete from timetable_version where school_id = ${SCHOOL} and id = ${version}`);
});
