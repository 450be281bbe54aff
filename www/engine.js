// Starts an engine within a worker, holding a lock by which the page notices the worker's end, however it comes about.
//
// A worker that was killed says nothing, and one that is busy says nothing either; the lock tells the two apart.

// What an engine throws where nobody waits for it would stay within the worker; as an error it reaches the page.
addEventListener("unhandledrejection", (event) => reportError(event.reason));

// Browsers have locks only for pages that are served securely.
if (navigator.locks) {
  await new Promise((held) => {
    navigator.locks.request(self.name, () => {
      held();
      return new Promise(() => {});
    });
  });
}

try {
  await import(`./${new URL(import.meta.url).search.slice(1)}_loader.js`);
} catch (error) {
  reportError(error);
}
