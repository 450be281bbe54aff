// Starts an engine within a worker, holding a lock by which the page notices the worker's end, however it comes about.
//
// A worker that was killed says nothing, and one that is busy says nothing either; the lock tells the two apart. Where there is no lock to
// be had (a page that is not served securely, a frame that may keep nothing), the page is told so and goes by the time that passes.

// How long a lock is waited for, in milliseconds: nobody else wants it, so it comes at once or not at all.
const PATIENCE = 1000;

// What an engine throws where nobody waits for it would stay within the worker; as an error it reaches the page.
addEventListener("unhandledrejection", (event) => reportError(event.reason));

/** Whether the lock of this worker's name is held: for as long as the worker lives, if so. */
const held = new Promise((resolve) => {
  setTimeout(() => resolve(false), PATIENCE);
  try {
    const request = navigator.locks.request(self.name, () => {
      resolve(true);
      return new Promise(() => {});
    });
    Promise.resolve(request).catch(() => resolve(false));
  } catch {
    resolve(false);
  }
});
self.holdsLock = await held;

try {
  await import(`./${new URL(import.meta.url).search.slice(1)}_loader.js`);
} catch (error) {
  reportError(error);
}
