// Draws the picture that stands beside a shared link, www/preview.png, around a figure of the command line:
// `glasses-cli draw "v=1&at=spread&n=100" --figure meeting --width 640 --height 550 --out meeting.svg`, then `CHROME=… node preview.mjs meeting.svg`.
import { readFile, writeFile } from 'node:fs/promises';
import { launch } from './folder.mjs';

const WWW = new URL('../../www/', import.meta.url);
// What those who show previews ask for.
const SIZE = { width: 1200, height: 630 };

const glasses = (await readFile(new URL('icon.svg', WWW), 'utf8')).replace('CanvasText', 'currentColor');
const tokens = await readFile(new URL('style/tokens.css', WWW), 'utf8');
const figure = await readFile(process.argv[2], 'utf8');
const page = `<!doctype html><style>${tokens}
  body { margin: 0; display: grid; grid-template-columns: 1fr 680px; align-items: center; block-size: 100vh; background: var(--background); color: var(--ink); }
  header { padding-inline-start: 56px; font-family: var(--font-prose); }
  header svg { inline-size: 76px; color: var(--accent); }
  h1 { margin: 20px 0 28px; font-size: 60px; line-height: 1.08; letter-spacing: -0.02em; font-weight: 600; text-wrap: balance; }
  p { margin: 0; font: 26px/1.4 var(--font-text); color: var(--ink-muted); }
  figure { margin: 0 40px 0 0; padding: 14px; border-radius: 10px; background: var(--surface); border: 1px solid var(--line); }
  figure svg { display: block; inline-size: 100%; block-size: auto; }
</style><header>${glasses}<h1>Watch a transformer go blind</h1><p>Two texts grow, and to the model they become one.</p></header>
<figure>${figure}</figure>`;

const browser = await launch();
const tab = await browser.newPage({ viewport: SIZE, colorScheme: 'light' });
await tab.setContent(page);
await writeFile(new URL('preview.png', WWW), await tab.screenshot());
await browser.close();
