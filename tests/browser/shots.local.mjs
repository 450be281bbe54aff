import { chromium } from "playwright-core";
const out = process.argv[2] ?? "/tmp/shots";
const only = process.argv[3];
const b = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
const views = { phone: [360, 760, 2], tablet: [768, 1024, 1], laptop: [1280, 800, 1], projector: [1920, 1080, 1] };
const places = process.argv[4] ? process.argv[4].split(",") : ["story", "bench", "gallery", "teach"];
for (const [name, [w, h, s]] of Object.entries(views)) {
  if (only && !only.split(",").includes(name)) continue;
  for (const scheme of ["light", "dark"]) {
    const c = await b.newContext({ viewport: { width: w, height: h }, deviceScaleFactor: s, colorScheme: scheme, reducedMotion: "reduce" });
    const p = await c.newPage();
    for (const place of places) {
      const [id, link] = place.includes("=") ? [place.split(":")[0], place.split(":").slice(1).join(":")] : [place, place === "story" ? "" : `v=1&at=${place}`];
      await p.goto("about:blank");
      await p.goto("http://localhost:8123/" + (link ? "#" + link : ""));
      await p.waitForTimeout(3500);
      await p.screenshot({ path: `${out}/${name}-${scheme}-${id}.png` });
      await p.screenshot({ path: `${out}/${name}-${scheme}-${id}-full.png`, fullPage: true });
    }
    await c.close();
  }
}
await b.close();
