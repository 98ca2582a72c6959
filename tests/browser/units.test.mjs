// Boxes and pallets in a real browser: asked in one unit, shown in the others, rounded by nobody but the dealer.

import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';

import { barriers, launch, login, PHONE, visit } from '../lib/browser.mjs';
import { demo } from '../lib/demo.mjs';

// 60×60: four pieces of 0.36 m² in a box, thirty boxes on a pallet.
const TILE = 'NV-6060-02';
const LATER = '2026-04-30';

let server;
let browser;
let page;

before(async () => {
    server = await demo();
    browser = await launch();
});
after(async () => {
    await browser?.close();
    await server?.end();
});
beforeEach(async () => { page = await visit(browser, server); });
afterEach(async () => {
    assert.deepEqual(page.complaints, []);
    await page.context().close();
});

const quantity = () => page.getByRole('textbox', { name: `Количество: ${TILE}` });
const unit = () => page.getByRole('combobox', { name: `Единица: ${TILE}` });
const told = (text) => page.getByText(text, { exact: true }).first().waitFor();

async function item() {
    await login(page, 'employee@demo');
    await page.getByLabel('Желаемая дата').first().fill(LATER);
    await page.goto(`/catalog?q=${TILE}`);
    await page.getByRole('link', { name: /Terra/ }).first().click();
    await quantity().waitFor();
}

test('the item page counts: a quantity in boxes is so much in everything else', async () => {
    await item();
    await unit().selectOption('кор');
    assert.equal(await quantity().inputValue(), '1');
    await quantity().fill('60');
    await told('=\u00a086,4 м²');
    await told('=\u00a0240 шт');
    await told('=\u00a02 пал');
    assert.deepEqual(await barriers(page), []);
});

test('between packs both neighbours stand with what they differ by, and one click takes one', async () => {
    await item();
    await quantity().fill('100');
    await page.getByRole('button', { name: '99,36 м² (меньше на 0,64)', exact: true }).waitFor();
    assert.equal(await quantity().inputValue(), '100');
    await page.getByRole('button', { name: '100,8 м² (больше на 0,8)', exact: true }).click();
    assert.equal(await quantity().inputValue(), '100,8');
    await told('=\u00a070 кор');
});

for (const phone of [false, true]) {
    test(`boxes go into the basket as boxes, and into the order${phone ? ', on a phone' : ''}`, async () => {
        if (phone) {
            await page.context().close();
            page = await visit(browser, server, { viewport: PHONE });
        }
        await item();
        await unit().selectOption('кор');
        await quantity().fill('10');
        await page.getByRole('button', { name: 'В корзину', exact: true }).click();
        await page.goto('/basket');
        await told('= 14,4 м²');
        assert.equal(await unit().inputValue(), 'кор');
        await unit().selectOption('шт');
        assert.equal(await quantity().inputValue(), '40');
        await told('= 14,4 м²');
        await page.getByRole('button', { name: 'Отправить заказ' }).click();
        await page.getByRole('heading', { name: /^Заказ/ }).waitFor();
        await told('40 шт');
        await told('= 14,4 м²');
        assert.deepEqual(await barriers(page), []);
    });
}
