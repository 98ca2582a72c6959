// A short line in the basket, in a real browser: each way out in one click, and a hold.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { barriers, basketOf, login, PHONE, stage, widthOf } from '../lib/browser.mjs';
import { EXAMPLE } from '../lib/demo.mjs';

// Before the shipment, so that only the fifty in stock count.
const EARLY = '2026-04-10';
const OFFERS = {
    split: 'Частями: 50 м² к 10.04, 50 м² к 16.04.',
    later: 'Всё сразу: 100 м² к 16.04.',
    less: 'Только 50 м² к 10.04.',
    substitute: 'Замена — Керамогранит Cemento Vero Cenere 60×60 структурный (CV-6060-01): 100,8 м² к 10.04.',
};

let server;
let page;
const { enter } = stage((scene) => ({ server, page } = scene));

// Logs in, asks a hundred of the example by the early day, and comes to the basket.
async function short(name = 'employee@demo') {
    await login(page, name);
    await basketOf(page, '100', EARLY);
    await page.getByRole('list', { name: `Варианты для строки ${EXAMPLE}` }).waitFor();
}

const take = (kind) => page.getByRole('button', { name: OFFERS[kind], exact: true }).click();
const sentence = (text) => page.getByText(text, { exact: true }).first().waitFor();

test('all four stand under the short line, in the server\'s words', async () => {
    await short();
    const list = page.getByRole('list', { name: `Варианты для строки ${EXAMPLE}` });
    assert.deepEqual(await list.locator('.offer-take').allInnerTexts(), Object.values(OFFERS));
    assert.deepEqual(await barriers(page), []);
});

test('in parts: two dated lines, both promised, and the order is confirmed', async () => {
    await short();
    await take('split');
    await sentence('50 м² к 10.04: 50 — склад. Свободного на складе не останется.');
    await sentence('50 м² к 16.04: 50 — поставка 15.04. Свободного на складе не останется.');
    assert.deepEqual(await page.getByLabel(`Желаемая дата строки ${EXAMPLE}`).evaluateAll((fields) => fields.map((field) => field.value)), ['2026-04-16']);
    await page.getByRole('button', { name: 'Отправить заказ' }).click();
    await page.getByText('Подтверждён', { exact: true }).first().waitFor();
    const author = await server.login('employee@demo');
    await author.post(`/api/v1/orders/${page.url().split('/').at(-1)}/cancel`);
});

test('later: the line moves to the day that has it all', async () => {
    await short();
    await take('later');
    await sentence('100 м² к 16.04: 70 — поставка 15.04, 30 — склад. На складе останется 20 свободных.');
    assert.equal(await page.getByLabel(`Желаемая дата строки ${EXAMPLE}`).inputValue(), '2026-04-16');
    assert.equal(await page.locator('.offers').count(), 0);
});

test('less: what there is by the day', async () => {
    await short();
    await take('less');
    await sentence('50 м² к 10.04: 50 — склад. Свободного на складе не останется.');
    assert.match(await page.getByRole('textbox', { name: `Количество: ${EXAMPLE}` }).inputValue(), /^50([.,]0+)?$/);
});

test('a substitute: another item in its own boxes', async () => {
    await short();
    await take('substitute');
    await page.getByRole('link', { name: 'Керамогранит Cemento Vero Cenere 60×60 структурный' }).waitFor();
    await page.getByText(/^100,8 м² к 10\.04: 100,8 — склад\./).first().waitFor();
    assert.equal(await page.getByRole('textbox', { name: `Количество: ${EXAMPLE}` }).count(), 0);
});

test('a hold keeps the goods from others, is released by a click, and is ordered at its price', async () => {
    const rival = await server.login('rival@demo');
    const left = async () => (await rival.get(`/api/v1/items?q=${EXAMPLE}&date=${EARLY}`)).json.items[0].on_date.qty;
    await short();
    await page.getByRole('button', { name: `Удержать на 30 мин: ${OFFERS.less}` }).click();
    await page.getByText(/Удержано за вами до \d\d\.\d\d\.\d{4}, \d\d:\d\d/).waitFor();
    await sentence('50 м² к 10.04: 50 — склад. Свободного на складе не останется.');
    assert.equal(await left(), '0.000');
    assert.ok(await page.getByRole('textbox', { name: `Количество: ${EXAMPLE}` }).isDisabled());
    assert.deepEqual(await barriers(page), []);

    await page.getByRole('button', { name: `Снять удержание строки ${EXAMPLE}` }).click();
    await page.getByText(/Удержано за вами до/).waitFor({ state: 'detached' });
    assert.equal(await left(), '50.000');

    // What was the whole is short again only if more is asked; so it is asked, held and ordered.
    await page.getByRole('textbox', { name: `Количество: ${EXAMPLE}` }).fill('60');
    await page.getByRole('button', { name: 'Удержать на 30 мин: Только 50 м² к 10.04.' }).click();
    await page.getByText(/Удержано за вами до/).waitFor();
    await page.getByRole('button', { name: 'Отправить заказ' }).click();
    await page.getByText('Подтверждён', { exact: true }).first().waitFor();
    const author = await server.login('employee@demo');
    const { json } = await author.get('/api/v1/holds');
    assert.deepEqual(json.holds.map((hold) => hold.state), ['confirmed', 'released']);
    await author.post(`/api/v1/orders/${page.url().split('/').at(-1)}/cancel`);
});

test('a hold that somebody else ended leaves its line in the basket', async () => {
    await short();
    await page.getByRole('button', { name: `Удержать на 30 мин: ${OFFERS.less}` }).click();
    await page.getByText(/Удержано за вами до/).waitFor();
    const head = await server.login('head@demo');
    const [{ id }] = (await head.get('/api/v1/holds')).json.holds;
    assert.equal((await head.request('DELETE', `/api/v1/holds/${id}`)).json.state, 'released');
    await page.reload();
    await sentence('50 м² к 10.04: 50 — склад. Свободного на складе не останется.');
    await page.getByText(/Удержано за вами до/).waitFor({ state: 'detached' });
    assert.ok(await page.getByRole('button', { name: 'Отправить заказ' }).isEnabled());
});

test('an order in review shows until when it keeps what it got', async () => {
    await short();
    await page.getByRole('button', { name: 'Отправить заказ' }).click();
    await page.getByText('Пока заказ проверяют, товар держится за ним до 04.04.2026, 00:00').waitFor();
    const author = await server.login('employee@demo');
    await author.post(`/api/v1/orders/${page.url().split('/').at(-1)}/cancel`);
});

test('on a phone and in English too', async () => {
    await enter({ viewport: PHONE });
    await short();
    const width = await widthOf(page);
    assert.ok(width <= PHONE.width, `the basket is ${width} wide`);
    await page.evaluate(() => localStorage.setItem('kabinet.language', '"en"'));
    await page.reload();
    await page.getByRole('button', { name: 'Only 50 м² by 10 Apr.', exact: true }).click();
    await page.getByText('50 м² by 10 Apr: 50 from stock. Nothing will stay free in stock.', { exact: true }).first().waitFor();
    assert.deepEqual(await barriers(page), []);
});
