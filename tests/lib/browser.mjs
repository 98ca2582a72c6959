// A real Chromium in front of a real server, with everything it complains about kept.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, afterEach, before, beforeEach } from 'node:test';

import { chromium } from '../browser/node_modules/playwright-core/index.mjs';
import { demo, EXAMPLE } from './demo.mjs';

const require = createRequire(import.meta.url);
const AXE = readFileSync(require.resolve('../browser/node_modules/axe-core/axe.min.js'), 'utf8');

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find((path) => existsSync(path));

// The sandbox needs rights that a test runner lacks; the rest keeps Chromium from asking the network for anything.
const ARGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage'];

// A failed request that a test provokes is told by the browser too; only these lines are expected.
const EXPECTED = /Failed to load resource: the server responded with a status of (401|403|404|409|412|422)/;

export const DESKTOP = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844 };

export async function launch() {
    return chromium.launch({ executablePath: CHROMIUM, args: ARGS });
}

// A page of its own context, which fails the test by `complaints` where the browser complained of anything.
export async function visit(browser, server, { viewport = DESKTOP, locale = 'ru-RU', colorScheme = 'light' } = {}) {
    const context = await browser.newContext({
        viewport, locale, colorScheme, timezoneId: 'Europe/Moscow', baseURL: `http://localhost:${server.port}`,
    });
    const page = await context.newPage();
    page.complaints = [];
    page.on('console', (message) => {
        if (message.type() === 'error' && !EXPECTED.test(message.text())) page.complaints.push(message.text());
    });
    page.on('pageerror', (error) => page.complaints.push(String(error)));
    await page.addInitScript(() => {
        addEventListener('securitypolicyviolation', (event) => {
            console.error(`CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
        });
    });
    return page;
}

// What a file of browser tests plays on: a server of its own with the demo's data, and for each test a new page, which must
// not have complained at its end. `set` is told of both; `enter` gives another kind of page in the place of the test's.
export function stage(set) {
    const scene = {};
    const leave = async () => {
        assert.deepEqual(scene.page.complaints, []);
        await scene.page.context().close();
    };
    const open = async (options) => {
        scene.page = await visit(scene.browser, scene.server, options);
        set(scene);
        return scene.page;
    };
    before(async () => {
        scene.server = await demo();
        scene.browser = await launch();
    });
    after(async () => {
        await scene.browser?.close();
        await scene.server?.end();
    });
    beforeEach(() => open());
    afterEach(leave);
    return {
        enter: async (options) => {
            await leave();
            return open(options);
        },
    };
}

// The width of what is shown; more than the screen's means scrolling sideways.
export const widthOf = (page) => page.evaluate(() => document.documentElement.scrollWidth);

export async function login(page, name, password = 'demo-demo-demo') {
    await page.goto('/login');
    await page.getByLabel('Логин или e-mail').fill(name);
    await page.getByLabel('Пароль').fill(password);
    await page.getByRole('button', { name: 'Войти', exact: true }).click();
    await page.getByRole('link', { name: 'Каталог' }).first().waitFor();
}

// The page of the example item, where so much of it is asked for.
export async function example(page, quantity) {
    await page.goto(`/catalog?q=${EXAMPLE}`);
    await page.getByRole('link', { name: /Terra/ }).first().click();
    if (quantity) await page.getByRole('textbox', { name: `Количество: ${EXAMPLE}` }).fill(quantity);
}

// The basket with so much of the example item, by that day.
export async function basketOf(page, quantity, date) {
    await page.getByLabel('Желаемая дата').first().fill(date);
    await example(page, quantity);
    await page.getByRole('button', { name: 'В корзину', exact: true }).click();
    await page.goto('/basket');
}

// What axe finds to be seriously wrong for people who do not see or use a mouse.
export async function barriers(page) {
    // What is still fading in has not its own colours yet.
    await page.evaluate(() => Promise.allSettled(document.getAnimations().map(({ finished }) => finished)));
    // The policy of the page would refuse a script of the test's, so it is run by the browser itself.
    const results = await page.evaluate(`${AXE}; axe.run(document, { resultTypes: ['violations'] })`);
    return results.violations.filter((violation) => ['serious', 'critical'].includes(violation.impact))
        .map((violation) => `${violation.id}: ${violation.nodes.map((node) => node.target.join(' ')).join(', ')}`);
}
