// Says in words why the page stays empty, where it does. Once the page has started, it speaks for itself.

(() => {
  // What stands in the page before it has started is the first chapter: any other place waits until it is there.
  if (location.hash.length < 2) document.documentElement.dataset.home = "";

  const fault = (sentence) => {
    const place = document.getElementById("fault");
    if (place && document.documentElement.dataset.started === undefined) {
      place.textContent = sentence;
      place.hidden = false;
    }
  };

  // A function that returns a 128-bit vector: the smallest module that only browsers with SIMD accept.
  const simd = new Uint8Array([
    0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11,
  ]);
  const missing = [
    ["WebAssembly", () => typeof WebAssembly === "object"],
    ["WebAssembly SIMD", () => WebAssembly.validate(simd)],
    ["Web Workers", () => typeof Worker === "function"],
  ].find(([, isThere]) => !isThere());
  if (missing) {
    fault(`This browser has no ${missing[0]}, which everything here is computed with. Any browser from 2023 or later will do.`);
    return;
  }

  const failed = (why) => fault(`The page could not be started${why ? `: ${why}` : ""}. Try to load it again.`);
  // Scripts that can't be loaded say so on the way down only.
  addEventListener("error", (event) => failed(event.message), true);
  addEventListener("unhandledrejection", (event) => failed(event.reason && event.reason.message));
})();
