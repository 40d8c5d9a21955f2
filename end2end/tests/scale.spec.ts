// Scales of marks and types of work: the deputy sets them, the teacher's journal offers them.
import { expect, open, test } from '../support/test';
import { violations } from '../support/axe';
import { SCHOOL } from '../support/places';

test('a deputy adds a type of work and a scale, and a teacher marks by them', async ({ as, server, watch }) => {
  watch.allow(/status of 422/);
  const page = await as('deputy');
  await open(page, '/journal/scales');
  await expect(page.getByRole('heading', { level: 1, name: 'Шкалы и виды работ' })).toBeVisible();
  await page.getByRole('button', { name: 'Добавить вид работы' }).click();
  await page.getByLabel('Буква в столбце').fill('ЗЧТ');
  await page.getByLabel('Название', { exact: true }).fill('Зачёт по теме');
  await page.getByLabel('Обычный вес').fill('2,5');
  await page.getByRole('button', { name: 'Сохранить' }).click();
  await expect(page.getByRole('heading', { name: 'ЗЧТ Зачёт по теме' })).toBeVisible();
  expect(await server.ask(`select weight from work_type where school_id = ${SCHOOL} and code = 'ЗЧТ'`)).toBe('2.50');
  await page.getByRole('button', { name: 'Добавить шкалу' }).click();
  await page.getByLabel('Название шкалы').fill('Зачёт и незачёт');
  await page.getByLabel('Что ставят').fill('+');
  await page.getByLabel('Как читается').fill('зачёт');
  await page.getByRole('button', { name: 'Добавить отметку' }).click();
  await page.getByLabel('Что ставят').nth(1).fill('+');
  await page.getByLabel('Как читается').nth(1).fill('незачёт');
  await page.getByRole('button', { name: 'Сохранить' }).click();
  await expect(page.getByText('Отметка «+» стоит в шкале дважды.')).toBeVisible();
  await page.getByLabel('Что ставят').nth(1).fill('−');
  expect(await violations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Сохранить' }).click();
  await expect(page.getByRole('heading', { name: 'Зачёт и незачёт' })).toBeVisible();
  // what somebody has got can only be renamed
  await page.getByRole('button', { name: /^Изменить: Пят/ }).click();
  await expect(page.getByLabel('Что ставят').first()).toHaveAttribute('readonly', '');
  await page.getByRole('button', { name: 'Не сохранять' }).click();
  expect(await server.ask(`select count(*) from audit_event where school_id = ${SCHOOL} and entity in ('mark_scale', 'work_type')`)).toBe('2');
});
