// The admin's settings in the browser: a mistake is shown where it is while the portal works on; mended, it is applied, and
// taken back.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { barriers, launch, login, PHONE, visit, widthOf } from '../lib/browser.mjs';
import { demo, EXAMPLE, order, reconfigured } from '../lib/demo.mjs';

let server;
let browser;
let employee;
before(async () => {
    server = await reconfigured(await demo(), { rules: {} });
    browser = await launch();
    employee = await server.login('employee@demo');
});
after(async () => {
    await browser?.close();
    await server?.end();
});

const rule = () => path.join(server.data, 'rules/novus/confirm.lua');
const edit = (file, change) => writeFileSync(file, change(readFileSync(file, 'utf8')));
const place = async () => (await order(employee, { lines: [{ sku: EXAMPLE, qty: '1' }] })).json;
const lineOf = (word) => readFileSync(rule(), 'utf8').split('\n').findIndex((text) => text.includes(word)) + 1;

test('a misspelt field is shown with file, line and hint; mended it is applied, and the former is taken back', async () => {
    const page = await visit(browser, server);
    await login(page, 'admin@demo');
    await page.getByRole('link', { name: 'Настройки' }).click();
    await page.getByRole('heading', { name: 'Настройки и правила' }).waitFor();

    edit(rule(), (text) => text.replace('account.within', 'account.withn'));
    await page.getByRole('button', { name: 'Проверить файлы' }).click();
    const problem = page.getByRole('alert');
    await problem.waitFor();
    const told = await problem.innerText();
    assert.match(told, /настройки не приняты: 1 ошибка; работают прежние/);
    assert.ok(told.includes(`${rule()}:${lineOf('account.withn')}:`), told);
    assert.match(told, /did you mean 'within'/);
    assert.equal((await place()).status, 'confirmed');

    edit(rule(), (text) => text.replace('account.withn', 'account.within').replace('holds eight reasons', 'holds no more than eight reasons'));
    await page.getByRole('button', { name: 'Проверить файлы' }).click();
    await page.getByText(/^Ошибок нет, пройден.* правил\. Изменится 1 файл:$/).waitFor();
    assert.match(await page.getByLabel('novus/confirm.lua').innerText(), /-(-- A decision holds) (eight reasons.*)\n\+\1 no more than \2/);
    assert.deepEqual(await barriers(page), []);
    await page.getByLabel('Зачем').fill('точнее сказано');
    await page.getByRole('button', { name: 'Применить' }).click();
    await page.getByText('Работает ревизия 2').waitFor();
    const running = page.getByRole('listitem').filter({ hasText: 'работает' });
    await running.filter({ hasText: 'Ревизия 2' }).waitFor();
    assert.match(await running.innerText(), /admin@demo[^]*точнее сказано/);

    await page.getByRole('button', { name: 'вернуть' }).click();
    await page.getByRole('button', { name: 'Да, вернуть' }).click();
    await running.filter({ hasText: 'Ревизия 3' }).waitFor();
    assert.equal((await place()).status, 'confirmed');
    assert.deepEqual(page.complaints, []);
});

test('on a phone nothing is wider than the screen', async () => {
    const page = await visit(browser, server, { viewport: PHONE });
    await login(page, 'admin@demo');
    await page.getByRole('link', { name: 'Настройки' }).click();
    await page.getByRole('button', { name: /^изменён 1 файл$/ }).first().click();
    await page.getByLabel('novus/confirm.lua').first().waitFor();
    assert.equal(await widthOf(page), PHONE.width);
    assert.deepEqual(await barriers(page), []);
});

test('nobody else is offered the settings', async () => {
    for (const name of ['employee@demo', 'head@demo', 'manager@demo']) {
        const page = await visit(browser, server);
        await login(page, name);
        await page.getByRole('link', { name: 'Заказы' }).waitFor();
        assert.equal(await page.getByRole('link', { name: 'Настройки' }).count(), 0, name);
        await page.context().close();
    }
});
