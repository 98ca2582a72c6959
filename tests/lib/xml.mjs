// A strict little reader of XML for what the portal writes: elements, attributes, text, the five entities. It refuses
// everything else, so that a document it reads is one that 1C reads.

const NAME = /[\p{L}_][\p{L}\p{N}._-]*/uy;
const ENTITIES = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

class Reader {
    constructor(text) {
        this.text = text;
        this.at = 0;
    }

    fail(what) {
        throw new Error(`XML: ${what} at ${this.at}: ${JSON.stringify(this.text.slice(this.at, this.at + 40))}`);
    }

    eat(piece) {
        if (!this.text.startsWith(piece, this.at)) return false;
        this.at += piece.length;
        return true;
    }

    expect(piece) {
        if (!this.eat(piece)) this.fail(`no ${piece}`);
    }

    blank() {
        const start = this.at;
        while (' \t\r\n'.includes(this.text[this.at] ?? 'x')) this.at += 1;
        return this.at > start;
    }

    name() {
        NAME.lastIndex = this.at;
        const found = NAME.exec(this.text);
        if (!found) this.fail('no name');
        this.at = NAME.lastIndex;
        return found[0];
    }

    decoded(raw) {
        return raw.replace(/&([^;]*);?/g, (whole, entity) => {
            const char = ENTITIES[entity] ?? (/^#\d+$/.test(entity) ? String.fromCodePoint(entity.slice(1)) : undefined);
            return char ?? this.fail(`entity ${whole}`);
        });
    }

    attributes() {
        const attributes = {};
        while (this.blank() && !'>/?'.includes(this.text[this.at])) {
            const name = this.name();
            this.expect('="');
            const end = this.text.indexOf('"', this.at);
            if (name in attributes) this.fail(`attribute ${name} twice`);
            attributes[name] = this.decoded(this.text.slice(this.at, end));
            this.at = end + 1;
        }
        return attributes;
    }

    element() {
        this.expect('<');
        const node = { name: this.name(), attributes: this.attributes(), children: [], text: '' };
        if (this.eat('/>')) return node;
        this.expect('>');
        while (!this.text.startsWith('</', this.at)) {
            if (this.text[this.at] === '<') {
                node.children.push(this.element());
                continue;
            }
            const end = this.text.indexOf('<', this.at);
            if (end < 0) this.fail(`${node.name} is not closed`);
            node.text += this.decoded(this.text.slice(this.at, end));
            this.at = end;
        }
        this.expect('</');
        if (this.name() !== node.name) this.fail(`${node.name} is closed by another name`);
        this.expect('>');
        node.text = node.text.trim();
        return node;
    }

    document() {
        this.expect('<?xml');
        this.attributes();
        this.expect('?>');
        this.blank();
        const root = this.element();
        this.blank();
        if (this.at !== this.text.length) this.fail('something behind the root');
        return root;
    }
}

export const parse = (text) => new Reader(text).document();

export const all = (node, name) => node.children.filter((child) => child.name === name);
export const one = (node, ...names) => names.reduce((at, name) => at && all(at, name)[0], node);
export const text = (node, ...names) => one(node, ...names)?.text;

// Every element below, itself included.
export const walk = (node) => [node, ...node.children.flatMap(walk)];

// ЗначенияРеквизитов as an object.
export const requisites = (node) => Object.fromEntries(
    all(one(node, 'ЗначенияРеквизитов') ?? { children: [] }, 'ЗначениеРеквизита')
        .map((requisite) => [text(requisite, 'Наименование'), text(requisite, 'Значение')]),
);
