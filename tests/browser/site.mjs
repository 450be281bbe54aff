// A host of the built site that a spec has in its hands: in a folder, with a second version, or gone.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

const DIST = fileURLToPath(new URL('../../dist/', import.meta.url));
const FOLDER = '/some/where/';
const TYPES = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript',
  css: 'text/css',
  wasm: 'application/wasm',
  webmanifest: 'application/manifest+json',
  svg: 'image/svg+xml',
  png: 'image/png',
};

/** A file of the built site. */
export const built = (name) => readFile(join(DIST, name));

/** The names of the built files in a folder of the site. */
export const filesOf = async (folder) => (await readdir(join(DIST, folder))).map((name) => `${folder}/${name}`);

/** Serves the built site until it is closed; `changed` holds what other versions have in the place of its files. */
export async function host() {
  const changed = new Map();
  const asked = [];
  const server = createServer(async (request, response) => {
    const path = request.url.split('?')[0];
    const name = path.slice(FOLDER.length) || 'index.html';
    if (site.cut(name)) {
      request.socket.destroy();
      return;
    }
    asked.push(name);
    const body = path.startsWith(FOLDER) ? changed.get(name) ?? (await built(name).catch(() => undefined)) : undefined;
    const type = TYPES[name.split('.').pop()] ?? 'application/octet-stream';
    // As GitHub Pages has it: a browser may trust its cache for ten minutes.
    if (body === undefined) response.writeHead(404).end();
    else response.writeHead(200, { 'content-type': type, 'cache-control': 'max-age=600' }).end(body);
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  const site = {
    address: `http://127.0.0.1:${server.address().port}${FOLDER}`,
    changed,
    /** The names of all files that were asked for, in order. */
    asked,
    /** Whether the network is gone for the file of this name. */
    cut: () => false,
    close: () => new Promise((closed) => {
      server.close(closed);
      server.closeAllConnections();
    }),
  };
  return site;
}

/** A next version with another page: the page itself, and the service worker that lists it. */
export async function nextVersion() {
  const page = await built('index.html');
  const next = Buffer.from(page.toString().replace('<title>', '<title>Next: '));
  const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
  const worker = (await built('service-worker.js')).toString();
  return { 'index.html': next, 'service-worker.js': Buffer.from(worker.replace(sha256(page), sha256(next))) };
}
