// Says in words why the page stays empty, where it does. Once the page has started, it speaks for itself.

(() => {
  // The sentences of this file in the languages of the page, whose catalogue comes with the rest of it.
  const says = {
    en: {
      missing: (what) => `This browser has no ${what}, which everything here is computed with. Any browser from 2023 or later will do.`,
      failed: (why) => `The page could not be started${why ? `: ${why}` : ""}. Try to load it again.`,
    },
    zh: {
      missing: (what) => `此浏览器没有 ${what}，而这里的一切都靠它计算。2023 年及以后的浏览器均可。`,
      failed: (why) => `无法启动页面${why ? `：${why}` : ""}。请尝试重新加载。`,
    },
  };
  const language = /[#&]lang=zh(&|$)/.test(location.hash) ? "zh" : "en";
  document.documentElement.lang = language;

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
    fault(says[language].missing(missing[0]));
    return;
  }

  const failed = (why) => fault(says[language].failed(why));
  // Scripts that can't be loaded say so on the way down only.
  addEventListener("error", (event) => failed(event.message), true);
  addEventListener("unhandledrejection", (event) => failed(event.reason && event.reason.message));
})();
