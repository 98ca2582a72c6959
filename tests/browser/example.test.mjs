// The whole road in a real browser: log in, choose the date, find the item, read the sentence, order, see that 1C has it.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ProfileA } from '../exchange/profile_a.mjs';
import { barriers, login, PHONE, stage, widthOf } from '../lib/browser.mjs';
import { DATE, EXAMPLE, order, SENTENCE } from '../lib/demo.mjs';

let server;
let page;
const { enter } = stage((scene) => ({ server, page } = scene));

const choose = async () => page.getByLabel('Желаемая дата').first().fill(DATE);

const find = async () => {
    await page.getByRole('searchbox', { name: 'Поиск по названию и артикулу' }).fill(EXAMPLE);
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: /Terra/ }).first().click();
    await page.getByRole('heading', { name: 'Наличие по дням' }).waitFor();
};

test('the table of days shows when how much can be had', async () => {
    await login(page, 'rival@demo');
    await find();
    const table = page.getByRole('table', { name: 'Наличие по дням' });
    await table.waitFor();
    assert.match(await table.innerText(), /16\.04/);
    assert.deepEqual(await barriers(page), []);
});

test('a dealer orders the example, the machine promises, 1C receives', async () => {
    await login(page, 'employee@demo');
    await choose();
    await find();
    await page.getByRole('textbox', { name: `Количество: ${EXAMPLE}` }).fill('100');
    await page.getByText(SENTENCE, { exact: true }).first().waitFor();
    await page.getByRole('button', { name: 'В корзину', exact: true }).click();
    await page.getByRole('link', { name: /^Корзина: 1 строка/ }).click();
    await page.getByText(SENTENCE, { exact: true }).first().waitFor();
    await page.getByLabel('Ваш номер заказа').fill('ПО-2026');
    await page.getByRole('button', { name: 'Отправить заказ' }).click();

    await page.waitForURL(/\/orders\/[0-9a-f-]{36}$/);
    await page.getByText('Подтверждён', { exact: true }).first().waitFor();
    await page.getByText(SENTENCE, { exact: true }).first().waitFor();
    await page.getByText('Ждёт выгрузки в 1С').first().waitFor();
    await page.getByRole('link', { name: 'Корзина пуста' }).waitFor();

    const erp = new ProfileA({ port: server.port });
    assert.equal((await erp.download()).length, 1);
    await page.reload();
    await page.getByText('Заказ в 1С').first().waitFor();
    assert.deepEqual(await barriers(page), []);
});

test('a colleague sees the order and finds no button to change it', async () => {
    const author = await server.login('employee@demo');
    const { json: placed } = await order(author, { lines: [{ sku: EXAMPLE, qty: '1' }] });
    await login(page, 'colleague@demo');
    await page.getByRole('link', { name: 'Заказы' }).first().click();
    await page.getByRole('link', { name: new RegExp(placed.number) }).first().click();
    await page.getByText('Подтверждён', { exact: true }).first().waitFor();
    assert.equal(await page.getByRole('button', { name: 'Отменить заказ' }).count(), 0);
    await author.post(`/api/v1/orders/${placed.id}/cancel`);
});

test('the author cancels his order and the goods are free again', async () => {
    const author = await server.login('employee@demo');
    const { json: placed } = await order(author, { lines: [{ sku: EXAMPLE, qty: '2' }] });
    await login(page, 'employee@demo');
    await page.goto(`/orders/${placed.id}`);
    await page.getByRole('button', { name: 'Отменить заказ' }).click();
    await page.getByRole('button', { name: 'Да, отменить' }).click();
    await page.getByText('Отменён', { exact: true }).first().waitFor();
    assert.equal((await author.get(`/api/v1/orders/${placed.id}`)).json.status, 'cancelled');
});

test('what a dealer may not buy is shown with its ground and cannot be put into the basket', async () => {
    const rival = await server.login('rival@demo');
    const { json } = await rival.get('/api/v1/items?limit=200');
    const banned = json.items.find((item) => item.restricted);
    await login(page, 'rival@demo');
    await page.goto(`/catalog?q=${encodeURIComponent(banned.sku)}`);
    await page.getByText(banned.restricted.text).first().waitFor();
    assert.equal(await page.getByRole('textbox', { name: `Количество: ${banned.sku}` }).count(), 0);
});

test('the catalogue is sorted by the dealer\'s own price, and staff are not offered what they do not see', async () => {
    const dealer = await server.login('employee@demo');
    await login(page, 'employee@demo');
    await page.goto('/catalog');
    for (const [label, sort] of [['сначала дешёвые', 'price'], ['сначала дорогие', '-price'], ['сначала те, которых больше', '-available']]) {
        const [first] = (await dealer.get(`/api/v1/items?limit=1&sort=${sort}`)).json.items;
        await page.getByLabel('Сортировка').selectOption({ label });
        await page.waitForURL((url) => url.searchParams.get('sort') === sort);
        await page.locator(`tbody tr:first-child [data-sku="${first.sku}"]`).waitFor();
    }
    assert.deepEqual(await barriers(page), []);
    await page.context().clearCookies();
    await login(page, 'manager@demo');
    await page.goto('/catalog');
    await page.getByLabel('Сортировка').waitFor();
    const offered = await page.getByLabel('Сортировка').locator('option').allInnerTexts();
    assert.deepEqual(offered, ['по названию', 'по артикулу', 'сначала те, которых больше']);
});

test('a wrong password is told, and a session that ends leads to login and back', async () => {
    await page.goto('/login');
    await page.getByLabel('Логин или e-mail').fill('employee@demo');
    await page.getByLabel('Пароль').fill('guess');
    await page.getByRole('button', { name: 'Войти', exact: true }).click();
    await page.getByText('неверный логин или пароль').first().waitFor();
    await login(page, 'employee@demo');
    await page.context().clearCookies();
    await page.goto('/orders');
    await page.getByLabel('Пароль').waitFor();
    assert.match(page.url(), /\/login\?next=/);
});

test('the portal speaks English', async () => {
    await login(page, 'employee@demo');
    await page.getByRole('button', { name: /^Кабинет:/ }).click();
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('link', { name: 'Catalogue' }).first().waitFor();
    await page.goto(`/catalog?q=${EXAMPLE}`);
    await page.getByText(EXAMPLE).first().waitFor();
    assert.deepEqual(await barriers(page), []);
});

test('a phone shows every page without scrolling sideways', async () => {
    await enter({ viewport: PHONE, colorScheme: 'dark' });
    await login(page, 'employee@demo');
    const author = await server.login('employee@demo');
    const { json: placed } = await order(author, { lines: [{ sku: EXAMPLE, qty: '1' }] });
    const shown = [
        ['/catalog', page.getByRole('list', { name: 'Каталог' })],
        ['/basket', page.getByRole('link', { name: 'В каталог' })],
        ['/orders', page.getByRole('link', { name: placed.number })],
        [`/orders/${placed.id}`, page.getByRole('heading', { name: 'История' })],
        [`/catalog?q=${EXAMPLE}`, page.getByRole('link', { name: /Terra/ })],
    ];
    for (const [path, what] of shown) {
        await page.goto(path);
        await what.first().waitFor();
        const width = await widthOf(page);
        assert.ok(width <= PHONE.width, `${path} is ${width} wide`);
        assert.deepEqual(await barriers(page), [], path);
    }
    await page.getByRole('link', { name: /Terra/ }).first().click();
    await page.getByRole('table', { name: 'Наличие по дням' }).waitFor();
    assert.ok(await widthOf(page) <= PHONE.width);
    assert.deepEqual(await barriers(page), []);
    await author.post(`/api/v1/orders/${placed.id}/cancel`);
});
