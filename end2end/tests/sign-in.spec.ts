// People enter, and leave nothing behind.
import { violations } from '../support/axe';
import { expect, open, ready, test } from '../support/test';
import { fillSignIn, ISSUED, PASSWORD, signInByPage } from '../support/people';

// The console repeats every answer of 4xx; these journeys are about such answers.
const ANSWERED = /Failed to load resource: the server responded with a status of (401|403|404|422|429)/;

test('a wrong password and an unknown login are told in the same words', async ({ as, watch }) => {
  watch.allow(ANSWERED);
  const page = await as('nobody');
  const said: string[] = [];
  for (const [login, password] of [['teacher', 'not-it-at-all'], ['nobody-of-this-name', 'not-it-at-all']]) {
    await page.goto('/sign-in');
    await fillSignIn(page, login, password);
    const alert = page.getByRole('alert');
    await expect(alert).toBeVisible();
    said.push(await alert.innerText());
    await expect(page.getByLabel('Логин или телефон')).toHaveValue(login);
  }
  expect(said[0]).toContain('Логин или пароль не подходит');
  expect(said[1]).toBe(said[0]);
});

test('an empty form says which field is missing', async ({ as, watch }) => {
  watch.allow(ANSWERED);
  const page = await as('nobody');
  await open(page, '/sign-in');
  await page.getByRole('button', { name: 'Войти' }).click();
  const login = page.getByLabel('Логин или телефон');
  await expect(login).toHaveAttribute('aria-invalid', 'true');
  await expect(login).toHaveAccessibleDescription(/Введите логин/);
});

test('whoever asks for a page is sent to sign in and back to it', async ({ as }) => {
  const page = await as('nobody');
  await page.goto('/account');
  await expect(page).toHaveURL(/\/sign-in\?return_to=/);
  await fillSignIn(page, 'classteacher', PASSWORD);
  await expect(page).toHaveURL(/\/account/);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Мой вход');
});

test('sign-in does not follow an address of somebody else', async ({ as }) => {
  for (const foreign of ['//evil.example/', 'https://evil.example/', '/\\evil.example']) {
    const page = await as('nobody');
    await page.goto(`/sign-in?return_to=${encodeURIComponent(foreign)}`);
    await fillSignIn(page, 'classteacher', PASSWORD);
    await expect(page).not.toHaveURL(/sign-in|evil/);
    await page.context().close();
  }
});

test('an issued password opens nothing but the form that changes it', async ({ as, watch }) => {
  watch.allow(ANSWERED);
  const page = await as('nobody');
  await page.goto('/sign-in');
  await fillSignIn(page, 'newcomer', ISSUED);
  await expect(page).toHaveURL(/\/password/);
  // nothing else opens
  await page.goto('/journal');
  await expect(page).toHaveURL(/\/password/);
  await ready(page);
  const change = async (fresh: string): Promise<void> => {
    await page.getByLabel('Выданный пароль').fill(ISSUED);
    await page.getByLabel(/^Новый пароль/).fill(fresh);
    await page.getByRole('button', { name: 'Сменить пароль' }).click();
  };
  await change('qwerty123');
  await expect(page.getByLabel(/^Новый пароль/)).toHaveAttribute('aria-invalid', 'true');
  await expect(page).toHaveURL(/\/password/);
  await change('лес и синий ёж');
  await expect(page).not.toHaveURL(/\/password/);
  // the new one is the only one
  const other = await as('nobody');
  await other.goto('/sign-in');
  await fillSignIn(other, 'newcomer', ISSUED);
  await expect(other.getByRole('alert')).toBeVisible();
  await fillSignIn(other, 'newcomer', 'лес и синий ёж');
  await expect(other).not.toHaveURL(/\/sign-in|\/password/);
});

test('many wrong passwords make one wait, and the right one does not help meanwhile', async ({ as, watch }) => {
  watch.allow(ANSWERED);
  const page = await as('nobody');
  await open(page, '/sign-in');
  await expect(async () => {
    await fillSignIn(page, 'admin', 'wrong-again');
    await expect(page.getByRole('alert')).toContainText('Слишком много попыток', { timeout: 1500 });
  }).toPass({ timeout: 45_000 });
  await fillSignIn(page, 'admin', PASSWORD);
  await expect(page.getByRole('alert')).toContainText('Слишком много попыток');
  // others are not held up by it
  await signInByPage(page, 'director');
});

test('one sees one\'s devices and turns another one off', async ({ as, watch }) => {
  watch.allow(ANSWERED);
  const phone = await as('nobody', { userAgent: 'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Mobile Safari/537.36' });
  await signInByPage(phone, 'director');
  const desk = await as('nobody');
  await signInByPage(desk, 'director');
  await open(desk, '/account');
  await expect(desk.getByText('Это устройство')).toHaveCount(1);
  const off = desk.getByRole('button', { name: /^Отключить: Chrome, Android/ });
  await off.first().click();
  await expect(off).toHaveCount(0);
  await phone.goto('/account');
  await expect(phone).toHaveURL(/\/sign-in/);
  // the one that asked stays in
  await desk.reload();
  await expect(desk.getByRole('heading', { level: 1 })).toHaveText('Мой вход');
});

test('a telephone number opens the door once its owner has said so, and until they take it away', async ({ as, server, watch }) => {
  watch.allow(ANSWERED);
  const numberless = `select count(*) from account where login = 'pupil' and phone is null`;
  expect(await server.ask(numberless)).toBe('1');
  const page = await as('nobody');
  await signInByPage(page, 'pupil');
  await open(page, '/account');
  const entering = page.getByRole('region', { name: 'Вход', exact: true });
  await expect(entering).toContainText('не указан');
  const save = async (number: string, password: string): Promise<void> => {
    await entering.getByLabel('Телефон').fill(number);
    await entering.getByLabel('Нынешний пароль').fill(password);
    await entering.getByRole('button', { name: 'Сохранить номер' }).click();
  };
  // no number, then no password: each field says what is wrong, and what was typed stays
  await save('555-01-02', PASSWORD);
  await expect(entering.getByLabel('Телефон')).toHaveAccessibleDescription(/не похоже на номер/);
  await save('8 (912) 555-01-02', 'not-it-at-all');
  await expect(entering.getByLabel('Нынешний пароль')).toHaveAccessibleDescription(/введён неверно/);
  await expect(entering.getByLabel('Телефон')).toHaveValue('8 (912) 555-01-02');
  expect(await violations(page), 'axe: a number refused').toEqual([]);
  expect(await server.ask(numberless)).toBe('1');
  await save('8 (912) 555-01-02', PASSWORD);
  await expect(page.getByRole('status').filter({ hasText: '+7 912 555-01-02' })).toBeVisible({ timeout: 20_000 });
  await ready(page);

  await page.locator('main').getByRole('button', { name: 'Выйти', exact: true }).click();
  await expect(page).toHaveURL(/\/sign-in/);
  await signInByPage(page, '8 912 555-01-02');
  await open(page, '/account');
  await expect(entering).toContainText('pupil');
  await expect(entering.getByLabel('Телефон')).toHaveValue('+7 912 555-01-02');

  await save('', PASSWORD);
  await expect(page.getByRole('status').filter({ hasText: 'Номер убран' })).toBeVisible({ timeout: 20_000 });
  expect(await server.ask(numberless)).toBe('1');
  const other = await as('nobody');
  await other.goto('/sign-in');
  await fillSignIn(other, '8 912 555-01-02', PASSWORD);
  await expect(other.getByRole('alert')).toContainText('не подходит');
});

test('sign-out is final: the way back shows nothing', async ({ as, watch }) => {
  watch.allow(ANSWERED);
  const page = await as('nobody');
  await signInByPage(page, 'classteacher');
  await open(page, '/account');
  const cookies = await page.context().cookies();
  await page.evaluate(() => localStorage.setItem('kept', 'of this person'));
  await page.locator('main').getByRole('button', { name: 'Выйти', exact: true }).click();
  await expect(page).toHaveURL(/\/sign-in/);
  await ready(page);
  expect(await page.evaluate(() => localStorage.getItem('kept'))).toBeNull();
  await page.goBack();
  await expect(page).toHaveURL(/\/sign-in/);
  await expect(page.getByText('Это устройство')).toHaveCount(0);
  await page.goto('/account');
  await expect(page).toHaveURL(/\/sign-in/);
  // the old cookie is dead in the database, not only forgotten by the browser
  await page.context().addCookies(cookies);
  await page.goto('/account');
  await expect(page).toHaveURL(/\/sign-in/);
});

test('language and theme are chosen before signing in and stay', async ({ as }) => {
  const page = await as('nobody');
  await open(page, '/sign-in');
  await page.getByRole('button', { name: 'English' }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
  await page.getByRole('button', { name: 'Dark' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
});

test('without any script one still gets in', async ({ as }) => {
  const page = await as('nobody', { javaScriptEnabled: false });
  await page.goto('/sign-in');
  await page.getByLabel('Логин или телефон').fill('classteacher');
  await page.getByLabel('Пароль', { exact: true }).fill('wrong');
  await page.getByRole('button', { name: 'Войти' }).click();
  await expect(page.getByRole('alert')).toContainText('не подходит');
  await page.getByLabel('Логин или телефон').fill('classteacher');
  await page.getByLabel('Пароль', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Войти' }).click();
  await expect(page).not.toHaveURL(/\/sign-in/);
});

test('one person with several positions switches in one tap', async ({ as }) => {
  const page = await as('teacher');
  await open(page, '/');
  const switcher = page.locator('.shell-head form.switcher');
  const chips = switcher.getByRole('button');
  await expect(chips).toHaveCount(3);
  await expect(switcher.getByRole('button', { pressed: true })).toHaveCount(1);
  // as a mother: her child's diary
  await switcher.getByRole('button', { name: /Илья/ }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/Дневник/);
  await expect(switcher.getByRole('button', { pressed: true })).toContainText('Илья');
  // and back to work in the other school
  await ready(page);
  await chips.filter({ hasText: 'Учитель' }).last().click();
  await expect(switcher.getByRole('button', { pressed: true })).toContainText('Школа № 2');
  // the session is everybody's here, and they begin in the first school
  await ready(page);
  await chips.filter({ hasText: 'Учитель' }).first().click();
  await expect(switcher.getByRole('button', { pressed: true })).toContainText('Школа № 1');
});
