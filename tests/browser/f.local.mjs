import { chromium } from "playwright-core";
const b = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
for (const w of [320, 360, 390]) {
const p = await b.newPage({ viewport: { width: w, height: 760 } });
for (const lang of ["en","zh"]) for (const at of "spread collapse precision counting early glasses yours".split(" ")) {
  await p.goto("about:blank"); await p.goto(`http://localhost:8123/#v=1&at=${at}&lang=${lang}`);
  await p.waitForTimeout(1200);
  const r = await p.evaluate(() => [...document.querySelectorAll(".formula")].map(f => [f.clientWidth, f.scrollWidth]).concat([[document.documentElement.scrollWidth, innerWidth]]));
  console.log(w, lang, at, JSON.stringify(r));
}}
await b.close();
