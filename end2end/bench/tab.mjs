// What the portal costs the browser's tab, in the cluster that scale.mjs has filled: the list of 500 apps, the page of an app with
// 200 pods, and a log that is written all the time; each while it loads, while it changes, and on a machine four times slower.
//
// A tab's cost is the processor time of its main thread and its longest task. Tasks are measured in processor time too, from
// Chromium's trace: on two cores that also carry the cluster, a task often loses the processor halfway. The clock time is printed
// beside it where Chromium reports one (tasks above 50 ms). QS_PROFILE names a folder for a CPU profile of each period, to open in
// the developer tools.
import { mkdirSync, writeFileSync } from 'node:fs';
import { chromium } from '@playwright/test';
import { app, call, churn, podsOf, watchPod } from './cluster.mjs';
import { env, kb, median, ms, percentile, report, share, sleep } from './report.mjs';

const ROW = '[data-row]';
const SPACE = 'bench-tab';
const WIDE = 200;
const SECONDS = 15;
// Nothing is emulated: at each navigation Chromium would style the page that goes once more, for 30 ms.
const DESKTOP = { viewport: { width: 1440, height: 900 }, colorScheme: null, reducedMotion: null, forcedColors: null, contrast: null };
const PHONE = { ...DESKTOP, viewport: { width: 390, height: 844 } };
const ARGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

// A tab that notes its longest task, how long a key or the wheel waited for its answer, and when what `selector` names was painted.
async function tab(browser, { cookie, url, slower = 1, size = DESKTOP }) {
  const context = await browser.newContext(size);
  await context.addCookies(cookie.split('; ').map((pair) => ({ name: pair.slice(0, pair.indexOf('=')), value: pair.slice(pair.indexOf('=') + 1), url })));
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  // Count the time that the thread ran, not the time that other processes took from it.
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
  await cdp.send('Network.enable');
  if (slower > 1) await cdp.send('Emulation.setCPUThrottlingRate', { rate: slower });
  let bytes = 0;
  cdp.on('Network.loadingFinished', (e) => { bytes += e.encodedDataLength; });
  await page.addInitScript((row) => {
    window.__tasks = [];
    window.__answers = [];
    new PerformanceObserver((list) => { for (const e of list.getEntries()) window.__tasks.push(e.duration); }).observe({ type: 'longtask', buffered: true });
    new PerformanceObserver((list) => { for (const e of list.getEntries()) window.__answers.push(e.processingStart - e.startTime); }).observe({ type: 'event', durationThreshold: 16 });
    const look = () => {
      if (document.querySelector(row)) requestAnimationFrame(() => setTimeout(() => { window.__rows = performance.now(); }));
      else requestAnimationFrame(look);
    };
    look();
  }, ROW);
  const spent = async () => Object.fromEntries((await cdp.send('Performance.getMetrics')).metrics.map((m) => [m.name, m.value]));
  const longest = () => page.evaluate(() => Math.max(0, ...window.__tasks));
  return {
    page, cdp, longest,
    // Opens a page and returns when its rows were painted and how many bytes were loaded.
    async visit(address, ready = () => window.__rows) {
      bytes = 0;
      await page.goto(address, { waitUntil: 'load' });
      await page.waitForFunction(ready);
      await page.waitForLoadState('networkidle').catch(() => {});
      return { rows: await page.evaluate(() => window.__rows), long: await longest(), bytes };
    },
    // The same, with the longest task. A separate visit, because tracing slows the page down.
    async traced(address, ready) {
      const { told, task } = await traced(page, () => this.visit(address, ready));
      return { ...told, task };
    },
    // What the tab costs while `work` goes on: the share of its main thread, its longest task, and the slowest answer to a key.
    async during(work) {
      let before, after, start, took, told, task;
      await page.evaluate(() => { window.__tasks = []; window.__answers = []; });
      await profile(cdp, async () => { before = await spent(); start = performance.now(); ({ told, task } = await traced(page, () => work(page))); after = await spent(); took = (performance.now() - start) / 1000; });
      const of = (...names) => names.reduce((sum, name) => sum + after[name] - before[name], 0) / took;
      const parts = `scripts ${share(of('ScriptDuration'))}, layout and style ${share(of('LayoutDuration', 'RecalcStyleDuration'))}`;
      return { told, share: of('TaskDuration'), parts, task, long: await longest(), answer: await page.evaluate(() => Math.max(0, ...window.__answers)) };
    },
    close: () => context.close(),
  };
}

let profiles = 0;
async function profile(cdp, work) {
  const folder = process.env.QS_PROFILE;
  if (!folder) return work();
  await cdp.send('Profiler.enable');
  await cdp.send('Profiler.start');
  await work();
  writeFileSync(`${folder}/${profiles += 1}.cpuprofile`, JSON.stringify((await cdp.send('Profiler.stop')).profile));
}

// The longest task of the page's main thread during `work`, in milliseconds of processor time.
async function traced(page, work) {
  const browser = page.context().browser();
  await browser.startTracing(page, { categories: ['disabled-by-default-devtools.timeline'] });
  const told = await work();
  const { traceEvents } = JSON.parse(await browser.stopTracing());
  const tasks = traceEvents.filter((e) => e.name === 'RunTask' && e.tdur !== undefined);
  const main = new Set(traceEvents.filter((e) => e.name === 'thread_name' && e.args.name === 'CrRendererMain').map((e) => `${e.pid}/${e.tid}`));
  return { told, task: Math.max(0, ...tasks.filter((e) => main.has(`${e.pid}/${e.tid}`)).map((e) => e.tdur)) / 1000 };
}

const long = ({ task, long }) => `${ms(task)}${long === 0 ? '' : ` (${ms(long)} on the clock)`}`;
const live = () => document.querySelector('[data-live=live]');

// The page without its scripts, and all it loads, as files of nginx: what the same rows cost where nothing is behind them.
async function copy(portal, cookie) {
  const root = env('QS_STATIC_ROOT');
  const html = await (await fetch(`${portal.url}/apps`, { headers: { cookie } })).text();
  for (const [, path] of html.matchAll(/(?:href|src)="(\/[^"]+\.(?:css|js|wasm|woff2|svg))"/g)) {
    mkdirSync(`${root}${path.replace(/[^/]*$/, '')}`, { recursive: true });
    writeFileSync(`${root}${path}`, Buffer.from(await (await fetch(`${portal.url}${path}`)).arrayBuffer()));
  }
  writeFileSync(`${root}/list.html`, html.replace(/<script[\s\S]*?<\/script>/g, ''));
  return `${env('QS_STATIC_URL')}/list.html`;
}

async function loading(browser, portal, cookie) {
  const plain = await copy(portal, cookie);
  const seen = { rows: [], plain: [], bytes: [] };
  let worst = { task: 0, long: 0 }, worstPlain = worst;
  const fresh = async (url, work) => { const window = await tab(browser, { cookie, url }); const got = await work(window); await window.close(); return got; };
  const more = (one, other) => (other.task > one.task ? other : one);
  for (let n = 0; n < 5; n += 1) {
    for (const [address, url] of [[plain, env('QS_STATIC_URL')], [`${portal.url}/apps`, portal.url]]) {
      const got = await fresh(url, (window) => window.visit(address));
      const slower = await fresh(url, (window) => window.traced(address));
      if (address === plain) { seen.plain.push(got.rows); worstPlain = more(worstPlain, slower); }
      else { seen.rows.push(got.rows); seen.bytes.push(got.bytes); worst = more(worst, slower); }
    }
  }
  report('tab, list of 500 apps: painted with its rows, cold', ms(median(seen.rows)), '≤ 300 ms', `${(median(seen.rows) / median(seen.plain)).toFixed(2)} × the same rows from nginx (${ms(median(seen.plain))}); Radar 2.1 s`);
  report('the same: longest task while it loads', long(worst), '≤ 50 ms', `of 5 loads; the same rows from nginx ${long(worstPlain)}; Radar 0.6 s`);
  report('the same: over the wire, cold, all of it', kb(median(seen.bytes)), '≤ 220 KB', 'Radar 85 MB');
}

async function changing(browser, portal, cookie) {
  const window = await tab(browser, { cookie, url: portal.url });
  await window.visit(`${portal.url}/apps`);
  await window.page.waitForFunction(live);
  for (const rate of [50, 200]) {
    const got = await window.during(() => churn(rate, SECONDS));
    report(`the same: ${rate} pod changes a second, of the main thread`, share(got.share), '≤ 10 %', `${got.told.toFixed(0)} a second; ${got.parts}; longest task ${long(got)}; Radar 64 %, 575 ms at 50`);
  }
  const delays = await beacon(window.page, portal);
  report('the same: a change reaches the page after a watch, p95, at 200/s', ms(percentile(delays, 0.95)), '≤ 25 ms', `median ${ms(median(delays))} of ${delays.length}`);
  await window.close();
}

// How much later than at a watch of its own a pod's change is on the page, while 200 others change a second.
async function beacon(page) {
  const [pod] = await podsOf(SPACE, 'beacon');
  const id = `${SPACE}/deployment/beacon`;
  await page.evaluate((row) => {
    window.__seen = [];
    let before = '';
    // The cell alone: ages in the row change by themselves.
    new MutationObserver(() => {
      const text = document.getElementById(row)?.querySelector('.c-rdy')?.textContent ?? '';
      if (text !== before) { before = text; window.__seen.push([Date.now(), text]); }
    }).observe(document.getElementById(row).parentElement, { subtree: true, childList: true, characterData: true, attributes: true });
  }, id);
  const watch = await watchPod(SPACE, 'beacon');
  const delays = [];
  const others = churn(200, 25);
  for (let n = 0; n < 40; n += 1) {
    const ready = n % 2 === 0, seen = await page.evaluate(() => window.__seen.length), heard = watch.heard.length;
    await call('PATCH', `${pod}/status`, { status: { phase: 'Running', conditions: [{ type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: new Date().toISOString().replace(/\.\d+/, '') }] } }, 'application/strategic-merge-patch+json');
    while (watch.heard.length === heard) await sleep(5);
    const wanted = [seen, ready ? '1/1' : '0/1'];
    const shown = ([from, text]) => window.__seen.slice(from).find(([, what]) => what.includes(text))?.[0];
    await page.waitForFunction(shown, wanted, { timeout: 10_000, polling: 50 }).catch(() => {});
    // One that never comes counts as one that takes as long as was waited.
    delays.push(((await page.evaluate(shown, wanted)) ?? watch.heard[heard] + 10_000) - watch.heard[heard]);
    await sleep(300);
  }
  watch.close();
  await others;
  return delays;
}

async function wide(browser, portal, cookie) {
  const window = await tab(browser, { cookie, url: portal.url });
  const got = await window.visit(`${portal.url}/apps/${SPACE}/deployment/wide`);
  const again = await window.traced(`${portal.url}/apps/${SPACE}/deployment/wide`);
  await window.page.waitForFunction(live);
  report(`tab, an app with ${WIDE} pods: painted, cold`, ms(got.rows), '≤ 300 ms', `longest task ${long(again)}`);
  const pods = await podsOf(SPACE, 'wide');
  const busy = await window.during(() => churn(200, SECONDS, pods));
  report('the same: 200 changes of its pods a second, of the main thread', share(busy.share), '≤ 10 %', `${busy.told.toFixed(0)} a second; ${busy.parts}; longest task ${long(busy)}`);
  const charts = await window.traced(`${portal.url}/apps/web/deployment/loklak-server/metrics`, () => document.readyState === 'complete');
  report('tab, the charts of an app: longest task while they load', long(charts), '≤ 50 ms');
  await window.close();
}

async function log(browser, portal, cookie) {
  const window = await tab(browser, { cookie, url: portal.url });
  await window.visit(`${portal.url}/apps/${SPACE}/deployment/talker/logs`, () => document.querySelector('[role=log] .lg'));
  await sleep(3_000);
  const got = await window.during(async (page) => {
    for (let n = 0; n < SECONDS * 2; n += 1) {
      await page.mouse.move(700, 500);
      await page.mouse.wheel(0, n % 2 === 0 ? -300 : 300);
      await page.keyboard.press('Shift');
      await sleep(400);
    }
  });
  report('tab, a log of 2,000 lines a second: of the main thread', share(got.share), '', `${got.parts}; longest task ${long(got)}; keys and wheel answered within ${ms(Math.max(16, got.answer))}`);
  await window.close();
}

async function slow(browser, portal, cookie) {
  const window = await tab(browser, { cookie, url: portal.url, slower: 4, size: PHONE });
  const { rows } = await window.visit(`${portal.url}/apps`);
  const got = await window.traced(`${portal.url}/apps`);
  await window.page.waitForFunction(live);
  const busy = await window.during(() => churn(200, SECONDS));
  report('tab four times slower, list of 500 apps: longest task', long(got), '≤ 150 ms', `painted after ${ms(rows)}; at 200 changes a second ${long(busy)}, ${share(busy.share)} of the main thread`);
  await window.visit(`${portal.url}/apps/${SPACE}/deployment/talker/logs`, () => document.querySelector('[role=log] .lg'));
  const talk = await window.during(() => sleep(SECONDS * 1000));
  report('the same, a log of 2,000 lines a second: longest task', long(talk), '≤ 150 ms', `${share(talk.share)} of the main thread`);
  await window.close();
}

// Measures it all against a portal that serves the filled cluster, with the cookie of somebody who may see everything.
export async function measureTab(portal, cookie) {
  await call('POST', '/api/v1/namespaces', { metadata: { name: SPACE } });
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ARGS });
  try {
    await app(SPACE, 'beacon', 1);
    await app(SPACE, 'wide', WIDE);
    await talker();
    for (const part of [loading, changing, wide, log, slow]) {
      if (![undefined, part.name].includes(process.env.QS_ONLY)) continue;
      try { await part(browser, portal, cookie); } catch (error) { report(`tab, ${part.name}`, 'failed', '', String(error.message).split('\n')[0]); process.exitCode = 1; }
    }
  } finally {
    await browser.close();
    await call('DELETE', `/api/v1/namespaces/${SPACE}`);
  }
}

// A real pod that writes 2,000 lines of 200 bytes a second.
async function talker() {
  const labels = { app: 'talker' };
  const env = [['LOG_RATE', '2000'], ['LOG_LINES', '100000000'], ['LOG_BYTES', '200']].map(([name, value]) => ({ name, value }));
  const containers = [{ name: 'main', image: 'docker.io/local/sample:1', imagePullPolicy: 'IfNotPresent', env }];
  await call('POST', `/apis/apps/v1/namespaces/${SPACE}/deployments`, { metadata: { name: 'talker', labels }, spec: { replicas: 1, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers } } } });
  for (;;) {
    const { status } = await call('GET', `/apis/apps/v1/namespaces/${SPACE}/deployments/talker`);
    if (status.readyReplicas === 1) return;
    await sleep(500);
  }
}
