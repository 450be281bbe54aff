// Speaks for the page until it has started: what can't work here, what did not come, and what is still waited for. It stands in index.html
// itself, before everything else: what tells of a missing file can't be a file that is missing.

(() => {
  // The sentences of this file in the languages of the page, whose catalogue comes with the rest of it.
  const SAYS = {
    en: {
      missing: (what) => `This browser has no ${what}, which everything here is computed with. Any browser from 2023 or later will do.`,
      asFile: "This page was opened as a file, and browsers do not let a file load the others that it needs: it has to come from a server, such as “cargo xtask serve”.",
      framed: "This page stands in a frame whose sandbox keeps its own files from it. It needs sandbox=\"allow-scripts allow-same-origin\" there, or a tab of its own:",
      lost: (files) => `The page could not be started: ${files} did not arrive, or not whole. Load it again; if that does not help, its host has lost a part of it, or something on the way changes it.`,
      failed: (why) => `The page could not be started${why && `: ${why.slice(0, -1)}`}. Load it again.`,
      slow: (files) => `Loading takes long: the page still waits for ${files}. It starts by itself as soon as all is there; if nothing comes, look at your connection and load it again.`,
      starting: "Starting takes long. If nothing comes, load the page again.",
      unstyled: (files) => `The page works, but looks wrong: ${files} did not arrive. Load it again to have its style.`,
      program: "its program",
      style: "its style sheet",
      texts: "its texts",
      named: (what, file) => `${what} (${file})`,
      and: ", ",
    },
    zh: {
      missing: (what) => `本浏览器没有 ${what}，而这里的一切都靠它计算。2023 年及以后的浏览器均可。`,
      asFile: "此页面是作为文件直接打开的，浏览器不允许文件加载它所需的其他文件：请通过服务器打开，例如“cargo xtask serve”。",
      framed: "此页面所在框架的沙盒使它无法取得自己的文件。框架需要写上 sandbox=\"allow-scripts allow-same-origin\"，也可以在单独的标签页中打开：",
      lost: (files) => `无法启动页面：${files}没有送达，或不完整。请重新加载；如果仍然不行，则是网站缺失了这部分文件，或传输途中被改动。`,
      failed: (why) => `无法启动页面${why && `：${why.slice(0, -1)}`}。请重新加载。`,
      slow: (files) => `加载时间较长：页面仍在等待${files}。全部送达后会自动启动；如果一直没有反应，请检查网络并重新加载。`,
      starting: "启动时间较长。如果一直没有反应，请重新加载页面。",
      unstyled: (files) => `页面可以使用，但外观不正确：${files}没有送达。重新加载即可恢复样式。`,
      program: "页面程序",
      style: "样式表",
      texts: "页面文本",
      named: (what, file) => `${what}（${file}）`,
      and: "、",
    },
  };
  // How long the page may take before it is said what it waits for, and how often that is looked at from then on.
  const SLOW_MS = 6000;
  const AGAIN_MS = 1000;

  const root = document.documentElement;
  // Who opens the bare address in a Chinese browser gets Chinese, once: from then on the reader's choice holds.
  try {
    if (location.hash.length < 2 && /^zh/i.test(navigator.language) && !sessionStorage.spoken) {
      sessionStorage.spoken = "zh";
      history.replaceState(null, "", "#v=1&at=spread&lang=zh");
    }
  } catch {
    // It opens in English, and offers the other.
  }

  const asks = (key) => location.hash.match(`[#&]${key}=([a-z]+)(?:&|$)`)?.[1];
  const language = Object.keys(SAYS).includes(asks("lang")) ? asks("lang") : "en";
  const says = SAYS[language];
  root.lang = language;
  if (["light", "dark"].includes(asks("theme"))) root.dataset.theme = asks("theme");

  // What stands in the page before it has started is the first chapter: any other place waits until it is there.
  if (location.hash.length < 2) root.dataset.home = "";

  // A page in which no script may run shows nothing that waits for one.
  root.dataset.booted = "";

  const isStarted = () => root.dataset.started !== undefined;

  // The place for a sentence may not have been read yet: it comes with the rest of index.html.
  function say(id, ...parts) {
    const place = document.getElementById(id);
    if (!place) {
      document.addEventListener("readystatechange", () => say(id, ...parts), { once: true });
      return;
    }
    // What is said already is not said again: it would be read aloud each time.
    if (place.hidden || place.textContent !== parts.map((part) => part.textContent ?? part).join("")) place.replaceChildren(...parts);
    place.hidden = false;
  }

  /** Nothing here can work: the page is told not to start. */
  function refuse(...parts) {
    root.dataset.refused = "";
    say("fault", ...parts);
  }

  // A function that returns a 128-bit vector: the smallest module that only browsers with SIMD accept.
  const SIMD = new Uint8Array([
    0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11,
  ]);
  const NEEDS = [
    ["WebAssembly", () => typeof WebAssembly === "object"],
    ["WebAssembly SIMD", () => WebAssembly.validate(SIMD)],
    ["Web Workers", () => typeof Worker === "function"],
  ];

  function isThere([, look]) {
    try {
      return look();
    } catch {
      return false;
    }
  }

  const missing = NEEDS.find((need) => !isThere(need));
  if (location.protocol === "file:") return refuse(says.asFile);
  if (self.origin === "null") return refuse(says.framed, " ", itself());
  if (missing) return refuse(says.missing(missing[0]));

  /** The address of this page as a link: where the sandbox lets nobody press it, it can be read and copied. */
  function itself() {
    const link = document.createElement("a");
    link.href = link.textContent = location.href;
    link.target = "_blank";
    link.rel = "noopener";
    return link;
  }

  // What the start depends on is announced in the head of index.html, and tells when it has come. The rest, such as offline.js, may stay away.
  const STYLE = "link[rel=stylesheet]";
  const PROGRAM = "link[rel=modulepreload], link[rel=preload]";
  const come = new Set();
  const lost = new Set();
  const all = (selector) => [...document.querySelectorAll(selector)];
  const fileOf = (element) => element.href.split("/").pop();

  function words(files, what) {
    return [...new Set(files)].map((file) => says.named(what, file)).join(says.and);
  }

  let hasFailed = false;

  // Who presses a way on before the program is there goes there once it is: it takes along what the address holds, which these links don't.
  document.addEventListener("click", (event) => {
    const at = all(".places a").indexOf(event.target);
    if (at < 0 || isStarted() || hasFailed || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    new MutationObserver((_, observer) => {
      if (!isStarted()) return;
      observer.disconnect();
      all(".places a")[at]?.click();
    }).observe(root, { attributes: true });
  });

  document.addEventListener("load", ({ target }) => {
    if (!target.matches(`${STYLE}, ${PROGRAM}`)) return;
    come.add(target);
    if (target.matches(STYLE)) (isEmpty(target) ? styleLost : styleCame)(target);
  }, true);

  addEventListener("error", (event) => {
    const { target } = event;
    if (target === self) broken(event.filename, event.message);
    else if (target.matches(STYLE)) styleLost(target);
    else if (target.matches(PROGRAM)) lost.add(target);
    else if (target.matches("script[type=module]")) broken(all(PROGRAM).find((element) => !come.has(element))?.href);
  }, true);
  addEventListener("unhandledrejection", ({ reason }) => {
    if (all(PROGRAM).some((element) => String(reason?.stack).includes(fileOf(element)))) broken("", reason.message);
  });

  /** The program was stopped on its way, by an error in one of its files. Others fail in this page too, such as the browser's extensions. */
  function broken(filename = "", message = "") {
    const [file, page] = [filename, location.href].map((address) => address.split("#")[0]);
    const program = all(PROGRAM).find((element) => element.href === file);
    if ((file && file !== page && !program) || message === "Script error.") return;
    const isCode = /wasm|WebAssembly/i.test(message);
    const isScript = !message || message.includes("SyntaxError");
    // Of those that have not come the last one: it is run by those before it.
    const last = all(PROGRAM).findLast((element) => (isCode ? element.href.endsWith(".wasm") : !come.has(element)));
    const blamed = (isScript && program) || last;
    if (blamed) lost.add(blamed);
    failed(message.replace(/^Uncaught /, "").replace(/([^.])$/, "$1."));
  }

  function failed(why) {
    if (isStarted()) return;
    hasFailed = true;
    root.dataset.failed = "";
    const files = all(PROGRAM).filter((element) => lost.has(element)).map(fileOf);
    say("starting", files.length ? says.lost(words(files, says.program)) : says.failed(why));
  }

  /** What came in the place of a style sheet was none. */
  function isEmpty({ sheet }) {
    try {
      return sheet.cssRules.length === 0;
    } catch {
      return false;
    }
  }

  /** It is asked for once more. One that a script puts there holds back nothing, while one that stood there from the first holds back all. */
  function styleLost(sheet) {
    if (sheet.dataset.again !== undefined) {
      lost.add(sheet);
      return sayStyle();
    }
    const again = sheet.cloneNode();
    again.dataset.again = "";
    sheet.replaceWith(again);
  }

  function styleCame(sheet) {
    if (lost.delete(sheet)) sayStyle();
  }

  function sayStyle() {
    const files = all(STYLE).filter((sheet) => lost.has(sheet)).map(fileOf);
    if (files.length) say("unstyled", says.unstyled(words(files, says.style)));
    else document.getElementById("unstyled").hidden = true;
  }

  const since = Date.now();
  const watch = setInterval(() => {
    const waiting = all(STYLE).filter((sheet) => !come.has(sheet) && !lost.has(sheet));
    if (Date.now() - since > SLOW_MS) waiting.forEach(styleLost);
    if (isStarted()) {
      if (!waiting.length) clearInterval(watch);
      return;
    }
    if (hasFailed || Date.now() - since < SLOW_MS) return;
    const files = all(PROGRAM).filter((element) => !come.has(element)).map(fileOf);
    const texts = document.querySelector(`meta[name=texts-${language}]`)?.content;
    if (files.length) say("starting", says.slow(words(files, says.program)));
    else say("starting", texts ? says.slow(words([`${texts}.tsv`], says.texts)) : says.starting);
  }, AGAIN_MS);
})();
