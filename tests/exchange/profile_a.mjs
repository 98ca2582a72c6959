// 1C as the typical configurations speak (УТ 11, КА 2, ERP 2): strict where they are, so that what passes here passes
// there. It counts the lines of init, takes the cookie as it stands, cuts files by file_limit, polls import without delay,
// and reads documents the way an untyped XDTO object is read.

import { fileURLToPath } from 'node:url';

import { Client } from '../http/client.mjs';
import { all, one, parse, requisites, text, walk } from '../lib/xml.mjs';

const ANSWER_MS = 180_000;

// A slice of an import is some 20 ms of work: more than this is no progress.
const ASKED_MAX = 100_000;

const firstWord = (body) => body.split('\n')[0].trim().toLowerCase();

export class ProfileA {
    constructor({ port, script = '/bitrix/admin/1c_exchange.php', login = '1c', password = 'demo-demo-demo', useSessid = false }) {
        const basic = Buffer.from(`${login}:${password}`).toString('base64');
        this.client = new Client({ port, headers: { Authorization: `Basic ${basic}` } });
        this.client.jar.take = () => {}; // this client knows only the cookie that checkauth names
        Object.assign(this, { script, useSessid, orders: new Map() });
    }

    async call(method, type, mode, { extra = '', body } = {}) {
        const sessid = this.useSessid && mode !== 'checkauth' ? `&sessid=${this.sessid}` : '';
        const headers = this.cookie && mode !== 'checkauth' ? { Cookie: this.cookie } : {};
        const started = Date.now();
        const answer = await this.client.request(method, `${this.script}?type=${type}&mode=${mode}${extra}${sessid}`, { headers, body });
        if (Date.now() - started > ANSWER_MS) throw new Error(`${mode}: превышено время ожидания`);
        if (answer.headers['content-length'] === undefined) throw new Error(`${mode}: длина ответа не указана`);
        return answer;
    }

    async checkauth(type) {
        const answer = await this.call('GET', type, 'checkauth');
        const lines = answer.text.split('\n');
        if (firstWord(answer.text) !== 'success') throw new Error(`checkauth: ${answer.text}`);
        if (lines.length < 3) throw new Error('checkauth: меньше трёх строк');
        this.cookie = `${lines[1]}=${lines[2]}`; // not trimmed: a carriage return would go out again
        this.sessid = lines[3]?.replace('sessid=', '');
        return answer;
    }

    async init(type) {
        const { text: body } = await this.call('GET', type, 'init');
        const lines = body.split('\n');
        if (lines.length !== 2) throw new Error('Параметры обмена не получены');
        const limit = Number(lines[1].replace('file_limit=', ''));
        this.zip = lines[0].toLowerCase() === 'zip=yes';
        this.limit = Number.isFinite(limit) && limit > 0 ? limit : Infinity;
    }

    async send(type, name, bytes) {
        const body = Buffer.from(bytes);
        for (let at = 0; at < body.length || at === 0; at += this.limit) {
            const piece = body.subarray(at, Math.min(body.length, at + this.limit));
            const answer = await this.call('POST', type, 'file', { extra: `&filename=${encodeURI(name)}`, body: piece });
            if (firstWord(answer.text) !== 'success') throw new Error(`file ${name}: ${answer.text}`);
        }
    }

    async import(type, name) {
        for (let asked = 0; asked < ASKED_MAX; asked += 1) {
            const { text: body } = await this.call('GET', type, 'import', { extra: `&filename=${encodeURI(name)}` });
            const word = firstWord(body);
            if (word === 'success') return body;
            if (word !== 'progress') throw new Error(word === 'failure' ? body : `неизвестный статус: ${body}`);
        }
        throw new Error(`${name}: всё ещё progress`);
    }

    // One conversation that carries files: { name: bytes }.
    async upload(type, files) {
        await this.checkauth(type);
        await this.init(type);
        for (const [name, bytes] of Object.entries(files)) await this.send(type, name, bytes);
        const answers = {};
        for (const name of Object.keys(files).filter((file) => file.endsWith('.xml')).sort()) {
            answers[name] = await this.import(type, name);
        }
        return answers;
    }

    // Downloads orders and checks them as the loading code would; they count only once success was said.
    async query() {
        const answer = await this.call('GET', 'sale', 'query');
        if (!answer.text.startsWith('<?xml')) throw new Error(`query: ${answer.text.slice(0, 200)}`);
        if (!/charset=utf-8/.test(answer.headers['content-type'])) throw new Error('query: кодировка не названа');
        const root = parse(answer.text);
        walk(root).forEach((node) => checkNode(node, root));
        const documents = all(root, 'Документ');
        documents.forEach(checkDocument);
        return documents;
    }

    async success() {
        const { text: body } = await this.call('GET', 'sale', 'success');
        if (firstWord(body) !== 'success') throw new Error(`success: ${body}`);
    }

    // A whole download, as the scheduled job does it: one bad document refuses all, and then nothing is confirmed.
    async download({ acknowledge = true } = {}) {
        await this.checkauth('sale');
        const documents = await this.query();
        if (!acknowledge) return documents;
        documents.forEach((document) => this.orders.set(text(document, 'Номер'), document));
        await this.success();
        return documents;
    }
}

function checkNode(node, root) {
    if ('xmlns' in node.attributes) throw new Error(`${node.name}: пространство имён`);
    if (node !== root && node.children.length === 0 && node.text === '') throw new Error(`${node.name}: пустой элемент`);
}

function checkDocument(document) {
    const number = text(document, 'Номер');
    for (const name of ['Ид', 'Номер', 'Дата', 'ХозОперация', 'Валюта', 'Сумма']) {
        if (!text(document, name)) throw new Error(`документ ${number}: нет ${name}`);
    }
    if ([...number].length > 11) throw new Error(`документ ${number}: номер длиннее 11 знаков`);
    if (text(document, 'ХозОперация').toLowerCase() !== 'заказ товара') throw new Error(`документ ${number}: не заказ`);
    if (!/^\d{4}-\d\d-\d\d$/.test(text(document, 'Дата'))) throw new Error(`документ ${number}: дата`);
    if (one(document, 'Склады')) throw new Error(`документ ${number}: Склады`);
    const counterparty = one(document, 'Контрагенты', 'Контрагент');
    for (const name of ['Ид', 'Наименование', 'Роль']) {
        if (!text(counterparty, name)) throw new Error(`документ ${number}: у контрагента нет ${name}`);
    }
    checkLines(document, number);
    const shipping = requisites(document)['Дата отгрузки'];
    if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(shipping)) throw new Error(`документ ${number}: дата отгрузки`);
}

// Units, coefficients and VAT rates are on all lines or on none: 1C does not forget them between lines.
function checkLines(document, number) {
    const lines = all(one(document, 'Товары') ?? { children: [] }, 'Товар');
    for (const name of ['Единица', 'Коэффициент', 'СтавкиНалогов']) {
        const having = lines.filter((line) => one(line, name)).length;
        if (having !== 0 && having !== lines.length) throw new Error(`документ ${number}: ${name} не во всех строках`);
    }
    const kopecks = (value) => Math.round(Number(value) * 100);
    const sum = lines.reduce((total, line) => total + kopecks(text(line, 'Сумма')), 0);
    if (sum !== kopecks(text(document, 'Сумма'))) throw new Error(`документ ${number}: сумма строк не равна сумме документа`);
    for (const line of lines) {
        if (!/^[0-9a-f-]{36}(#[0-9a-f-]{36})?$/.test(text(line, 'Ид'))) throw new Error(`документ ${number}: Ид товара`);
        if (!(Number(text(line, 'Количество')) > 0)) throw new Error(`документ ${number}: количество`);
    }
}

// node tests/exchange/profile_a.mjs PORT: fetches what waits, says which orders, and acknowledges them.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
    const documents = await new ProfileA({ port: Number(process.argv[2]) }).download();
    documents.forEach((document) => console.log(`${text(document, 'Номер')} ${text(document, 'Сумма')}`));
    console.log(`заказов: ${documents.length}`);
}
