// Draws the icons that can't be vectors, from www/icon.svg and the colours of tokens.css, into www/icons: `CHROME=… node icons.mjs`.
import { chromium } from '@playwright/test';
import { mkdir, readFile, writeFile } from 'node:fs/promises';

const WWW = new URL('../../www/', import.meta.url);

// What a system cuts out of a maskable icon keeps a circle of four fifths of its width; Apple's cuts off the corners only.
const ICONS = [
  { file: '192.png', size: 192, corner: 0.2, glyph: 0.74 },
  { file: '512.png', size: 512, corner: 0.2, glyph: 0.74 },
  { file: 'maskable-192.png', size: 192, corner: 0, glyph: 0.58 },
  { file: 'maskable-512.png', size: 512, corner: 0, glyph: 0.58 },
  { file: 'apple-touch.png', size: 180, corner: 0, glyph: 0.74 },
];

const glasses = (await readFile(new URL('icon.svg', WWW), 'utf8')).replace('CanvasText', 'currentColor');
const tokens = await readFile(new URL('style/tokens.css', WWW), 'utf8');
const page = ({ size, corner, glyph }) => `<!doctype html><style>${tokens}
  body { margin: 0; background: none; }
  div { width: ${size}px; height: ${size}px; display: grid; place-items: center; border-radius: ${corner * size}px;
    background: var(--background); color: var(--accent); }
  svg { width: ${glyph * size}px; }
</style><div>${glasses}</div>`;

const browser = await chromium.launch({
  executablePath: process.env.CHROME,
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
});
await mkdir(new URL('icons/', WWW), { recursive: true });
for (const icon of ICONS) {
  const tab = await browser.newPage({ viewport: { width: icon.size, height: icon.size }, colorScheme: 'light' });
  await tab.setContent(page(icon));
  await writeFile(new URL(`icons/${icon.file}`, WWW), await tab.screenshot({ omitBackground: true }));
  await tab.close();
}
await browser.close();
