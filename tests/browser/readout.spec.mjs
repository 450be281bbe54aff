// What the page says in words beside its pictures: the readout under the two texts, captions, and what is on its way to being a text.
import { expect, test } from '@playwright/test';
import { box, idle, open, settled } from './glasses.mjs';

const line = (page, name) => page.locator('.results > div', { hasText: name }).locator('dd');

for (const width of [360, 1280]) {
  test(`two plain texts are read off right under their boxes, ${width} pixels wide`, async ({ page }) => {
    await page.setViewportSize({ width, height: 740 });
    await open(page, '#v=1&at=bench&a=1010110101&b=10111');
    await expect(line(page, 'Distance of the last tokens')).toHaveText(/\d/, { timeout: 30_000 });
    await expect(line(page, 'Same bits in')).not.toBeEmpty();
    await expect(line(page, 'Next token')).toContainText('%');
    await expect(line(page, 'Counts least')).toContainText('token ', { timeout: 30_000 });
    await expect(page.locator('.results .old')).toHaveCount(0);
    await expect(page.locator('[data-part="by-n"]')).toBeHidden();
    await expect(box(page, 'distance-by-layer')).toBeVisible();
  });
}

test('two plain texts grow by one press, and are taken back by one', async ({ page }) => {
  await open(page, '#v=1&at=bench&a=101&b=1011');
  await page.getByRole('button', { name: 'Grow them' }).click();
  await expect(page.locator('#field-a')).toHaveValue('10(1)^n');
  await expect(page.locator('#field-b')).toHaveValue('101(1)^n');
  await expect(page.locator('[data-part="by-n"]')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Grow them' })).toHaveCount(0);
  await page.goBack();
  await expect(page.locator('#field-a')).toHaveValue('101');
});

test('the finding stands under its figure, and once in the accessibility tree', async ({ page }) => {
  await open(page);
  await settled(page);
  const figure = page.locator('section.figure', { has: box(page, 'distance-by-n') });
  const caption = figure.locator('.caption');
  await expect(caption).toBeVisible();
  await expect(caption).toHaveAttribute('aria-hidden', 'true');
  await expect(caption).toContainText('the distance at the output goes from');
  await expect(caption).toContainText(/log-log slope from n = \d+ to n = \d+ is −?\d/);
  await expect(figure.locator('.computed')).toBeHidden();
  await figure.getByText('Numbers and files').click();
  await expect(figure.locator('.computed')).toContainText('Computed by');
});

test('a text on its way to a pattern gets a hint, and is refused once it is left', async ({ page }) => {
  await open(page);
  await settled(page);
  await page.locator('#field-a').fill('1^');
  await expect(page.locator('.sequence-a .unfinished')).toContainText('1^n');
  await expect(page.locator('#field-a')).toHaveAttribute('aria-invalid', 'false');
  await expect(page.locator('.sequence-a .refusal')).toHaveCount(0);
  await expect(box(page, 'distance-by-n')).toHaveClass(/unread/);
  await page.locator('#field-a').blur();
  await expect(page.locator('.sequence-a .refusal')).toBeVisible();
  await expect(page.locator('#field-a')).toHaveAttribute('aria-invalid', 'true');
});

for (const width of [360, 1280]) {
  test(`a mistake covers nothing, ${width} pixels wide`, async ({ page }) => {
    await page.setViewportSize({ width, height: 740 });
    await open(page);
    await page.locator('#field-a').fill('世');
    const refusal = page.locator('.sequence-a .refusal');
    await expect(refusal).toBeVisible();
    const [above, below] = await Promise.all([refusal.boundingBox(), page.locator('.sequence-b > label').boundingBox()]);
    expect(above.y + above.height).toBeLessThanOrEqual(below.y + 1);
    await refusal.locator('summary').click();
    const [opened, moved] = await Promise.all([refusal.boundingBox(), page.locator('.sequence-b > label').boundingBox()]);
    expect(opened.y + opened.height).toBeLessThanOrEqual(moved.y + 1);
  });
}

test('who hides the answers gives none away, and where none is asked for no line waits for one', async ({ page }) => {
  await open(page, '#v=1&at=counting&n=20');
  await idle(page);
  await expect(line(page, 'It answers')).toContainText('20');
  await open(page, '#v=1&at=counting&n=200&hide=answers');
  await idle(page);
  await expect(line(page, 'Distance of the last tokens')).toHaveText(/\d/);
  await expect(line(page, 'It answers')).toHaveCount(0);
  await expect(line(page, 'Next token')).toHaveCount(0);
  await open(page, '#v=1&n=20&task=first&weights=scalable&tool=answers&beside=rotary&at=glasses');
  await idle(page);
  await expect(line(page, 'Next token')).toContainText('%');
  await expect(line(page, 'It answers')).toHaveCount(0);
});

test('while the meeting plays, what is read off is faded: it is of another n', async ({ page }) => {
  await open(page, '#v=1&n=20');
  await idle(page);
  await expect(page.locator('.results .old')).toHaveCount(0);
  await page.locator('[data-part="meeting"]').getByRole('button', { name: 'Play' }).click();
  await expect(page.locator('.results .old')).not.toHaveCount(0);
  await expect(page.locator('[data-part="meeting"] output')).toHaveAttribute('aria-live', 'off');
  await page.locator('[data-part="meeting"]').getByRole('button', { name: 'Pause' }).click();
  await idle(page);
  await expect(page.locator('.results .old')).toHaveCount(0);
});
