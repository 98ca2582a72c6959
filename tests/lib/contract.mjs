// Holds answers against the contract as the server serves it: the status is one the operation names, and the body has the
// fields, types and forms of its schema. Only as much of JSON Schema as the contract uses; a word it does not know fails.

import assert from 'node:assert/strict';

// Any request may meet these: the session, the role, the body's form, where it came from, a server that is busy.
const ANY = [400, 401, 403, 405, 413, 415, 421, 429, 500, 503];

const TYPES = {
    null: (value) => value === null,
    string: (value) => typeof value === 'string',
    integer: (value) => Number.isInteger(value),
    boolean: (value) => typeof value === 'boolean',
    array: (value) => Array.isArray(value),
    object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
};
const FORMATS = { 'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/ };
const IDLE = new Set(['description', 'summary', 'example', 'default']);

// The words of a schema: each gives what is wrong with a value, or nothing.
const WORDS = {
    $ref: (contract, name, value, at) => contract.wrong(contract.resolve(name), value, at),
    type: (contract, types, value, at) => [types].flat().some((type) => TYPES[type](value)) ? [] : [`${at} is no ${[types].flat().join(' or ')}`],
    enum: (contract, values, value, at) => values.includes(value) ? [] : [`${at} is ${JSON.stringify(value)}, none of ${values.join(', ')}`],
    pattern: (contract, pattern, value, at) => typeof value !== 'string' || new RegExp(pattern, 'u').test(value) ? [] : [`${at} is ${JSON.stringify(value)}`],
    format: (contract, format, value, at) => typeof value !== 'string' || FORMATS[format].test(value) ? [] : [`${at} is no ${format}`],
    required: (contract, names, value, at) => TYPES.object(value) ? names.filter((name) => !(name in value)).map((name) => `${at} lacks ${name}`) : [],
    properties: (contract, properties, value, at) => TYPES.object(value)
        ? Object.entries(properties).flatMap(([name, schema]) => name in value ? contract.wrong(schema, value[name], `${at}/${name}`) : []) : [],
    additionalProperties: (contract, schema, value, at, whole) => TYPES.object(value)
        ? Object.keys(value).filter((name) => !(name in (whole.properties ?? {}))).flatMap((name) => schema === false ? [`${at} has ${name}`]
            : schema === true ? [] : contract.wrong(schema, value[name], `${at}/${name}`)) : [],
    items: (contract, schema, value, at) => Array.isArray(value) ? value.flatMap((item, index) => contract.wrong(schema, item, `${at}/${index}`)) : [],
    minItems: (contract, least, value, at) => !Array.isArray(value) || value.length >= least ? [] : [`${at} has ${value.length} items`],
    maxItems: (contract, most, value, at) => !Array.isArray(value) || value.length <= most ? [] : [`${at} has ${value.length} items`],
    minLength: (contract, least, value, at) => typeof value !== 'string' || [...value].length >= least ? [] : [`${at} is short`],
    maxLength: (contract, most, value, at) => typeof value !== 'string' || [...value].length <= most ? [] : [`${at} is long`],
    minimum: (contract, least, value, at) => typeof value !== 'number' || value >= least ? [] : [`${at} is ${value}`],
    maximum: (contract, most, value, at) => typeof value !== 'number' || value <= most ? [] : [`${at} is ${value}`],
    allOf: (contract, schemas, value, at) => schemas.flatMap((schema) => contract.wrong(schema, value, at)),
    anyOf: (contract, schemas, value, at) => schemas.some((schema) => contract.wrong(schema, value, at).length === 0) ? [] : [`${at} fits none`],
    oneOf: (contract, schemas, value, at) => schemas.filter((schema) => contract.wrong(schema, value, at).length === 0).length === 1 ? [] : [`${at} fits none or several`],
};

export class Contract {
    constructor(document) {
        this.document = document;
        // /orders/{id} before it is asked for, /orders/x after.
        this.paths = Object.entries(document.paths).map(([path, methods]) => ({
            form: new RegExp(`^/api/v1${path.replace(/[.]/g, '\\.').replace(/\{[a-z]+\}/g, '[^/]+')}$`), methods,
        }));
    }

    resolve(reference) {
        return reference.slice(2).split('/').reduce((node, name) => node[name], this.document);
    }

    // What is wrong with a value, in sentences.
    wrong(schema, value, at = '') {
        return Object.entries(schema).flatMap(([word, said]) => {
            if (IDLE.has(word)) return [];
            assert.ok(WORDS[word], `the contract says ${word}, which is not understood here`);
            return WORDS[word](this, said, value, at, schema);
        });
    }

    operationOf(method, url) {
        const { pathname } = new URL(url, 'http://localhost');
        return this.paths.find(({ form }) => form.test(pathname))?.methods[method === 'HEAD' ? 'get' : method.toLowerCase()];
    }

    // Fails where an answer is not what the contract says of it; what is no operation of the contract is not looked at.
    check(method, url, answer) {
        const operation = this.operationOf(method, url);
        if (!operation) return;
        const what = `${method} ${url} answered ${answer.status}`;
        let said = operation.responses[answer.status] ?? (ANY.includes(answer.status) ? { $ref: '#/components/responses/Problem' } : null);
        assert.ok(said, `${what}, which the contract does not name for ${operation.operationId}`);
        if (said.$ref) said = this.resolve(said.$ref);
        const [[type, { schema }] = []] = Object.entries(said.content ?? {}).length ? Object.entries(said.content) : [[undefined, {}]];
        if (!schema || method === 'HEAD') return;
        assert.equal(answer.headers['content-type'].split(';')[0], type, what);
        assert.deepEqual(this.wrong(schema, answer.json), [], what);
    }
}
