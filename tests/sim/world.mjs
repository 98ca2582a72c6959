// The world outside the portal, as it really is: what lies in the warehouse, what is on the road, and a 1C that knows it and
// reports it in files of its own time, late and in any order. It knows nothing of the portal's code.

const DAY_MS = 86_400_000;

export const dayText = (day) => new Date(day * DAY_MS).toISOString().slice(0, 10);
export const dayOf = (text) => Date.parse(`${text}T00:00:00Z`) / DAY_MS;

// Quantities here are whole units; the portal counts thousandths.
export const UNIT = 1000;

// The numbers of one seed, the same on every machine.
export class Dice {
    constructor(seed) {
        this.state = (seed * 2654435761) % 4294967296;
    }

    next() {
        this.state = (this.state + 0x6d2b79f5) % 4294967296;
        let mixed = this.state;
        mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
        mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
    }

    below(bound) {
        return Math.floor(this.next() * bound);
    }

    between(least, most) {
        return least + this.below(most - least + 1);
    }

    chance(percent) {
        return this.below(100) < percent;
    }

    pick(list) {
        return list[this.below(list.length)];
    }
}

let receiptNumber = 0;

export class World {
    // items: [{sku, id, pack, warehouse, other (where nothing of it lies), stock, receipts: [{id, day, quantity}]}]
    constructor(items, today) {
        this.today = today;
        this.second = 8 * 3600;
        this.items = items.map((item) => ({ ...item, receipts: item.receipts.map((receipt) => ({ ...receipt, said: receipt.day })), lossAt: 0, damageAt: 0, arrivalAt: 0, masked: false }));
        this.seen = new Map(items.map((item) => [item.sku, { rests: 0, supply: 0 }]));
    }

    // 1C's own clock, in seconds; no two things happen in one.
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

    total(item) {
        return item.stock + item.receipts.reduce((sum, receipt) => sum + receipt.quantity, 0);
    }

    // Something there is less of than 1C said before: until it has told so, more may be promised than there is.
    lose(item) {
        this.pass(1);
        item.lossAt = this.now;
    }

    // Whether the portal has been told everything about the item since it last lost something.
    told(item) {
        const seen = this.seen.get(item.sku);
        return seen.rests > item.lossAt && seen.supply > item.lossAt && !item.masked;
    }

    // --- what happens, by the dice; each returns what it was, for the history ---

    arrive(dice, item) {
        const receipt = dice.pick(item.receipts);
        if (!receipt) return 'nothing to arrive';
        this.pass(1);
        item.arrivalAt = this.now;
        const quantity = dice.chance(30) ? dice.between(1, receipt.quantity) : receipt.quantity;
        receipt.quantity -= quantity;
        item.stock += quantity;
        item.receipts = item.receipts.filter((entry) => entry.quantity > 0);
        return `${quantity} of ${item.sku} arrive`;
    }

    slip(dice, item) {
        const receipt = dice.pick(item.receipts);
        if (!receipt) return 'nothing to slip';
        receipt.day = Math.max(this.today, receipt.day + dice.pick([-3, -1, 1, 2, 5, 9]));
        return `a receipt of ${item.sku} moves to ${dayText(receipt.day)}`;
    }

    shrink(dice, item) {
        const receipt = dice.pick(item.receipts);
        if (!receipt) return 'nothing to shrink';
        receipt.quantity -= dice.between(1, receipt.quantity);
        item.receipts = item.receipts.filter((entry) => entry.quantity > 0);
        this.lose(item);
        return `a receipt of ${item.sku} shrinks`;
    }

    damage(dice, item) {
        if (item.stock === 0) return 'nothing to damage';
        item.stock -= dice.between(1, Math.min(item.stock, 12));
        this.lose(item);
        item.damageAt = this.now;
        return `stock of ${item.sku} falls to ${item.stock}`;
    }

    find(dice, item) {
        item.stock += dice.between(1, 6);
        return `stock of ${item.sku} is found to be ${item.stock}`;
    }

    order(dice, item) {
        receiptNumber += 1;
        const day = this.today + dice.between(1, 15);
        item.receipts.push({ id: `sim-receipt-${receiptNumber}`, day, quantity: dice.between(5, 60) });
        return `a receipt of ${item.sku} is ordered for ${dayText(day)}`;
    }

    // --- what 1C says of it: files formed now, delivered by whoever takes them ---

    formed() {
        this.pass(1);
        const clock = [3600, 60, 1].map((unit, index) => String(Math.floor(this.second / unit) % (index ? 60 : 24)).padStart(2, '0'));
        return { stamp: this.now, text: `${dayText(this.today)}T${clock.join(':')}` };
    }

    rests() {
        const { stamp, text } = this.formed();
        const offers = this.items.map((item) => `<Предложение><Ид>${item.id}</Ид><Склад ИдСклада="${item.warehouse}" КоличествоНаСкладе="${item.stock}"/><Склад ИдСклада="${item.other}" КоличествоНаСкладе="0"/></Предложение>`);
        return { kind: 'rests', stamp, xml: envelope(text, `<ПакетПредложений СодержитТолькоИзменения="true"><Ид>x#</Ид><ИдКаталога>x</ИдКаталога><Предложения>${offers.join('')}</Предложения></ПакетПредложений>`) };
    }

    supply() {
        const { stamp, text } = this.formed();
        const receipts = this.items.flatMap((item) => item.receipts.map((receipt) => `<Поступление><Ид>${receipt.id}</Ид><ИдТовара>${item.id}</ИдТовара><ИдСклада>${item.warehouse}</ИдСклада><ДатаПоступления>${dayText(receipt.day)}</ДатаПоступления><Количество>${receipt.quantity}</Количество></Поступление>`));
        return { kind: 'supply', stamp, xml: envelope(text, `<ОжидаемыеПоступления СодержитТолькоИзменения="false">${receipts.join('')}</ОжидаемыеПоступления>`) };
    }

    // A loss and an arrival between two stock figures may hide each other: no rise is seen, and until the next list of
    // receipts nobody can know. That is the one history in which the portal cannot be right.
    delivered(file) {
        for (const item of this.items) {
            const seen = this.seen.get(item.sku);
            if (file.stamp <= seen[file.kind]) continue;
            if (file.kind === 'rests' && item.damageAt > seen.rests && item.arrivalAt > seen.supply) item.masked = true;
            if (file.kind === 'supply' && file.stamp > item.arrivalAt) item.masked = false;
            seen[file.kind] = file.stamp;
        }
    }
}

export const envelope = (formed, body) => `<?xml version="1.0" encoding="UTF-8"?>\n<КоммерческаяИнформация ВерсияСхемы="2.07" ДатаФормирования="${formed}">${body}</КоммерческаяИнформация>`;

// What a new promise may stand on, by the definition alone: F* of the portal's own view of a pool.
export function free(pool, day, today) {
    if (day < today) return 0;
    const arrives = (s) => pool.supplies.reduce((sum, supply) => sum + (!supply.doubtful && supply.day <= s ? supply.gross - supply.firm : 0), 0);
    const promised = (s) => [...pool.lines, ...pool.firms.filter((firm) => firm.suspended)]
        .reduce((sum, line) => sum + (line.day <= s ? line.quantity : 0), 0);
    const days = [day, ...pool.lines.map((line) => line.day), ...pool.firms.map((firm) => firm.day)].filter((s) => s >= day);
    return Math.max(0, Math.min(...days.map((s) => arrives(s) - promised(s))));
}
