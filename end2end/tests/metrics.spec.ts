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

test('CPU and memory are drawn with their requests and limits, and readable as a table', async ({ admin: page }) => {
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

test('requests and limits are lines of the charts, and the range stands in the address', async ({ admin: page }) => {
  const words = await written(page);
  await page.goto(at('/apps/web/deployment/loklak-server/metrics?range=1h'));
  await expect(page.locator('quays-chart canvas')).toHaveCount(2, { timeout: 45_000 });
  const colours = await page.locator('.legend').first().locator('.c-s1, .c-s2').evaluateAll((all) => all.map((one) => getComputedStyle(one).color));
  expect(new Set([...colours, await page.locator('main').evaluate((main) => getComputedStyle(main).color)]).size, 'each pod has a colour of its own').toBe(3);
  await expect.poll(words).toEqual(expect.arrayContaining(['request 32 Mi', 'limit 64 Mi', 'request 20m']));
  expect((await words()).some((w) => /^limit 500m/.test(w)), 'a limit far above is named').toBe(true);
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

test('a chart marks when its app was rolled out and when it ran out of memory', async ({ admin: page, sample }) => {
  // It has to live until its first samples are there, and the charts are the same in all ways of serving.
  test.skip(test.info().project.name !== 'root', 'takes more than 30 seconds');
  test.setTimeout(150_000);
  const name = sample('marks', { main: { resources: { requests: { memory: '24Mi' }, limits: { memory: '48Mi' } } } });
  ready(name);
  kubectl('-n', 'web', 'rollout', 'restart', `deployment/${name}`);
  ready(name);
  const words = await written(page);
  await open(page, name, '/metrics?range=15m');
  await expect(page.locator('quays-chart canvas'), 'the first sample brings the charts').toHaveCount(2, { timeout: 75_000 });
  await expect.poll(words).toContain('limit 48 Mi');
  await expect.poll(words).toContain('Revision 1: sample 1');
  // Marks that lie close to each other share the room for words; without scripts each has a title.
  const drawn = await (await page.context().request.get(page.url())).text();
  expect(/class="dep"><title>Revision 2: sample 1</.test(drawn)).toBe(true);

  const killed = pod(name);
  // It dies of it before it can answer.
  expect(() => tell(name, 'memory?mb=64')).toThrow();
  await expect(page.locator('.head')).toContainText(/killed at its 48 Mi memory limit .*\(OOMKilled, exit 137\)/);
  await expect.poll(words, { timeout: 45_000 }).toContain(`Out of memory: main of ${killed}`);
  await page.getByRole('link', { name: 'Memory before the kill' }).click();
  await expect(page).toHaveURL(/at=\d+/);
  await expect.poll(words).toContain(`Out of memory: main of ${killed}`);
  await expect(page.locator('[data-cross]'), 'the link points at the moment').toContainText(/\d\d:\d\d:\d\d/);
});

test('what happened just now is marked in the chart of a day too', async ({ admin: page }) => {
  const words = await written(page);
  // A roll-out in the last second of what the server has sent.
  await page.addInitScript(() => {
    const parse = JSON.parse;
    JSON.parse = (text, revive) => {
      const read = parse(text, revive);
      if (read?.steps) read.marks = [{ at: read.from + read.steps * read.step_s * 1000 - 1000, kind: 'deploy', label: 'just now' }];
      return read;
    };
  });
  await page.goto(at('/apps/web/deployment/loklak-server/metrics?range=24h'));
  await expect(page.locator('quays-chart canvas')).toHaveCount(2, { timeout: 45_000 });
  await expect.poll(words).toContain('just now');
});

test('a part of the range that was chosen by dragging stays when the charts are refreshed', async ({ admin: page }) => {
  // Two refreshes, which the charts make in their own time.
  once();
  test.setTimeout(120_000);
  await page.goto(at('/apps/web/deployment/loklak-server/metrics?range=15m'));
  await expect(page.locator('quays-chart canvas')).toHaveCount(2, { timeout: 45_000 });
  type Chart = HTMLElement & { plots: { scales: { x: { min: number; max: number } }; root: HTMLElement }[]; xs: number[] };
  const ranges = () => page.locator('quays-chart').evaluate((chart: Chart) => chart.plots.map(({ scales: { x } }) => Math.round(x.max - x.min)));
  const [whole] = await ranges();
  const area = (await page.getByRole('figure', { name: 'CPU' }).locator('.u-over').boundingBox())!;
  const [left, right, middle] = [area.x + area.width / 4, area.x + area.width / 2, area.y + area.height / 2];
  await page.mouse.move(left, middle);
  await page.mouse.down();
  await page.mouse.move(right, middle, { steps: 5 });
  await page.mouse.up();
  const part = Math.round(whole / 4);
  const close = (value: number) => expect([part - 10 < value && value < part + 10, value]).toEqual([true, value]);
  await expect.poll(async () => (await ranges()).every((range) => range < whole / 2)).toBe(true);
  (await ranges()).forEach(close);

  // Nothing is drawn anew under the pointer.
  await page.mouse.move(0, 0);
  for (const refresh of ['first', 'second']) {
    const drawn = await page.locator('quays-chart').evaluateHandle((chart: Chart) => chart.plots.map((plot) => plot.root));
    await page.waitForFunction((roots) => roots.every((root) => !root.isConnected), drawn, { timeout: 30_000 });
    const now = await ranges();
    expect(now.length, refresh).toBe(2);
    now.forEach(close);
  }

  await page.getByRole('figure', { name: 'Memory' }).locator('.u-over').dblclick();
  await expect.poll(ranges).toEqual([whole, whole]);
});

test('the legend says which pods are gone, and lists those that the chosen part of the range shows', async ({ admin: page }) => {
  // Of the first pod nothing was measured after the first steps.
  await page.addInitScript(() => {
    const parse = JSON.parse;
    JSON.parse = (text, revive) => {
      const read = parse(text, revive);
      if (read?.steps) for (const of of ['cpu_milli', 'memory_bytes']) read.pods[0][of] = read.pods[0][of].map((_: unknown, i: number) => (i < 3 ? 5 : null));
      return read;
    };
  });
  await page.goto(at('/apps/web/deployment/loklak-server/metrics?range=15m'));
  await expect(page.locator('quays-chart canvas')).toHaveCount(2, { timeout: 45_000 });
  const pods = page.getByRole('figure', { name: 'CPU' }).locator('.legend li');
  await expect(pods).toHaveCount(3);
  await expect(pods.first()).toContainText('gone');
  await expect(pods.last()).not.toContainText('gone');
  await page.locator('quays-chart').evaluate((chart: HTMLElement & { plots: { setScale: (key: string, range: object) => void }[]; xs: number[] }) => {
    for (const plot of chart.plots) plot.setScale('x', { min: chart.xs[chart.xs.length - 10], max: chart.xs[chart.xs.length - 1] });
  });
  await expect(pods).toHaveCount(2);
});
