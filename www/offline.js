// Makes the page open without a network, and offers a newer version of it once that is there.

(() => {
  // All that this file says to a reader.
  const SAYS = {
    en: { isReady: "A newer version is ready.", use: "Use it", dismiss: "Dismiss" },
    zh: { isReady: "有新版本可用。", use: "使用新版本", dismiss: "关闭" },
  };
  const says = () => SAYS[document.documentElement.lang] ?? SAYS.en;

  // How often a page that stays open asks for a newer version, at the most.
  const HOUR_MS = 3_600_000;

  addEventListener("load", async () => {
    const workers = allowed();
    if (!workers) return;
    // Where the browser or the host will have none of it, the page works as it always did.
    const registration = await workers.register("service-worker.js").catch(() => undefined);
    if (!registration) return;
    offerNewer(workers, registration);
    askNowAndThen(registration);
  });

  // Browsers have service workers only for pages that are served securely, and not in every frame.
  function allowed() {
    try {
      return navigator.serviceWorker;
    } catch {
      return undefined;
    }
  }

  // A first version has nobody to take over from, and comes without a word.
  function offerNewer(workers, registration) {
    const offer = () => {
      if (registration.waiting && workers.controller) show(() => registration.waiting?.postMessage("SKIP_WAITING"));
    };
    offer();
    registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", offer));
    // Every open page changes over at once: none goes on with files of a version that is gone.
    if (workers.controller) workers.addEventListener("controllerchange", () => location.reload(), { once: true });
  }

  function askNowAndThen(registration) {
    let asked = performance.now();
    document.addEventListener("visibilitychange", () => {
      if (document.hidden || performance.now() - asked < HOUR_MS) return;
      asked = performance.now();
      registration.update().catch(() => {});
    });
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
