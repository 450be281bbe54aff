// What a worker finds when it starts: the starter's script with some lines of a test in front, which take a browser's API away.

/** Puts a script in front of every worker's own; `also` says which workers, by a part of their address. */
export async function inWorkers(page, script, also = '') {
  await page.route(/\/engine-[0-9a-f]+\.js/, async (route) => {
    if (!route.request().url().includes(also)) return route.fallback();
    // A test may end while a worker that it doesn't wait for still begins.
    const response = await route.fetch().catch(() => undefined);
    if (!response) return;
    return route.fulfill({ response, body: `${script}\n${await response.text()}` });
  });
}

/** A property of the worker's scope, or of what stands there, that is something else. */
const instead = (of, name, value) => `Object.defineProperty(${of}, '${name}', { configurable: true, get() { ${value} } });`;

/** The ways in which a convenience of a browser may fail. */
export const LOCKS = {
  'are missing': instead('navigator', 'locks', 'return undefined;'),
  'throw where they are looked for': instead('navigator', 'locks', 'throw new DOMException("no", "SecurityError");'),
  'throw at once': instead('navigator', 'locks', 'return { request() { throw new DOMException("no", "SecurityError"); } };'),
  reject: instead('navigator', 'locks', 'return { request: () => Promise.reject(new DOMException("no", "SecurityError")) };'),
  'never answer': instead('navigator', 'locks', 'return { request: () => new Promise(() => {}) };'),
};

/** The same of the store, with what the page then says. */
export const STORES = {
  'is missing': [instead('self', 'indexedDB', 'return undefined;'), 'does not keep files'],
  'throws where it is looked for': [instead('self', 'indexedDB', 'throw new DOMException("no", "SecurityError");'), 'does not keep files'],
  'throws at once': [`IDBFactory.prototype.open = () => { throw new DOMException("no", "SecurityError"); };`, 'does not keep files'],
  'fails to open': [
    // A version that is too old is refused, as an event.
    `const open = IDBFactory.prototype.open; IDBFactory.prototype.open = function (name) {
      open.call(this, name + '-newer', 2); return open.call(this, name + '-newer', 1); };`,
    'does not keep files',
  ],
  'never answers': [`IDBFactory.prototype.open = () => new EventTarget();`, 'does not answer'],
  'has no room': [
    `IDBObjectStore.prototype.put = () => { throw new DOMException("full", "QuotaExceededError"); };`,
    'no room left',
  ],
  'finds at the end that it has no room': [
    `const put = IDBObjectStore.prototype.put; IDBObjectStore.prototype.put = function (...all) {
      const request = put.apply(this, all); request.addEventListener('success', () => this.transaction.abort()); return request; };`,
    // What is asked of a transaction that was aborted is refused with other words.
    /no room left|does not keep files/,
  ],
};
