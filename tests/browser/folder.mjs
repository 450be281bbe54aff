// What the benchmarks share: a server of files that answers this machine alone, and a browser.
import { chromium } from '@playwright/test';
import { createServer } from 'node:http';

const TYPES = { html: 'text/html', js: 'text/javascript', mjs: 'text/javascript', wasm: 'application/wasm' };

/** Serves what `read` finds for the path of an address, until the server is closed: a body, or a rejection where there is none. It may set headers. */
export async function serve(read) {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    const type = pathname.endsWith('/') ? TYPES.html : TYPES[pathname.split('.').pop()] ?? 'application/octet-stream';
    try {
      const body = await read(pathname, response);
      response.writeHead(200, { 'content-type': type }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  return { origin: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

/** A browser with these arguments: as root, Chromium starts without its sandbox alone. */
export const launch = (args = []) =>
  chromium.launch({ executablePath: process.env.CHROME, args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), ...args] });
