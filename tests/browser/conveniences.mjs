// What a browser may not have: the one list of everything that the page and its workers use as a convenience, and four ways in which it
// may be taken away. The work goes on without each of them; `lost` is what the reader loses, and is told where a `said` stands.
//
// A new use of a browser's API that is not needed for computing and drawing is a new row here. In Rust it goes through
// crate/page/src/browser/optional.rs; conveniences.spec.mjs takes each row away.

/** The ways. */
export const WAYS = ['missing', 'throws', 'rejects', 'never answers'];

/**
 * The rows. `name` is where it is found from the global scope. `kind` is how it is used: an `object` whose methods answer by a promise or
 * at once, a `method`, a `constructor` whose instances call back, or a `value`. `callback` is where a method answers to. What is not used yet
 * stands here too, so that nobody comes to depend on it.
 */
export const CONVENIENCES = [
  { name: 'navigator.locks', kind: 'object', lost: 'a worker that was killed is noticed by its silence only' },
  { name: 'navigator.serviceWorker', kind: 'object', lost: 'opening without a network, and the offer of a newer version' },
  { name: 'navigator.clipboard', kind: 'object', lost: 'copying: the text is shown to be copied by hand', said: 'copy' },
  { name: 'navigator.connection', kind: 'object', lost: 'sparing a connection that is paid for' },
  { name: 'navigator.gpu', kind: 'object', lost: 'the WebGPU engine' },
  { name: 'navigator.storage', kind: 'object', lost: 'keeping a language model' },
  { name: 'localStorage', kind: 'object', sync: true, isUsed: false },
  { name: 'sessionStorage', kind: 'object', sync: true, lost: 'what was typed in the last moment before a reload' },
  { name: 'indexedDB', kind: 'object', sync: true, lost: 'keeping a trained model' },
  { name: 'caches', kind: 'object', lost: 'opening without a network' },
  { name: 'performance', kind: 'object', sync: true, lost: 'a clock that never runs backwards' },
  { name: 'crypto.subtle', kind: 'object', lost: 'opening without a network' },
  { name: 'history.pushState', kind: 'method', sync: true, lost: 'nothing: the part behind # is set instead' },
  { name: 'history.replaceState', kind: 'method', sync: true, lost: 'one entry of the history for a burst of typing' },
  { name: 'matchMedia', kind: 'method', sync: true, lost: 'following the system’s change of light and dark at once' },
  { name: 'print', kind: 'method', sync: true, lost: 'the button for a handout', said: 'print' },
  { name: 'requestAnimationFrame', kind: 'method', sync: true, ways: ['missing', 'throws'], lost: 'drawing in step with the screen' },
  { name: 'requestIdleCallback', kind: 'method', sync: true, lost: 'nothing: a timer stands in' },
  { name: 'URL.createObjectURL', kind: 'method', sync: true, lost: 'saving files', said: 'save' },
  { name: 'HTMLCanvasElement.prototype.toBlob', kind: 'method', sync: true, callback: 0, lost: 'saving PNG files', said: 'picture' },
  { name: 'navigator.share', kind: 'method', isUsed: false },
  { name: 'HTMLElement.prototype.requestFullscreen', kind: 'method', lost: 'the whole screen for a presentation' },
  { name: 'ResizeObserver', kind: 'constructor', lost: 'drawing anew at the very moment in which a box changes its size' },
  { name: 'IntersectionObserver', kind: 'constructor', lost: 'drawing what is seen before what is not' },
  { name: 'MessageChannel', kind: 'constructor', ways: ['missing', 'throws', 'never answers'], lost: 'hearing at once that an answer is not wanted any more' },
  { name: 'BroadcastChannel', kind: 'constructor', lost: 'stepping in two windows at once: the one with the notes says so' },
  { name: 'open', kind: 'method', sync: true, lost: 'the notes of a lesson in a second window' },
  { name: 'document.hidden', kind: 'value', lost: 'asking for a newer version when the reader comes back' },
  { name: 'devicePixelRatio', kind: 'value', lost: 'figures as fine as the screen' },
];

/** The ways in which a row can be taken away. */
export const waysOf = (row) => row.ways ?? WAYS;

/** Takes rows away in one way. It runs in a page, or in a worker, before anything else, and stands for itself: nothing outside is in reach. */
export function takeAway({ rows, way }) {
  const refusal = () => new DOMException('The operation is insecure.', 'SecurityError');
  const refuse = () => {
    throw refusal();
  };
  const mute = () => ({ postMessage() {}, close() {} });
  const answers = {
    // What answers at once has no promise to reject: it throws when it is used, not when it is read.
    rejects: (row) => (...given) => {
      if (row.callback !== undefined) return given[row.callback](null);
      return row.sync ? refuse() : Promise.reject(refusal());
    },
    'never answers': (row) => () => (row.sync ? undefined : new Promise(() => {})),
  };
  const kinds = {
    object: (row) => new Proxy({}, { get: (_, key) => (typeof key === 'symbol' || key === 'then' ? undefined : answers[way](row)) }),
    method: (row) => (way === 'throws' ? refuse : answers[way](row)),
    constructor: () => (way === 'never answers' ? class { port1 = mute(); port2 = mute(); observe() {} unobserve() {} disconnect() {} } : class { constructor() { refuse(); } }),
    value: () => (way === 'rejects' ? NaN : 0),
  };
  for (const row of rows) {
    const path = row.name.split('.');
    const name = path.pop();
    const owner = path.reduce((found, part) => found?.[part], globalThis);
    // A worker has less than a page.
    if (!owner || !(name in owner)) continue;
    if (way === 'missing') Object.defineProperty(owner, name, { configurable: true, value: undefined });
    else if (way === 'throws' && row.kind !== 'method' && row.kind !== 'constructor') Object.defineProperty(owner, name, { configurable: true, get: refuse });
    else Object.defineProperty(owner, name, { configurable: true, writable: true, value: kinds[row.kind](row) });
  }
}
