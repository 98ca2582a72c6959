// Files that the demo's 1C could send later: stock and receipts of the example item, changed.

import { readFileSync } from 'node:fs';
import path from 'node:path';

import { EXAMPLE } from './demo.mjs';

const packageOf = (data, name) => readFileSync(path.join(data, 'packages', name), 'utf8');

// Where the example lies, as the demo's own files say.
export function example(data) {
    const offers = packageOf(data, 'offers0_1.xml');
    const at = offers.indexOf(`<Артикул>${EXAMPLE}</Артикул>`);
    const id = /<Ид>([^<]+)<\/Ид>(?![\s\S]*<Ид>)/.exec(offers.slice(0, at))[1];
    return { id, warehouse: /ИдСклада="([^"]+)" КоличествоНаСкладе="50"/.exec(offers.slice(at))[1] };
}

export const rests = (data, formed, quantity) => {
    const { id, warehouse } = example(data);
    return `<?xml version="1.0" encoding="UTF-8"?>
<КоммерческаяИнформация ВерсияСхемы="2.07" ДатаФормирования="${formed}"><ПакетПредложений СодержитТолькоИзменения="true">
<Ид>x#</Ид><Наименование>Остатки</Наименование><ИдКаталога>x</ИдКаталога><Предложения><Предложение><Ид>${id}</Ид>
<Склад ИдСклада="${warehouse}" КоличествоНаСкладе="${quantity}"/></Предложение></Предложения>
</ПакетПредложений></КоммерческаяИнформация>`;
};

// The demo's own list of receipts, formed at another time, with the example's receipt changed or gone.
export const supply = (data, formed, change) => {
    const { id } = example(data);
    const text = packageOf(data, 'supply.xml').replace(/ДатаФормирования="[^"]+"/, `ДатаФормирования="${formed}"`);
    return text.replace(/<Поступление>[\s\S]*?<\/Поступление>/g, (receipt) => (receipt.includes(id) ? change(receipt) : receipt));
};
export const gone = () => '';
export const on = (day) => (receipt) => receipt.replace(/<ДатаПоступления>[^<]+/, `<ДатаПоступления>${day}`);

// What 1C calls that receipt, as the portal keeps it.
export function receiptId(data) {
    const { id } = example(data);
    const receipt = packageOf(data, 'supply.xml').split('<Поступление>').find((text) => text.includes(id));
    return `${/<Ид>([^<]+)<\/Ид>/.exec(receipt)[1]}|${id}`;
}
