// A shipment that slips, in a real browser: what the people of the orders it touches see, and whom it does not touch. And what
// only the distributor's people see: that the calendar ends.

import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';

import { barriers, launch, login, PHONE, visit } from '../lib/browser.mjs';
import { demo, EXAMPLE, order } from '../lib/demo.mjs';
import { on, supply } from '../lib/feeds.mjs';
import { ProfileA } from '../exchange/profile_a.mjs';

const MOVED = 'Было: 100 м² к 17.04. Стало: 50 м² к 17.04, 50 м² к 21.04.';
const LATE = 'позже или меньше обещанного';

let server;
let browser;
let pages = [];

before(async () => {
    server = await demo();
    browser = await launch();
});
after(async () => {
    await browser?.close();
    await server?.end();
});
afterEach(async () => {
    for (const page of pages) {
        assert.deepEqual(page.complaints, []);
        await page.context().close();
    }
    pages = [];
});

async function enter(name, options, where = server) {
    const page = await visit(browser, where, options);
    pages.push(page);
    await login(page, name);
    return page;
}

const place = async (name, lines, rest) => {
    const { json } = await order(await server.login(name), { lines, ...rest });
    assert.equal(json.status, 'confirmed');
    return json;
};
const row = (page, { number }) => page.getByRole('row', { name: new RegExp(number) });

test('a slip shows old and new on the order, marks it in the list, and leaves others alone', async () => {
    const early = await place('employee@demo', [{ sku: EXAMPLE, qty: '5' }], { date: '2026-04-10' });
    const hundred = await place('employee@demo', [{ sku: EXAMPLE, qty: '100' }]);
    const page = await enter('employee@demo');
    await page.goto(`/orders/${hundred.id}`);
    await page.getByText(/^100 м² к 17\.04: 70 — поставка 15\.04, 30 — склад\./).first().waitFor();
    assert.equal(await page.getByText(LATE).count(), 0);

    await new ProfileA({ port: server.port }).upload('dealers', { 'supply.xml': supply(server.data, '2026-04-01T10:00:00', on('2026-04-20')) });
    const moved = MOVED.replaceAll('50 м² к 17', '45 м² к 17').replace('50 м² к 21', '55 м² к 21');
    // The page is told that the order changed, and shows it without being loaded again.
    await page.getByText(moved, { exact: true }).first().waitFor({ timeout: 60_000 });
    await page.getByText(LATE).first().waitFor();
    assert.deepEqual(await barriers(page), []);

    await page.goto('/orders');
    await row(page, hundred).getByText(LATE).waitFor();
    assert.equal(await row(page, early).getByText(LATE).count(), 0);
    assert.deepEqual(await barriers(page), []);

    const manager = await enter('manager@demo');
    await manager.goto(`/orders/${hundred.id}`);
    await manager.getByText(moved, { exact: true }).first().waitFor();

    const phone = await enter('employee@demo', { viewport: PHONE });
    await phone.goto('/orders');
    await phone.getByRole('listitem').filter({ hasText: hundred.number }).getByText(LATE).waitFor();
    const width = await phone.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(width <= PHONE.width, `the list is ${width} wide`);

    // It comes in time after all: nothing is left to see.
    await new ProfileA({ port: server.port }).upload('dealers', { 'supply.xml': supply(server.data, '2026-04-01T11:00:00', on('2026-04-15')) });
    await page.goto(`/orders/${hundred.id}`);
    await page.getByText(/^100 м² к 17\.04: 70 — поставка 15\.04, 30 — склад\./).first().waitFor();
    assert.equal(await page.getByText(LATE).count(), 0);
});

test('the distributor\'s people are warned on every page that the calendar ends, dealers are not', async () => {
    const december = await demo({ today: '2026-12-01' });
    try {
        const warning = /^Производственный календарь «.+» известен только до 31\.12/;
        const manager = await enter('manager@demo', {}, december);
        for (const path of ['/orders', '/catalog']) {
            await manager.goto(path);
            await manager.getByText(warning).waitFor();
        }
        assert.deepEqual(await barriers(manager), []);
        const employee = await enter('employee@demo', {}, december);
        await employee.goto('/orders');
        await employee.getByRole('heading', { level: 1 }).waitFor();
        assert.equal(await employee.getByText(warning).count(), 0);
    } finally {
        await december.end();
    }
});
