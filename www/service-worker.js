// Keeps the site in the browser, so that it opens without a network, and never mixes two versions of it.
//
// `cargo xtask build` writes the three lists below: the name of every file with the SHA-256 of what it holds. A file is kept under
// both, so that a lookup can only find the content that this version was built with; whatever else a server or a cache may send
// is refused. What two versions have in common is fetched once.

// The page and the CPU engine: fetched when this version is installed.
const AT_ONCE = {};
// Weights, the gallery, licences: fetched one by one once a page says that it is idle, or earlier, when they are asked for.
const IN_IDLE = {};
// The WebGPU engine, which most browsers have no use for: fetched when it is asked for, and then kept.
const ON_DEMAND = {};

const DIGESTS = new Map(Object.entries({ ...AT_ONCE, ...IN_IDLE, ...ON_DEMAND }));

// One cache for each folder that Glasses is served from: a host may hold several.
const CACHE = `glasses ${registration.scope}`;

// How long the browser may look for what it keeps before the network is asked too.
const PATIENCE_MS = 4000;
const LATE = Symbol('late');

addEventListener('install', (event) => event.waitUntil(install()));
addEventListener('activate', (event) => event.waitUntil(forgetOthers()));
addEventListener('message', (event) => {
  if (event.data === 'SKIP_WAITING') skipWaiting();
  if (event.data === 'KEEP_ALL') event.waitUntil(keepAll());
});

addEventListener('fetch', (event) => {
  const name = nameOf(event.request);
  if (DIGESTS.has(name)) event.respondWith(answer(name, event));
});

/** The file that is asked for, whatever stands behind its `?`. */
function nameOf({ url, method }) {
  const address = url.split(/[?#]/)[0];
  if (method !== 'GET' || !address.startsWith(registration.scope)) return undefined;
  return address.slice(registration.scope.length) || 'index.html';
}

/** Where a file of this version is kept. */
const keyOf = (name) => `${registration.scope}${name}?sha256=${DIGESTS.get(name)}`;

/** Fails where a file does not come, or is not this version's: then the version before stays. */
async function install() {
  await Promise.all(Object.keys(AT_ONCE).map(bring));
}

/** The rest, one file after the other, so that nobody waits for it; what does not come is asked for at the next visit. */
async function keepAll() {
  // What chapters compute with, before what is only looked at.
  const isWeights = (name) => name.startsWith('weights/');
  const names = Object.keys(IN_IDLE).sort((one, other) => isWeights(other) - isWeights(one));
  for (const name of names) await bring(name).catch(() => {});
}

/** Keeps a file, unless it is kept. */
async function bring(name) {
  const cache = await caches.open(CACHE);
  if (!(await cache.match(keyOf(name)))) await cache.put(keyOf(name), await fetched(name));
}

/** A file as the browser's own cache has it from loading the page, or else as the server has it. */
async function fetched(name) {
  // Some hosts answer `index.html` with a redirection, and a page can't be opened from one.
  const address = name === 'index.html' ? './' : name;
  for (const cache of ['default', 'reload']) {
    const response = await fetch(address, { cache });
    const bytes = await response.arrayBuffer();
    if (response.ok && (await isRight(name, bytes))) return kept(response, bytes);
  }
  throw new NotOurs(name);
}

/**
 * What is kept, or else what the server has, which is kept from then on. A browser whose store fails has nothing kept; one that takes
 * long to look is waited for where the network has nothing either.
 */
async function answer(name, event) {
  const looking = lookUp(name);
  const found = await Promise.race([looking, later(PATIENCE_MS, LATE)]).catch(() => undefined);
  if (found && found !== LATE) return found;
  const { url, mode } = event.request;
  const isPage = mode === 'navigate' && name === 'index.html';
  // A browser threw this version away. No other version's page may be given to it, so it goes too, and the browser asks again.
  if (isPage && found !== LATE) return afresh(url);
  const fromServer = isPage ? page(url) : file(name, event);
  return fromServer.catch(async (error) => {
    const kept = await looking.catch(() => undefined);
    if (kept) return kept;
    throw error;
  });
}

async function lookUp(name) {
  const cache = await caches.open(CACHE);
  return cache.match(keyOf(name));
}

/** The page as the server has it, if it is of this version. */
async function page(url) {
  try {
    return await fetched('index.html');
  } catch (error) {
    if (error instanceof NotOurs) return afresh(url);
    throw error;
  }
}

/** The worker goes, and the browser asks again without it. */
async function afresh(url) {
  await Promise.race([registration.unregister(), later(PATIENCE_MS)]);
  return Response.redirect(url);
}

async function file(name, event) {
  const { url } = event.request;
  // Without a network, what the browser's own cache still has from before this worker was there.
  const response = await fetch(url, { cache: 'no-cache' }).catch(() => fetch(url, { cache: 'force-cache' }));
  if (!response.ok || !response.body) return response;
  const { readable, writable } = new TransformStream();
  const keep = async (bytes) => (await caches.open(CACHE)).put(keyOf(name), kept(response, bytes));
  event.waitUntil(pass(name, response.body.getReader(), writable.getWriter(), keep));
  return new Response(readable, { headers: response.headers });
}

/** Passes a file on piece by piece, so that its progress can be shown; breaks off at the end of one that is not this version's. */
async function pass(name, from, to, keep) {
  const pieces = [];
  try {
    for (let { done, value } = await from.read(); !done; { done, value } = await from.read()) {
      pieces.push(value);
      await to.write(value);
    }
    const bytes = await new Blob(pieces).arrayBuffer();
    if (!(await isRight(name, bytes))) throw new NotOurs(name);
    // A browser that has no room for it, or does not say whether it has, still shows it.
    await Promise.race([keep(bytes), later(PATIENCE_MS)]).catch(() => {});
    await to.close();
  } catch (error) {
    await Promise.allSettled([to.abort(error), from.cancel(error)]);
  }
}

/** What came is of another version. */
class NotOurs extends Error {
  constructor(name) {
    super(`${name} is not the file of this version`);
  }
}

const later = (ms, what) => new Promise((done) => setTimeout(done, ms, what));

async function isRight(name, bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('') === DIGESTS.get(name);
}

/** A response without what belonged to its journey: how it was packed, where it was redirected from. */
function kept(response, bytes) {
  const type = response.headers.get('content-type') ?? 'application/octet-stream';
  return new Response(bytes, { headers: { 'content-type': type, 'content-length': String(bytes.byteLength) } });
}

/** Removes what other versions kept; their pages are gone by now, or load again at once. */
async function forgetOthers() {
  const cache = await caches.open(CACHE);
  const ours = new Set(Array.from(DIGESTS.keys(), keyOf));
  const others = (await cache.keys()).filter(({ url }) => !ours.has(url));
  await Promise.all(others.map((key) => cache.delete(key)));
}
