// What the page does with answers: late ones, refused ones, none at all; and what is told of things others did.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { barriers, basketOf, example, login, stage } from '../lib/browser.mjs';
import { DATE, EXAMPLE, order, PASSWORD, SENTENCE } from '../lib/demo.mjs';

let server;
let page;
stage((scene) => ({ server, page } = scene));

const EARLY = '2026-04-10';
const search = () => page.getByRole('searchbox', { name: 'Поиск по названию и артикулу' });
const settled = () => page.evaluate(() => fetch('/livez').then((answer) => answer.text()));

// Keeps the answer of the first request that fits until it is let go.
async function held(url, fits) {
    let letGo;
    let seen;
    const asked = new Promise((resolve) => { seen = resolve; });
    const go = new Promise((resolve) => { letGo = resolve; });
    await page.route(url, async (route) => {
        if (!fits(route.request())) return route.continue();
        const answer = await route.fetch();
        seen();
        await go;
        // The page may have given the question up by now.
        return route.fulfill({ response: answer }).catch(() => {});
    });
    return { asked, letGo };
}

test('typing fast: the answer to what was typed before comes late and is not shown', async () => {
    await login(page, 'employee@demo');
    const late = await held('**/api/v1/items?**', (request) => new URL(request.url()).searchParams.get('q') === 'Cemento');
    await search().fill('Cemento');
    await late.asked;
    await search().fill(EXAMPLE);
    await page.locator(`[data-sku="${EXAMPLE}"]`).waitFor();
    await page.locator('[data-sku^="CV-"]').first().waitFor({ state: 'detached' });
    late.letGo();
    await settled();
    assert.deepEqual(await page.locator('[data-sku]').evaluateAll((rows) => rows.map((row) => row.dataset.sku)), [EXAMPLE]);
});

test('another day: the promise for the day before comes late and is not shown', async () => {
    await login(page, 'employee@demo');
    await page.getByLabel('Желаемая дата').first().fill(EARLY);
    await example(page);
    const late = await held('**/api/v1/promise', (request) => request.postDataJSON().date === EARLY && request.postDataJSON().lines[0].qty === '100');
    await page.getByRole('textbox', { name: `Количество: ${EXAMPLE}` }).fill('100');
    await late.asked;
    await page.getByLabel('Желаемая дата').first().fill(DATE);
    await page.getByText(SENTENCE, { exact: true }).waitFor();
    late.letGo();
    await settled();
    assert.equal(await page.locator('.promised-text').innerText(), SENTENCE);
});

test('the portal away is told, and so is its return, which asks again by itself', async () => {
    await login(page, 'employee@demo');
    await page.locator('[data-sku]').first().waitFor();
    const isGone = (url) => url.pathname.startsWith('/api/');
    await page.route(isGone, (route) => route.fulfill({ status: 502, contentType: 'text/html', body: 'Bad Gateway' }));
    // 502 is a proxy's word for it, which the browser tells as well.
    await page.getByRole('link', { name: 'Заказы' }).first().click();
    await page.getByText('Портал не отвечает. Проверяем связь и скажем, когда она вернётся.').waitFor();
    await page.unroute(isGone);
    await page.getByText('Портал снова отвечает').waitFor();
    await page.getByText('Портал не отвечает', { exact: false }).waitFor({ state: 'detached' });
    await page.getByText('Заказов ещё нет').waitFor();
    assert.equal(await page.getByRole('alert').count(), 0);
    page.complaints = page.complaints.filter((text) => !text.includes('502'));
});

test('groups that cannot be read are told with the request\'s number, and asked again by a click', async () => {
    await page.route('**/api/v1/groups', (route) => route.fulfill({
        status: 422, contentType: 'application/problem+json', body: JSON.stringify({ status: 422, code: 'x', detail: 'групп нет', errors: [], instance: 'r-1' }),
    }));
    await login(page, 'employee@demo');
    const alert = page.getByRole('alert').filter({ hasText: 'групп нет' });
    await alert.waitFor();
    assert.match(await alert.innerText(), /r-1/);
    await page.unroute('**/api/v1/groups');
    await alert.getByRole('button', { name: 'Повторить' }).click();
    await page.getByRole('link', { name: 'Все товары' }).waitFor();
    await alert.waitFor({ state: 'detached' });
});

test('the language changes everything at once, and nobody is asked who it is', async () => {
    await login(page, 'employee@demo');
    await example(page);
    await page.getByRole('option', { name: 'Самовывоз' }).waitFor({ state: 'attached' });
    const asked = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.getByRole('button', { name: /^Кабинет:/ }).click();
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('heading', { name: 'Availability by day' }).waitFor();
    await page.getByRole('option', { name: 'Pickup' }).waitFor({ state: 'attached' });
    await page.getByText(/^1 м² by /).waitFor();
    assert.ok(!asked.includes('/api/v1/me'), asked.join(' '));
    // Two clicks in one breath: the last one stays.
    await page.getByRole('button', { name: 'Русский' }).evaluate((button) => {
        button.click();
        button.nextElementSibling.click();
    });
    await page.getByRole('heading', { name: 'Availability by day' }).waitFor();
    await settled();
    assert.equal(await page.evaluate(() => document.documentElement.lang), 'en');
});

test('too many guesses are slowed down, in the server\'s words', async () => {
    await page.goto('/login');
    await page.getByLabel('Логин или e-mail').fill('guessed@demo');
    const enter = page.getByRole('button', { name: 'Войти', exact: true });
    const slowed = page.getByText(/^слишком много попыток; повторите через \d+ с$/);
    await page.getByLabel('Пароль').fill('guess');
    for (let i = 0; i < 10 && await slowed.count() === 0; i += 1) {
        const answered = page.waitForResponse('**/api/v1/session');
        await enter.click();
        await answered;
        await enter.and(page.locator(':enabled')).waitFor();
    }
    await slowed.waitFor();
    page.complaints = page.complaints.filter((text) => !text.includes('429'));
    assert.equal((await server.client().post('/api/v1/session', { login: 'employee@demo', password: PASSWORD })).status, 200);
});

test('a manager\'s list takes in what a dealer orders, and nothing is forbidden on the way', async () => {
    const forbidden = [];
    page.on('response', (response) => response.status() === 403 && forbidden.push(response.url()));
    await login(page, 'manager@demo');
    const first = page.waitForResponse('**/api/v1/changes*');
    await page.goto('/orders');
    await page.getByText('Заказов ещё нет').waitFor();
    await first;
    const author = await server.login('employee@demo');
    const { json: placed } = await order(author, { lines: [{ sku: EXAMPLE, qty: '1' }] });
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    await page.getByRole('link', { name: placed.number }).waitFor();
    assert.deepEqual(forbidden, []);
    await author.post(`/api/v1/orders/${placed.id}/cancel`);
});

test('a hold whose line was removed is shown with its end, comes back, and can be ended', async () => {
    await login(page, 'employee@demo');
    await basketOf(page, '100', EARLY);
    await page.getByRole('button', { name: 'Удержать на 30 мин: Только 50 м² к 10.04.' }).click();
    await page.getByText(/Удержано за вами до/).waitFor();
    assert.equal(await page.getByText('Удержано, но не в этой корзине').count(), 0);

    const remove = page.getByRole('button', { name: `Удалить строку ${EXAMPLE}` });
    const section = page.getByRole('region', { name: 'Удержано, но не в этой корзине' });
    await remove.click();
    await section.getByText(/^Держится до /).waitFor();
    assert.deepEqual(await barriers(page), []);
    await section.getByRole('button', { name: `Вернуть удержанное в корзину: ${EXAMPLE}` }).click();
    await page.getByText(/Удержано за вами до/).waitFor();
    await section.waitFor({ state: 'detached' });

    await remove.click();
    await section.getByRole('button', { name: `Снять удержание строки ${EXAMPLE}` }).click();
    await section.waitFor({ state: 'detached' });
    const { json } = await (await server.login('employee@demo')).get('/api/v1/holds');
    assert.deepEqual(json.holds.map(({ state }) => state), ['released']);
});
