// Reading the log of an app while it goes on.
import { get } from 'node:http';
import type { Page } from '@playwright/test';
import { at, expect, known, kubectl, once } from './portal';
import { image, open, pod, ready, tell, test, variables } from './sample';

const log = (page: Page) => page.getByRole('log');
const find = (page: Page, text: string) => page.getByRole('searchbox', { name: 'Search the log' }).fill(text);

test('a paused log stands still, and what came meanwhile is there when it goes on', once, async ({ admin: page, sample }) => {
  const name = sample('pause');
  ready(name);
  await open(page, name, '/logs');
  await expect(log(page)).toContainText('listening on port');
  const follow = page.getByRole('button', { name: 'Follow', exact: true });
  tell(name, 'log?lines=300&rate=100');
  await expect(log(page)).toContainText('line 000020');
  await follow.first().click();
  await expect(follow.first()).toHaveAttribute('aria-pressed', 'false');
  const still = await log(page).innerText();
  await expect(page.locator('[data-paused]')).toContainText('Paused at');

  const more = page.getByRole('button', { name: /^[\d,]+ new lines? ?Follow$/ });
  await expect(more).toBeVisible();
  const shown = Math.max(...[...still.matchAll(/line (\d{6})/g)].map((m) => Number(m[1])));
  await expect(more).toContainText(`${300 - shown} new lines`);
  expect(await log(page).innerText(), 'nothing moves').toBe(still);
  await more.click();
  await expect(log(page)).toContainText('line 000300');
  await expect(follow).toHaveAttribute('aria-pressed', 'true');
  await find(page, 'line 000');
  await expect(page.locator('#lg-hits'), 'none lost, none twice').toHaveText('300 matches');
});

test('the log of a container that crashed can be read', once, async ({ admin: page, sample }) => {
  const name = sample('crash');
  ready(name);
  await open(page, name);
  tell(name, 'crash?code=3');
  await expect(page.locator('.pods .ctr')).toContainText('exited with code 3');
  await page.getByRole('link', { name: 'Log from before the restart', exact: true }).click();
  await expect(page).toHaveURL(/previous=true/);
  await expect(log(page)).toContainText('fatal: crashing with exit code 3');
  await expect(page.getByRole('link', { name: 'Previous' })).toHaveAttribute('aria-current', 'true');
  const text = await page.context().request.get(at(`/api/v1/namespaces/web/apps/deployment/${name}/logs?previous=true`));
  expect(await text.text()).toContain('fatal: crashing with exit code 3');
  await page.getByRole('link', { name: 'Previous' }).click();
  await expect(log(page)).toContainText('listening on port');
  await expect(log(page)).not.toContainText('fatal');
});

test('a link leads to one container of two; times can be left out', async ({ admin: page, sample }) => {
  const side = { name: 'side', image, env: variables({ PORT: 9090, LOG_LINES: 3 }) };
  const name = sample('two', { env: { LOG_LINES: 3 }, beside: [side] });
  ready(name);
  await open(page, name, '/logs?container=side');
  await expect(page.getByRole('combobox', { name: 'Container' })).toHaveValue('side');
  await expect(log(page)).toContainText('listening on port 9090');
  await expect(log(page)).not.toContainText('listening on port 8080');
  await page.getByRole('combobox', { name: 'Container' }).selectOption('');
  await expect(log(page)).toContainText('listening on port 8080');
  await expect(log(page)).toContainText('listening on port 9090');
  await expect(page).not.toHaveURL(/container=/);

  const time = log(page).locator('.lg time').first();
  const times = page.getByRole('button', { name: 'Times' });
  await expect(time).toHaveText(/^\d\d:\d\d:\d\d\.\d{3}$/);
  await times.click();
  await expect(time).toBeHidden();
  await expect(times).toHaveAttribute('aria-pressed', 'false');
  await times.click();
  await expect(time).toBeVisible();
});

test('the log of an app goes on with its new pods after a restart', once, async ({ admin: page, sample }) => {
  const name = sample('anew', { env: { LOG_LINES: 5 } });
  ready(name);
  const old = pod(name);
  await open(page, name, '/logs');
  await expect(log(page).locator(`[title="${old} / main"]`).first()).toBeVisible();
  kubectl('-n', 'web', 'rollout', 'restart', `deployment/${name}`);
  ready(name);
  const fresh = pod(name);
  expect(fresh).not.toBe(old);
  await expect(log(page).locator(`[title="${fresh} / main"]`).first()).toBeVisible();
  await expect(log(page).getByRole('separator').first()).toBeVisible();
  await find(page, 'listening on port');
  await expect(page.locator('#lg-hits'), 'one of each pod').toHaveText('2 matches');
  await expect(page.locator('[data-streams]')).toHaveText('1 stream');
});

test('what a terminal would obey is neither shown nor obeyed', once, async ({ admin: page, sample }) => {
  const name = sample('tty', { env: { LOG_LINES: 2, LOG_KIND: 'ansi' } });
  ready(name);
  await open(page, name, '/logs');
  const title = await page.title();
  const message = log(page).locator('.lg-m').filter({ hasText: 'line 000002' });
  await expect(message).toHaveText(/^line 000002 red green cleared$/);
  const colour = (text: string) => message.getByText(text, { exact: true }).evaluate((el) => getComputedStyle(el).color);
  expect(await colour('red')).not.toBe(await message.evaluate((el) => getComputedStyle(el).color));
  expect(await colour('red')).not.toBe(await colour('green'));
  tell(name, 'log?lines=1&kind=html');
  await expect(log(page)).toContainText('line 000003 <script>document.title="owned"</script><img src=x onerror="alert(1)"> &amp; <b>bold</b>');
  tell(name, 'log?lines=1&kind=utf8');
  await expect(log(page)).toContainText('ok: grüße 日本 🚢 broken: ');
  expect(await page.title()).toBe(title);
  expect(await log(page).locator('script, img, b').count()).toBe(0);
});

test('the API streams the log as text while it is written', async ({ admin: page, sample, baseURL }) => {
  const name = sample('curl');
  ready(name);
  await known(page, name);
  const cookie = (await page.context().cookies()).map((c) => `${c.name}=${c.value}`).join('; ');
  const url = new URL(`api/v1/namespaces/web/apps/deployment/${name}/logs?follow=true&tailLines=10`, baseURL);
  let text = '';
  let type: string | undefined;
  let ended = false;
  const asked = get(url, { headers: { cookie } }, (answer) => {
    type = answer.headers['content-type'];
    answer.setEncoding('utf8').on('data', (piece) => { text += piece; }).on('close', () => { ended = true; });
  });
  asked.on('error', () => {});
  await expect.poll(() => text).toContain('listening on port');
  expect(type).toBe('text/plain; charset=utf-8');
  tell(name, 'log?lines=3');
  await expect.poll(() => text).toContain('line 000003\n');
  expect(text).toContain('line 000001\nline 000002\nline 000003\n');
  expect(ended, 'it goes on').toBe(false);
  asked.destroy();
});

test('every key that leads up leaves the end of a log that is written all the time, and the way back is there', once, async ({ admin: page, sample }) => {
  const name = sample('keys', { env: { LOG_LINES: 40_000, LOG_RATE: 400 } });
  ready(name);
  await open(page, name, '/logs');
  const follow = page.getByRole('button', { name: 'Follow', exact: true }).first();
  const below = () => log(page).evaluate((body) => body.scrollHeight - body.clientHeight - body.scrollTop);
  // Don't wait for the first lines: on a slow machine they have scrolled out of sight before the page loads.
  await expect.poll(() => log(page).evaluate((body) => body.scrollHeight - body.clientHeight), { message: 'there is something to go up to' }).toBeGreaterThan(2000);
  await log(page).evaluate((body) => body.addEventListener('scrollend', () => { body.dataset.ended = String(body.scrollTop); }));
  // A paused log has 48 px of room below its last line, so the log has only scrolled once there is more than that.
  const arrived = () => log(page).evaluate((body) => body.dataset.ended === String(body.scrollTop) && body.scrollHeight - body.clientHeight - body.scrollTop > 60);
  for (const key of ['ArrowUp', 'PageUp', 'Home', 'Shift+Space']) {
    await expect(follow, key).toHaveAttribute('aria-pressed', 'true');
    // The first one without a click into the log: the page itself has nothing to scroll.
    if (key !== 'ArrowUp') await log(page).focus();
    await page.keyboard.press(key);
    await expect(follow, key).toHaveAttribute('aria-pressed', 'false');
    await expect.poll(arrived, { message: `${key} has led away from the end` }).toBe(true);
    await expect(page.locator('[data-paused]'), key).toContainText('because you scrolled up');
    await follow.click();
    await expect.poll(below, { message: `back from ${key}` }).toBeLessThanOrEqual(1);
  }
  await log(page).hover();
  await page.mouse.wheel(0, -30);
  await expect(follow, 'the wheel').toHaveAttribute('aria-pressed', 'false');
  await expect.poll(arrived, { message: 'the wheel has led away from the end' }).toBe(true);
  await log(page).focus();
  await page.keyboard.press('End');
  await expect(follow, 'the end of the log follows it again').toHaveAttribute('aria-pressed', 'true');
});
