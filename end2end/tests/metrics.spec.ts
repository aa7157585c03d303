import type { Page } from '@playwright/test';
import { accessible, at, expect, kubectl, once } from './portal';
import { open, pod, ready, tell, test } from './sample';

/** What is written on the charts; a canvas keeps no words. */
async function written(page: Page): Promise<() => Promise<string[]>> {
  await page.addInitScript(() => {
    const all: string[] = ((window as never as { written: string[] }).written = []);
    const write = CanvasRenderingContext2D.prototype.fillText;
    CanvasRenderingContext2D.prototype.fillText = function (text: string, ...rest) {
      all.push(text);
      return write.call(this, text, ...rest);
    };
  });
  return () => page.evaluate(() => (window as never as { written: string[] }).written);
}

interface Measured { from: number; steps: number; step_s: number; marks: object[]; pods: Record<'cpu_milli' | 'memory_bytes', (number | null)[]>[] }

/** Changes what the portal sends of an app's measurements: in the page, and in the answers that keep it fresh. */
async function measured(page: Page, change: (sent: Measured) => void) {
  const changed = (json: string) => {
    const sent = JSON.parse(json) as Measured;
    change(sent);
    return JSON.stringify(sent).replaceAll('<', '\\u003c');
  };
  await page.route(/\/metrics\?/, async (route) => {
    const answer = await route.fetch();
    const text = await answer.text();
    const page = /(<script type="application\/json">)(.*?)(<\/script>)/s;
    await route.fulfill({ response: answer, body: page.test(text) ? text.replace(page, (_, open, json, close) => open + changed(json) + close) : changed(text) });
  });
}

test('CPU and memory are drawn with their requests and limits, and readable as a table', once, async ({ admin: page }) => {
  await page.goto(at('/apps/web/deployment/loklak-server/metrics?range=15m'));
  await expect(page.locator('quays-chart canvas').first()).toBeVisible({ timeout: 45_000 });
  await expect(page.locator('main')).toContainText('CPU');
  await expect(page.locator('main')).toContainText('Memory');
  await page.getByText('Show as table').first().click();
  await expect(page.getByRole('table').first()).toBeVisible();
  await accessible(page);
  await page.getByRole('link', { name: '6 h' }).click();
  await expect(page).toHaveURL(/range=6h/);
});

test('requests and limits are lines of the charts, and the range stands in the address', once, async ({ admin: page }) => {
  const words = await written(page);
  await page.goto(at('/apps/web/deployment/loklak-server/metrics?range=1h'));
  await expect(page.locator('quays-chart canvas')).toHaveCount(2, { timeout: 45_000 });
  const colours = await page.locator('.legend').first().locator('.c-s1, .c-s2').evaluateAll((all) => all.map((one) => getComputedStyle(one).color));
  expect(new Set([...colours, await page.locator('main').evaluate((main) => getComputedStyle(main).color)]).size, 'each pod has a colour of its own').toBe(3);
  await expect.poll(words, 'a limit far above is named too').toEqual(expect.arrayContaining(['request 32 Mi', 'limit 64 Mi', 'request 20m', 'limit 500m ↑']));
  await expect(page.getByRole('link', { name: '1 h' })).toHaveAttribute('aria-current', 'true');
  for (const [name, slug] of [['15 min', '15m'], ['6 h', '6h'], ['24 h', '24h']]) {
    await page.getByRole('link', { name, exact: true }).click();
    await expect(page).toHaveURL(new RegExp(`range=${slug}$`));
    await expect(page.getByRole('link', { name, exact: true })).toHaveAttribute('aria-current', 'true');
    await expect(page.locator('quays-chart')).toHaveAttribute('data-src', new RegExp(`range=${slug}$`));
  }

  await page.goto(at('/apps/web/deployment/loklak-server/metrics?range=15m'));
  const memory = page.getByRole('figure', { name: 'Memory' });
  await memory.getByText('Show as table').click();
  await expect(memory.getByRole('columnheader')).toHaveText([/^Time/, ...Array(3).fill(/^\w{5}$/)]);
  await expect(memory.getByRole('row').nth(2)).toContainText(/\d{2}:\d{2}:\d{2}.*\d Mi/);
});

test('a chart marks when its app was rolled out and when it ran out of memory', once, async ({ admin: page, sample }) => {
  // The app has to run until its first samples arrive.
  test.setTimeout(150_000);
  const name = sample('marks', { main: { resources: { requests: { memory: '24Mi' }, limits: { memory: '48Mi' } } } });
  ready(name);
  kubectl('-n', 'web', 'rollout', 'restart', `deployment/${name}`);
  ready(name);
  const words = await written(page);
  await open(page, name, '/metrics?range=15m');
  await expect(page.locator('quays-chart canvas'), 'the first sample brings the charts').toHaveCount(2, { timeout: 75_000 });
  await expect.poll(words).toContain('limit 48 Mi');
  await expect.poll(words, 'rollouts that would lie on each other are one flag, of the revision in force').toContain('Revision 2: sample 1 (2 rollouts)');
  const drawn = await (await page.context().request.get(page.url())).text();
  expect(/class="dep"><title>Revision 2: sample 1 \(2 rollouts\)</.test(drawn), 'also without scripts').toBe(true);

  const killed = pod(name);
  // It dies of it before it can answer.
  expect(() => tell(name, 'memory?mb=64')).toThrow();
  await expect(page.locator('.head')).toContainText(/killed at its 48 Mi memory limit .*\(OOMKilled, exit 137\)/);
  await expect.poll(words, { timeout: 45_000 }).toContain(`Out of memory: main of ${killed}`);
  await page.getByRole('link', { name: 'Memory before the kill' }).click();
  await expect(page).toHaveURL(/from=\d+&to=\d+&at=\d+/);
  await expect.poll(words).toContain(`Out of memory: main of ${killed}`);
  await expect(page.locator('[data-cross]'), 'the link points at the moment').toContainText(/\d\d:\d\d:\d\d/);
});

test('what happened just now is marked in the chart of a day too', once, async ({ admin: page }) => {
  const words = await written(page);
  // A roll-out in the last second of what the server has sent.
  await measured(page, (sent) => { sent.marks = [{ at: sent.from + sent.steps * sent.step_s * 1000 - 1000, kind: 'deploy', label: 'just now' }]; });
  await page.goto(at('/apps/web/deployment/loklak-server/metrics?range=24h'));
  await expect(page.locator('quays-chart canvas')).toHaveCount(2, { timeout: 45_000 });
  await expect.poll(words).toContain('just now');
});

type Chart = HTMLElement & { plots: { scales: { x: { min: number; max: number } } }[] };

test('a part of the range that is dragged over stands in the address, and one comes back out of it', async ({ admin: page }) => {
  await page.goto(at('/apps/web/deployment/loklak-server/metrics?range=15m'));
  const drawn = async () => {
    await expect(page.locator('quays-chart canvas')).toHaveCount(2, { timeout: 45_000 });
    return page.locator('quays-chart').evaluate((chart: Chart) => chart.plots.map(({ scales: { x } }) => Math.round(x.max - x.min)));
  };
  const whole = await drawn();
  const area = (await page.getByRole('figure', { name: 'CPU' }).locator('.u-over').boundingBox())!;
  const middle = area.y + area.height / 2;
  await page.mouse.move(area.x + area.width / 2, middle);
  await page.mouse.down();
  await page.mouse.move(area.x + area.width * 0.9, middle, { steps: 5 });
  await page.mouse.up();

  await expect(page).toHaveURL(/from=\d+&to=\d+/);
  const chosen = page.url();
  const part = await drawn();
  for (const seconds of part) expect(Math.abs(seconds - whole[0] * 0.4), 'about what was dragged over').toBeLessThan(40);
  await expect(page.locator('.m-bar .seg [aria-current]'), 'no range is chosen').toHaveCount(0);
  const reset = page.getByRole('link', { name: 'Reset zoom' });
  await expect(reset).toBeVisible();
  await accessible(page);

  await page.goBack();
  await expect(page.getByRole('link', { name: '15 min' })).toHaveAttribute('aria-current', 'true');
  expect(await drawn()).toEqual(whole);
  await page.goto(chosen);
  expect(await drawn(), 'the address leads to the same part').toEqual(part);
  await page.getByRole('figure', { name: 'Memory' }).locator('.u-over').dblclick();
  await expect(page).toHaveURL(/\?range=15m$/);
});

test('one zooms, moves in time and resets with the keyboard alone', once, async ({ admin: page }) => {
  await page.goto(at('/apps/web/deployment/loklak-server/metrics?range=1h'));
  await page.getByRole('link', { name: 'Zoom in' }).press('Enter');
  await expect(page).toHaveURL(/range=1h&from=\d+&to=\d+/);
  const span = () => { const asked = new URL(page.url()).searchParams; return [Number(asked.get('from')), Number(asked.get('to'))]; };
  const [from, to] = span();
  expect(to - from).toBe(30 * 60_000);
  await expect(page.locator('[data-live=live]')).toBeAttached();
  await page.keyboard.press('[');
  await expect.poll(() => span()[1], 'earlier by its length').toBe(from);
  await expect(page.locator('[data-live=live]')).toBeAttached();
  await page.keyboard.press(']');
  await expect.poll(() => span()[0]).toBe(from);
  await page.getByRole('link', { name: 'Reset zoom' }).press('Enter');
  await expect(page.getByRole('link', { name: '1 h' })).toHaveAttribute('aria-current', 'true');
});

test('a part of the past that nobody measured says why it is empty', once, async ({ admin: page }) => {
  await page.goto(at('/apps/web/deployment/loklak-server/metrics?from=1600000000000&to=1600000600000'));
  await expect(page.locator('main')).toContainText('Charts go back 24 hours. This time range is older.');
  await expect(page.getByRole('link', { name: 'Reset zoom' })).toBeVisible();
});

test('the legend says which pods are gone', once, async ({ admin: page }) => {
  // Of the first pod nothing was measured after the first steps, of the others something at each: here no sample comes late.
  let count = 0;
  await measured(page, (sent) => {
    count = sent.pods.length;
    for (const of of ['cpu_milli', 'memory_bytes'] as const)
      sent.pods.forEach((pod, p) => { pod[of] = pod[of].map((_, step) => (p > 0 || step < 3 ? 5 : null)); });
  });
  await page.goto(at('/apps/web/deployment/loklak-server/metrics?range=15m'));
  await expect(page.locator('quays-chart canvas')).toHaveCount(2, { timeout: 45_000 });
  const pods = page.getByRole('figure', { name: 'CPU' }).locator('.legend li');
  expect(count, 'pods that were measured').toBeGreaterThan(1);
  await expect(pods).toHaveCount(count);
  await expect(pods.first()).toContainText('gone');
  await expect(pods.last()).not.toContainText('gone');
});
