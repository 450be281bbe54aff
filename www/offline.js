// Makes the page open without a network, and offers a newer version of it once that is there. All of it is a convenience: where the browser
// has none of it, refuses or never answers, the page works as it always did.

(() => {
  // All that this file says to a reader.
  const SAYS = {
    en: { isReady: "A newer version is ready.", use: "Use it", dismiss: "Dismiss" },
    zh: { isReady: "有新版本可用。", use: "使用新版本", dismiss: "关闭" },
  };
  const says = () => SAYS[document.documentElement.lang] ?? SAYS.en;

  // How often a page that stays open asks for a newer version, at the most.
  const HOUR_MS = 3_600_000;
  // How long a page is left alone after it was loaded, where the browser does not say when it is idle.
  const REST_MS = 5_000;

  if (document.readyState === "complete") begin();
  else addEventListener("load", begin);

  /** What is refused here, whether at once or later, is refused without a word. */
  function begin() {
    start().catch(() => {});
  }

  async function start() {
    // Browsers have service workers only for pages that are served securely, and not in every frame.
    const workers = navigator.serviceWorker;
    if (!workers) return;
    const registration = await workers.register("service-worker.js");
    offerNewer(workers, registration);
    askNowAndThen(registration);
    await idle();
    if (!isSparing()) tell((await workers.ready).active, "KEEP_ALL");
  }

  // A first version has nobody to take over from, and comes without a word.
  function offerNewer(workers, registration) {
    const offer = () => {
      if (registration.waiting && workers.controller) show(() => tell(registration.waiting, "SKIP_WAITING"));
    };
    offer();
    registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", offer));
    // Every open page changes over at once: none goes on with files of a version that is gone.
    if (workers.controller) workers.addEventListener("controllerchange", () => location.reload(), { once: true });
  }

  function askNowAndThen(registration) {
    let asked = Date.now();
    document.addEventListener("visibilitychange", () => {
      if (document.hidden || Date.now() - asked < HOUR_MS) return;
      asked = Date.now();
      (async () => registration.update())().catch(() => {});
    });
  }

  function tell(worker, word) {
    worker?.postMessage(word);
  }

  /** Once the browser has nothing better to do. */
  function idle() {
    return new Promise((done) => {
      try {
        requestIdleCallback(done, { timeout: REST_MS });
      } catch {
        // The timer below is enough.
      }
      setTimeout(done, REST_MS);
    });
  }

  /** Whether the reader pays for what is loaded, or asked their browser to load little. */
  function isSparing() {
    try {
      const { saveData, type } = navigator.connection;
      return saveData === true || type === "cellular";
    } catch {
      return false;
    }
  }

  function show(use) {
    if (document.querySelector(".newer")) return;
    const bar = element("div", "newer", "");
    bar.setAttribute("role", "status");
    const accept = element("button", "button", says().use);
    accept.addEventListener("click", use);
    const dismiss = element("button", "close", "×");
    dismiss.setAttribute("aria-label", says().dismiss);
    dismiss.addEventListener("click", () => bar.remove());
    bar.append(element("p", "", says().isReady), accept, dismiss);
    document.body.append(bar);
  }

  function element(name, className, text) {
    const made = document.createElement(name);
    made.className = className;
    made.textContent = text;
    if (name === "button") made.type = "button";
    return made;
  }
})();
