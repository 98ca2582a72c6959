// A small HTTP client for tests: node:http, because fetch sets Host, Origin and Sec-Fetch-* by itself, and raw
// sockets for what no honest client would send. It follows nothing and retries nothing.

import http from 'node:http';
import net from 'node:net';

// A server that says nothing for so long has failed the test.
const PATIENCE_MS = 30_000;

// The cookies of one browser: names and values alone, for tests that talk to one host.
export class Jar {
    #cookies = new Map();

    take(lines = []) {
        for (const line of lines) {
            const [pair, ...attributes] = line.split(';').map((part) => part.trim());
            const at = pair.indexOf('=');
            const gone = attributes.some((attribute) => /^max-age=0$/i.test(attribute));
            if (gone) this.#cookies.delete(pair.slice(0, at));
            else this.#cookies.set(pair.slice(0, at), pair.slice(at + 1));
        }
    }

    get(name) {
        return this.#cookies.get(name);
    }

    header() {
        return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    }
}

// What came back: status, headers (names in lower case), the body as bytes, text and, where it is some, JSON.
class Answer {
    constructor(message, bytes) {
        this.status = message.statusCode;
        this.headers = message.headers;
        this.bytes = bytes;
    }

    get text() {
        return this.bytes.toString('utf8');
    }

    get json() {
        return JSON.parse(this.text);
    }
}

// One user agent: an address, the name it calls the server by, cookies, and headers for every request. `check` looks at each
// answer and throws where it is not as it should be.
export class Client {
    constructor({ port, address = '127.0.0.1', host = 'localhost', headers = {}, jar = new Jar(), check = () => {} }) {
        Object.assign(this, { port, address, host, headers, jar, check });
        this.agent = new http.Agent({ keepAlive: true, maxSockets: 8 });
    }

    // The same server under the same name, as somebody else.
    another(changes = {}) {
        const { port, address, host, headers, check } = this;
        return new Client({ port, address, host, headers, check, ...changes });
    }

    // body: a string or bytes as they are, anything else as JSON; undefined: none.
    request(method, path, { host = this.host, headers = {}, body } = {}) {
        const isJson = body !== undefined && typeof body !== 'string' && !ArrayBuffer.isView(body);
        const bytes = body === undefined ? undefined : Buffer.from(isJson ? JSON.stringify(body) : body);
        const cookie = this.jar.header();
        const sent = {
            Host: host,
            ...(isJson && { 'Content-Type': 'application/json' }),
            ...(bytes && { 'Content-Length': bytes.length }),
            ...(cookie && { Cookie: cookie }),
            ...this.headers,
            ...headers,
        };
        const options = {
            method, path, headers: sent, host: this.address, port: this.port, agent: this.agent, timeout: PATIENCE_MS,
        };
        return new Promise((resolve, reject) => {
            const request = http.request(options, (message) => {
                const pieces = [];
                message.on('data', (piece) => pieces.push(piece));
                message.on('error', reject);
                message.on('end', () => {
                    this.jar.take(message.headers['set-cookie']);
                    const answer = new Answer(message, Buffer.concat(pieces));
                    try {
                        this.check(method, path, answer);
                        resolve(answer);
                    } catch (error) {
                        reject(error);
                    }
                });
            });
            request.on('error', reject);
            request.on('timeout', () => request.destroy(new Error(`${method} ${path}: no answer`)));
            request.end(bytes);
        });
    }

    get(path, options) {
        return this.request('GET', path, options);
    }

    post(path, body, options) {
        return this.request('POST', path, { ...options, body });
    }

    patch(path, body, options) {
        return this.request('PATCH', path, { ...options, body });
    }

    delete(path, options) {
        return this.request('DELETE', path, options);
    }

    close() {
        this.agent.destroy();
    }
}

// Sends the pieces as they are, one write each, and returns every byte that comes back until the server ends the
// connection, as latin1 text, so that it can be compared byte by byte.
export function raw({ port, address = '127.0.0.1' }, ...pieces) {
    return new Promise((resolve, reject) => {
        const socket = net.connect({ port, host: address, noDelay: true });
        let text = '';
        const end = () => {
            socket.destroy();
            resolve(text);
        };
        socket.setEncoding('latin1');
        socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error(`the connection stays open behind: ${text}`)));
        socket.on('data', (piece) => { text += piece; });
        socket.on('end', end);
        // A server that has answered need not read what else was sent.
        socket.on('error', (error) => (['ECONNRESET', 'EPIPE'].includes(error.code) ? end() : reject(error)));
        socket.on('connect', () => pieces.forEach((piece) => socket.write(Buffer.from(piece, 'latin1'))));
    });
}
