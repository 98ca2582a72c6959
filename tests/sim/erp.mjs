// 1C as it really is beside the portal: who has what of one item, in the warehouse and on the road. Orders of ours that it
// has taken, orders by phone, reserves, arrivals, shipments in parts; and the files it forms of that in its own time. It
// knows nothing of the portal's code.

import { dayText, envelope } from './world.mjs';

const CUSTOMER = '00000000-0000-4000-8000-00000000c0de';

export class Erp {
    // model: when 1C reserves for an order of ours: 'loading', 'approval' or 'never'. figures: 'physical' or 'free'.
    // tells: what it sends of reserves of ours: 'list', 'documents', 'both' or 'nothing'.
    constructor({ item, today, model, figures, tells, stock, receipts }) {
        Object.assign(this, { item, today, model, figures, tells, stock });
        this.receipts = receipts; // [{order, day, quantity}]
        this.orders = new Map(); // number -> {number, own, ordered, shipped, stock, receipts: {order: quantity}, day, shipments}
        this.second = 8 * 3600;
        this.lossAt = 0;
        this.seen = { rests: 0, supply: 0, reserves: 0, documents: 0 };
        this.phones = 0;
    }

    get now() {
        return this.today * 86_400 + this.second;
    }

    pass(seconds) {
        this.second += seconds;
        while (this.second >= 86_400) {
            this.second -= 86_400;
            this.today += 1;
        }
    }

    // --- what is whose ---

    open(order) {
        return order.ordered - order.shipped;
    }

    reserved(order) {
        return order.stock + Object.values(order.receipts).reduce((sum, quantity) => sum + quantity, 0);
    }

    reservedStock() {
        return [...this.orders.values()].reduce((sum, order) => sum + order.stock, 0);
    }

    reservedOf(receipt) {
        return [...this.orders.values()].reduce((sum, order) => sum + (order.receipts[receipt.order] ?? 0), 0);
    }

    // What a new promise for a day could stand on, by all that is true: what is reserved leaves its source, what is not is
    // wanted by its day.
    free(day) {
        const arrives = (s) => this.stock - this.reservedStock()
            + this.receipts.reduce((sum, receipt) => sum + (receipt.day <= s ? receipt.quantity - this.reservedOf(receipt) : 0), 0);
        const wanted = (s) => [...this.orders.values()].reduce((sum, order) => sum + (order.day <= s ? this.open(order) - this.reserved(order) : 0), 0);
        const days = [day, ...this.receipts.map((receipt) => receipt.day), ...[...this.orders.values()].map((order) => order.day), 1e6];
        return Math.max(0, Math.min(...days.filter((s) => s >= day).map((s) => arrives(s) - wanted(s))));
    }

    // --- what happens ---

    // The portal has promised it; 1C may not know of it yet.
    promised(number, quantity, day) {
        this.orders.set(number, { number, own: true, taken: false, ordered: quantity, shipped: 0, stock: 0, receipts: {}, day, shipments: [] });
    }

    taken(number) {
        const order = this.orders.get(number);
        if (!order || order.taken) return;
        this.pass(1);
        order.taken = true;
        order.guid = `1c-${number}`;
        if (this.model === 'loading' && this.tells === 'nothing') order.stock = order.ordered; // whether it lies there or not
        else if (this.model === 'loading') this.reserve(order);
    }

    // Stock first, then what comes by the day: as 1C does it, and not as the portal pegs.
    reserve(order) {
        this.pass(1);
        const wanted = () => this.open(order) - this.reserved(order);
        const some = Math.min(wanted(), Math.max(0, this.stock - this.reservedStock()));
        order.stock += some;
        for (const receipt of this.receipts) {
            if (receipt.day > order.day) continue;
            const more = Math.min(wanted(), receipt.quantity - this.reservedOf(receipt));
            if (more > 0) order.receipts[receipt.order] = (order.receipts[receipt.order] ?? 0) + more;
        }
    }

    // A customer on the phone gets what nobody was promised.
    phone(quantity, day) {
        const most = Math.min(quantity, this.free(this.today), this.stock - this.reservedStock());
        if (most <= 0) return null;
        this.phones += 1;
        const order = { number: `Т-${this.phones}`, own: false, taken: true, guid: `phone-${this.phones}`, ordered: most, shipped: 0, stock: 0, receipts: {}, day, shipments: [] };
        this.orders.set(order.number, order);
        this.reserve(order);
        this.pass(1);
        this.lossAt = this.now;
        return order;
    }

    arrive(receipt, quantity) {
        this.pass(1);
        const reserved = [...this.orders.values()].filter((order) => order.receipts[receipt.order]);
        receipt.quantity -= quantity;
        this.stock += quantity;
        for (const order of reserved) {
            const moves = Math.min(order.receipts[receipt.order], Math.max(0, this.reservedOf(receipt) - receipt.quantity));
            order.receipts[receipt.order] -= moves;
            order.stock += moves;
        }
        this.receipts = this.receipts.filter((entry) => entry.quantity > 0);
    }

    // What lies there and is nobody else's may leave.
    ship(order, quantity) {
        const most = Math.min(quantity, this.open(order), this.stock - this.reservedStock() + order.stock);
        if (most <= 0) return 0;
        this.pass(1);
        // What was to come for it and was taken from the stock instead is free again.
        const unreserved = this.open(order) - this.reserved(order);
        order.stock -= Math.min(order.stock, most);
        this.stock -= most;
        order.shipped += most;
        let over = this.reserved(order) - this.open(order);
        for (const name of Object.keys(order.receipts)) {
            const back = Math.min(Math.max(0, over), order.receipts[name]);
            order.receipts[name] -= back;
            over -= back;
        }
        if (unreserved < 0 || over > 0) throw new Error('1C reserves more than is ordered');
        // What left before the portal heard that it was somebody's is a loss like any other.
        if (!order.own && !order.heard) this.lossAt = this.now;
        order.shipments.push({ guid: `${order.number}-s${order.shipments.length + 1}`, quantity: most });
        return most;
    }

    cancel(order) {
        this.pass(1);
        order.cancelled = true;
        order.ordered = order.shipped;
        order.stock = 0;
        order.receipts = {};
    }

    // A receipt that did not come today comes tomorrow.
    punctual() {
        for (const receipt of this.receipts) receipt.day = Math.max(receipt.day, this.today + 1);
    }

    // --- what it says of it ---

    formed() {
        this.pass(1);
        const clock = [3600, 60, 1].map((unit, index) => String(Math.floor(this.second / unit) % (index ? 60 : 24)).padStart(2, '0'));
        return { stamp: this.now, text: `${dayText(this.today)}T${clock.join(':')}` };
    }

    file(kind) {
        const { stamp, text } = this.formed();
        return { kind, stamp, numbers: [...this.orders.keys()], xml: envelope(text, this[kind]()) };
    }

    rests() {
        const { id, warehouse } = this.item;
        const quantity = this.stock - (this.figures === 'free' ? this.reservedStock() : 0);
        return `<ПакетПредложений СодержитТолькоИзменения="true"><Ид>x#</Ид><ИдКаталога>x</ИдКаталога><Предложения><Предложение><Ид>${id}</Ид><Склад ИдСклада="${warehouse}" КоличествоНаСкладе="${quantity}"/></Предложение></Предложения></ПакетПредложений>`;
    }

    supply() {
        const { id, warehouse } = this.item;
        const rows = this.receipts.map((receipt) => `<Поступление><Ид>row-${receipt.order}</Ид><ИдЗаказаПоставщику>${receipt.order}</ИдЗаказаПоставщику><ИдТовара>${id}</ИдТовара><ИдСклада>${warehouse}</ИдСклада><ДатаПоступления>${dayText(receipt.day)}</ДатаПоступления><Количество>${receipt.quantity}</Количество>${this.figures === 'free' ? `<Зарезервировано>${this.reservedOf(receipt)}</Зарезервировано>` : ''}</Поступление>`);
        return `<ОжидаемыеПоступления СодержитТолькоИзменения="false">${rows.join('')}</ОжидаемыеПоступления>`;
    }

    sources(order) {
        return [['', order.stock], ...Object.entries(order.receipts)].filter(([, quantity]) => quantity > 0);
    }

    reserves() {
        const { id, warehouse } = this.item;
        const rows = [...this.orders.values()].filter((order) => !order.own || ['list', 'both'].includes(this.tells)).flatMap((order) => this.sources(order).map(([receipt, quantity]) => `<Резерв><Ид>${order.number}-${receipt || 'stock'}</Ид><ИдТовара>${id}</ИдТовара><ИдСклада>${warehouse}</ИдСклада><ИдКонтрагента>${order.own ? '' : CUSTOMER}</ИдКонтрагента><ИдЗаказа>${order.guid}</ИдЗаказа><НомерЗаказа>${order.number}</НомерЗаказа><Источник>${receipt ? 'ЗаказПоставщику' : 'Склад'}</Источник>${receipt ? `<ИдЗаказаПоставщику>${receipt}</ИдЗаказаПоставщику>` : ''}<Количество>${quantity}</Количество><ДатаОтгрузки>${dayText(order.day)}</ДатаОтгрузки></Резерв>`));
        return `<Резервы СодержитТолькоИзменения="false">${rows.join('')}</Резервы>`;
    }

    documents() {
        const { id, warehouse } = this.item;
        const goods = (quantity, more = '') => `<Товары><Товар><Ид>${id}</Ид><Количество>${quantity}</Количество>${more}</Товар></Товары>`;
        return [...this.orders.values()].filter((order) => order.own && order.taken).map((order) => {
            const rows = this.sources(order).map(([receipt, quantity]) => (receipt
                ? `<Строка Источник="ЗаказПоставщику" ИдЗаказаПоставщику="${receipt}" Количество="${quantity}"/>`
                : `<Строка Источник="Склад" ИдСклада="${warehouse}" Количество="${quantity}"/>`));
            const provision = ['list', 'nothing'].includes(this.tells) ? '' : `<Обеспечение>${rows.join('')}</Обеспечение>`;
            const shipments = order.shipments.map((shipment) => `<Документ><Ид>${shipment.guid}</Ид><ХозОперация>Отпуск товара</ХозОперация><Основание>${order.number}</Основание>${goods(shipment.quantity)}</Документ>`);
            const cancelled = `<ЗначенияРеквизитов><ЗначениеРеквизита><Наименование>Отменен</Наименование><Значение>${Boolean(order.cancelled)}</Значение></ЗначениеРеквизита></ЗначенияРеквизитов>`;
            return `<Контейнер><Документ><Ид>${order.guid}</Ид><Номер>${order.number}</Номер><ХозОперация>Заказ товара</ХозОперация>${goods(order.ordered, provision)}${cancelled}</Документ>${shipments.join('')}</Контейнер>`;
        }).join('');
    }

    // Whether the portal has heard everything there was since something was last taken away from it.
    told() {
        return ['rests', 'supply', 'reserves'].every((kind) => this.seen[kind] > this.lossAt);
    }

    delivered(file) {
        if (file.kind === 'reserves' && file.stamp > this.seen.reserves) for (const number of file.numbers) this.orders.get(number).heard = true;
        this.seen[file.kind] = Math.max(this.seen[file.kind], file.stamp);
    }
}
