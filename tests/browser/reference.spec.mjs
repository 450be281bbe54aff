// The numbers of the page against an independent float64 implementation, by the tolerances that the command line's engine is held to: both
// are the same source, built for processors that sum in another order.
import { expect, test } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import { numbers, open, settled } from './glasses.mjs';

const CASES = [
  'default', 'identical', 'long_alibi', 'rotary', 'sinusoidal', 'learned_rms', 'wide', 'deep', 'odd_width', 'differential', 'gated_sigmoid',
  'scalable_entmax', 'separators',
];

for (const name of CASES) {
  test(`the page computes what float64 does: ${name}`, async ({ page }) => {
    const expected = JSON.parse(await readFile(new URL(`../reference/expected/${name}.json`, import.meta.url), 'utf8'));
    const problems = await open(page, expected.link === '' ? undefined : `#${expected.link}`);
    await settled(page, { timeout: 60_000 });
    const [header, ...rows] = await numbers(page, 'distance-by-n');
    expect(expected.sweep.length).toBeGreaterThan(0);
    for (const { n, stages } of expected.sweep) {
      const row = rows.find(([at]) => Number(at) === n);
      stages.forEach(({ stage, distances, floor }, index) => {
        // The stages' columns come first, one behind the other.
        expect(header[1 + index]).toBe(`${stage.layer ? `layer ${stage.layer}` : stage} (L∞)`);
        const off = Math.abs(Number(row[1 + index]) - distances.linf);
        expect(off, `${header[1 + index]} at n = ${n}`).toBeLessThanOrEqual(floor.linf);
      });
    }
    expect(problems).toEqual([]);
  });
}
