// `make bench`: how fast and how small the portal is, against what the same machine can do in the same run.
//
// Environment (scripts/bench.sh sets it): QS_URL and QS_PID of a running release portal, QS_ADMIN_PASSWORD,
// QS_STATIC_URL and QS_STATIC_ROOT of an nginx that serves files, KUBECONFIG, QS_OUT for the table.
// QS_ONLY, the name of one part below, measures that part alone; QS_PARTS, which names parts of scale.mjs, leaves out all of these.
// Nothing is asserted: the numbers depend on the machine. docs/benchmarks.md says how to read them.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { chromium } from '@playwright/test';
import { env, kb, lines, median, ms, percentile, report } from './report.mjs';

const URL_ = env('QS_URL');
const PID = env('QS_PID');
const NS = 'bench';

const kubectl = (...args) => execFileSync('kubectl', args, { encoding: 'utf8', maxBuffer: 1 << 28 });
const apply = (object) => execFileSync('kubectl', ['apply', '--server-side', '-f', '-'], { input: JSON.stringify(object), encoding: 'utf8' });

// Cost so far of the portal's process in seconds of CPU (clock ticks are 1/100 s on Linux).
const cpuSeconds = () => {
  const fields = readFileSync(`/proc/${PID}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
};
const rssMiB = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${PID}/status`, 'utf8'))[1]) / 1024;

async function until(what, test, deadline = 120_000) {
  const end = Date.now() + deadline;
  for (;;) {
    if (await test()) return;
    if (Date.now() > end) throw new Error(`${what}: not within ${deadline / 1000} s`);
    await new Promise((r) => setTimeout(r, 200));
  }
}

// The share of the processors' time that is not idle.
async function busy() {
  const times = () => readFileSync('/proc/stat', 'utf8').split('\n', 1)[0].split(/\s+/).slice(1).map(Number);
  const before = times();
  await new Promise((r) => setTimeout(r, 300));
  const spent = times().map((t, i) => t - before[i]);
  return 1 - (spent[3] + spent[4]) / spent.reduce((a, b) => a + b, 0);
}

// A cluster that has just started pulls images and starts pods, and a new window of Chromium loads hundreds of files of
// its own; neither is what is measured.
// What else runs here, such as `make run`, makes the numbers worse but not worthless: it is waited for, then told.
let loud = false;
async function calm() {
  const end = Date.now() + (loud ? 2_000 : 30_000);
  for (;;) {
    const share = Math.max(await busy(), await busy());
    if (share < 0.15) return;
    if (Date.now() < end) continue;
    if (!loud) report('the machine', `${(share * 100).toFixed(0)} % busy`, 'idle', 'with something else: what follows is slower than it could be');
    loud = true;
    return;
  }
}

const deployment = (name, replicas, labels = {}) => ({
  apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace: NS, labels },
  spec: {
    replicas, selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      // No node has this label: the pods are watched, but cost no node anything.
      spec: { nodeSelector: { bench: 'none' }, containers: [{ name: 'main', image: 'docker.io/local/sample:1', resources: { requests: { cpu: '1m', memory: '1Mi' } } }] },
    },
  },
});

const launchArgs = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: launchArgs });

async function signIn(context) {
  const page = await context.newPage();
  await page.goto(`${URL_}/signin`);
  await page.fill('input[name=name]', 'admin');
  await page.fill('input[name=password]', env('QS_ADMIN_PASSWORD'));
  await Promise.all([page.waitForURL(/\/apps/), page.click('button[type=submit]')]);
  await page.close();
}

// A window whose pages say when what `selector` names was painted.
async function open(context, { slow = false, selector = '' } = {}) {
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  await cdp.send('Network.enable');
  if (slow) await cdp.send('Network.emulateNetworkConditions', { offline: false, latency: 40, downloadThroughput: 20e6 / 8, uploadThroughput: 20e6 / 8 });
  await page.addInitScript((wanted) => {
    window.__long = 0;
    new PerformanceObserver((list) => { for (const e of list.getEntries()) window.__long = Math.max(window.__long, e.duration); }).observe({ type: 'longtask', buffered: true });
    const look = () => {
      if (document.querySelector(wanted)) requestAnimationFrame(() => setTimeout(() => { window.__rows = performance.now(); }));
      else requestAnimationFrame(look);
    };
    if (wanted) look();
  }, selector);
  return { page, cdp, selector };
}

// Goes to a page and says what went over the wire and when its rows were painted.
async function visit({ page, cdp, selector }, url) {
  let bytes = 0;
  const urls = new Map();
  const received = (e) => urls.set(e.requestId, e.response.url);
  const finished = (e) => { bytes += e.encodedDataLength; };
  cdp.on('Network.responseReceived', received).on('Network.loadingFinished', finished);
  await calm();
  await page.goto(url, { waitUntil: 'load' });
  if (selector) await page.waitForFunction(() => window.__rows);
  await page.waitForLoadState('networkidle').catch(() => {});
  cdp.off('Network.responseReceived', received).off('Network.loadingFinished', finished);
  return { ...(await page.evaluate(() => ({ rows: window.__rows, long: window.__long }))), bytes, urls: [...urls.values()] };
}

// The same in a window of its own.
async function load(context, url, options) {
  const window = await open(context, options);
  const result = await visit(window, url);
  await window.page.close();
  return result;
}

const ROW = 'tr[data-row]';
// Visits in the window that has been there before.
const AGAIN = 3;
// Nothing is emulated: at each navigation Chromium would style the page that goes once more, for 30 ms.
const WINDOW = { viewport: { width: 1440, height: 900 }, colorScheme: null, reducedMotion: null, forcedColors: null, contrast: null };
const fresh = async () => { const c = await browser.newContext(WINDOW); await signIn(c); return c; };

async function loginPage() {
  const context = await browser.newContext();
  const login = await load(context, `${URL_}/signin`);
  report('login page over the wire', kb(login.bytes), '≤ 30 KB', `wasm: ${login.urls.some((u) => u.endsWith('.wasm')) ? 'yes' : 'none'}`);
  await context.close();
}

// The same bytes as static files from nginx: what no server can beat.
async function staticCopy(context) {
  const root = env('QS_STATIC_ROOT');
  const cookie = (await context.cookies()).map((c) => `${c.name}=${c.value}`).join('; ');
  const html = await (await fetch(`${URL_}/apps`, { headers: { cookie } })).text();
  const assets = [...new Set([...html.matchAll(/(?:href|src)="(\/[^"]+\.(?:css|js|wasm|woff2|svg))"/g)].map((m) => m[1]))];
  for (const path of assets) {
    const body = Buffer.from(await (await fetch(`${URL_}${path}`)).arrayBuffer());
    mkdirSync(`${root}${path.replace(/[^/]*$/, '')}`, { recursive: true });
    writeFileSync(`${root}${path}`, body);
  }
  writeFileSync(`${root}/apps.html`, html.replace(/<script[\s\S]*?<\/script>/g, ''));
}

async function appsPage() {
  const warmup = await fresh();
  await staticCopy(warmup);
  await warmup.close();
  const [ours, files] = [`${URL_}/apps`, `${env('QS_STATIC_URL')}/apps.html`];
  const times = { cold: [], again: [], anew: [], slow: [], long: [], size: [], files: [], filesAgain: [] };
  for (let i = 0; i < 7; i += 1) {
    const context = await browser.newContext(WINDOW);
    const plain = await open(context, { selector: ROW });
    times.files.push((await visit(plain, files)).rows);
    for (let again = 0; again < AGAIN; again += 1) times.filesAgain.push((await visit(plain, files)).rows);
    await context.close();
    const signedIn = await fresh();
    const cdp = await signedIn.newCDPSession(await signedIn.newPage());
    await cdp.send('Network.enable');
    await cdp.send('Network.clearBrowserCache');
    const window = await open(signedIn, { selector: ROW });
    const first = await visit(window, ours);
    times.cold.push(first.rows);
    times.long.push(first.long);
    times.size.push(first.bytes);
    for (let again = 0; again < AGAIN; again += 1) times.again.push((await visit(window, ours)).rows);
    await window.page.close();
    times.anew.push((await load(signedIn, ours, { selector: ROW })).rows);
    await cdp.send('Network.clearBrowserCache');
    times.slow.push((await load(signedIn, ours, { selector: ROW, slow: true })).rows);
    await signedIn.close();
  }
  const beside = (own, other) => `${(median(own) / median(other)).toFixed(2)} × the same files from nginx (${ms(median(other))})`;
  report('apps page over the wire, cold, all of it', kb(median(times.size)), '≤ 300 KB', 'Headlamp 7.6 MB, Kite 6.3 MB');
  report('apps page painted with its rows, cold', ms(median(times.cold)), '≤ 250 ms', `${beside(times.cold, times.files)}; Headlamp 1.39 s, Kite 0.80 s`);
  report('apps page painted with its rows, warm', ms(median(times.again)), '≤ 150 ms', `${beside(times.again, times.filesAgain)}; Headlamp 1.27 s, Kite 0.76 s`);
  report('the same, warm, in a new window', ms(median(times.anew)), '≤ 150 ms', 'most of it a new process of Chromium');
  report('apps page, cold, 20 Mbit/s and 40 ms', ms(median(times.slow)), '≤ 600 ms', 'Headlamp 5.1 s, Kite 3.9 s');
  report('longest task while it loads', ms(Math.max(...times.long)), '≤ 100 ms');
}

async function memory() {
  apply(deployment('hundred', 100));
  await until('100 pods', () => kubectl('-n', NS, 'get', 'pods', '-l', 'app=hundred', '-o', 'name').trim().split('\n').length >= 100);
  const context = await fresh();
  await until('the portal shows them', async () => {
    const list = await (await context.request.get(`${URL_}/api/v1/namespaces/${NS}/apps`)).json();
    return list.items.some((a) => a.id.name === 'hundred' && a.wanted === 100);
  });
  report('server with 100 pods watched, resident', `${rssMiB().toFixed(1)} MiB`, '≤ 30 MiB', 'Headlamp 57, Kite 59 MB idle');
  await context.close();
}

async function fiveHundred() {
  const list = { apiVersion: 'v1', kind: 'List', items: Array.from({ length: 500 }, (_, i) => ({ ...deployment(`many-${String(i).padStart(3, '0')}`, 0), metadata: { name: `many-${String(i).padStart(3, '0')}`, namespace: `${NS}-many` } })) };
  execFileSync('kubectl', ['create', 'namespace', `${NS}-many`]);
  execFileSync('kubectl', ['create', '-f', '-'], { input: JSON.stringify(list), maxBuffer: 1 << 28, stdio: ['pipe', 'ignore', 'inherit'] });
  const context = await fresh();
  const page = async () => (await context.request.get(`${URL_}/apps/${NS}-many`)).text();
  await until('500 rows', async () => ((await page()).match(/data-row=/g) ?? []).length >= 500);
  const cookie = (await context.cookies()).map((c) => `${c.name}=${c.value}`).join('; ');
  const time = async (url) => {
    const times = [];
    for (let i = 0; i < 60; i += 1) {
      const start = performance.now();
      await (await fetch(url, { headers: { cookie, 'accept-encoding': 'identity' } })).arrayBuffer();
      times.push(performance.now() - start);
    }
    return median(times);
  };
  writeFileSync(`${env('QS_STATIC_ROOT')}/many.html`, await page());
  const ours = await time(`${URL_}/apps/${NS}-many`);
  const nginx = await time(`${env('QS_STATIC_URL')}/many.html`);
  report('apps page with 500 apps, to the last byte', ms(ours), '≤ 20 ms', `the same file from nginx: ${ms(nginx)}`);
  await context.close();
  kubectl('delete', 'namespace', `${NS}-many`, '--wait=false');
}

// A pod's readiness is switched in its status; clocks are the same machine's.
async function changes() {
  apply(deployment('beacon', 1));
  await until('the pod', () => kubectl('-n', NS, 'get', 'pods', '-l', 'app=beacon', '-o', 'name').includes('pod/'));
  const pod = kubectl('-n', NS, 'get', 'pods', '-l', 'app=beacon', '-o', 'jsonpath={.items[0].metadata.name}');
  const context = await fresh();
  const page = await context.newPage();
  await page.goto(`${URL_}/apps/${NS}`);
  await page.waitForSelector(`tr[id="${NS}/deployment/beacon"]`);
  await page.waitForFunction(() => document.querySelector('[data-live=live]'));
  await page.evaluate((id) => {
    window.__seen = [];
    let before = '';
    // The cell alone: ages in the row change by themselves.
    new MutationObserver(() => {
      const text = document.querySelector(`tr[id="${id}"] .c-rdy`)?.textContent ?? '';
      if (text !== before) { before = text; window.__seen.push([Date.now(), text]); }
    }).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
  }, `${NS}/deployment/beacon`);
  const watch = spawn('kubectl', ['get', '--raw', `/api/v1/namespaces/${NS}/pods?watch=true&labelSelector=app%3Dbeacon`]);
  const arrivals = [];
  createInterface({ input: watch.stdout }).on('line', (line) => {
    const ready = JSON.parse(line).object.status.conditions?.find((c) => c.type === 'Ready')?.status;
    arrivals.push([Date.now(), ready]);
  });
  await until('the watch', () => arrivals.length > 0);
  const delays = [];
  for (let i = 0; i < 40; i += 1) {
    const ready = i % 2 === 0;
    const from = arrivals.length;
    const seen = await page.evaluate(() => window.__seen.length);
    const status = { status: { phase: 'Running', conditions: [{ type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: new Date().toISOString() }] } };
    kubectl('-n', NS, 'patch', 'pod', pod, '--subresource=status', '--type=merge', '-p', JSON.stringify(status));
    await until('the watch to tell', () => arrivals.length > from, 10_000);
    const wanted = [seen, ready ? '1/1' : '0/1'];
    const shown = ([n, text]) => window.__seen.slice(n).find(([, seen]) => seen.includes(text))?.[0];
    await page.waitForFunction(shown, wanted, { timeout: 10_000 }).catch(() => {});
    // One that never comes counts as one that takes as long as was waited.
    delays.push(((await page.evaluate(shown, wanted)) ?? arrivals[from][0] + 10_000) - arrivals[from][0]);
  }
  watch.kill();
  report('a pod change reaches the open page after the watch, p95', ms(percentile(delays, 0.95)), '≤ 100 ms', `median ${ms(median(delays))} of ${delays.length}; Headlamp 187 ms, p95 548`);
  await context.close();
}

async function logs() {
  const lines = 200_000;
  apply({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'writer-probe', namespace: NS }, spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'docker.io/local/sample:1', imagePullPolicy: 'IfNotPresent' }] } });
  kubectl('-n', NS, 'delete', 'pod', 'writer-probe', '--wait=false');
  const writer = deployment('writer', 1);
  delete writer.spec.template.spec.nodeSelector;
  Object.assign(writer.spec.template.spec.containers[0], { imagePullPolicy: 'IfNotPresent', env: [{ name: 'LOG_LINES', value: String(lines) }, { name: 'LOG_RATE', value: '0' }, { name: 'LOG_BYTES', value: '200' }] });
  apply(writer);
  kubectl('-n', NS, 'rollout', 'status', 'deployment/writer', '--timeout=120s');
  const pod = kubectl('-n', NS, 'get', 'pods', '-l', 'app=writer', '-o', 'jsonpath={.items[0].metadata.name}');
  await until('all lines are written', () => kubectl('-n', NS, 'logs', pod, '--tail=5').includes(String(lines)));
  const certs = `${env('QS_STATIC_ROOT')}/../certs`;
  mkdirSync(certs, { recursive: true });
  const config = JSON.parse(kubectl('config', 'view', '--raw', '-o', 'json'));
  for (const [file, data] of [['ca', config.clusters[0].cluster['certificate-authority-data']], ['crt', config.users[0].user['client-certificate-data']], ['key', config.users[0].user['client-key-data']]]) writeFileSync(`${certs}/${file}`, Buffer.from(data, 'base64'), { mode: 0o600 });
  const context = await fresh();
  const cookie = (await context.cookies()).map((c) => `${c.name}=${c.value}`).join('; ');
  const read = (...args) => {
    const start = performance.now();
    const text = execFileSync('curl', ['-sN', '--fail', ...args], { maxBuffer: 1 << 30 });
    const seconds = (performance.now() - start) / 1000;
    const numbers = text.toString('latin1').match(/line \d+/g) ?? [];
    return { seconds, lines: numbers.length, distinct: new Set(numbers).size };
  };
  const direct = [], through = [];
  let cpu = 0, relayed = 0, lost = 0;
  for (let i = 0; i < 3; i += 1) {
    const a = read('--cacert', `${certs}/ca`, '--cert', `${certs}/crt`, '--key', `${certs}/key`, `${config.clusters[0].cluster.server}/api/v1/namespaces/${NS}/pods/${pod}/log`);
    const before = cpuSeconds();
    const b = read('-H', `Cookie: ${cookie}`, `${URL_}/api/v1/namespaces/${NS}/apps/deployment/writer/logs`);
    cpu += cpuSeconds() - before; relayed += b.lines; lost += a.distinct - b.distinct;
    direct.push(a.lines / a.seconds); through.push(b.lines / b.seconds);
  }
  report('log relay against curl -N on the same log', `${(median(through) / median(direct)).toFixed(2)} ×`, '≥ 0.9 ×', `${Math.round(median(through) / 1000)} of ${Math.round(median(direct) / 1000)} thousand lines/s; ${lost} of ${relayed} lines lost`);
  report("portal's CPU per 200-byte line", `${((cpu / relayed) * 1e6).toFixed(2)} µs`, '≤ 3 µs', 'Headlamp 7.7, Kite 13.6');
  await context.close();
}

try {
  kubectl('create', 'namespace', NS);
  const parts = [loginPage, appsPage, memory, fiveHundred, changes, logs];
  const { QS_ONLY, QS_PARTS } = process.env;
  for (const part of parts.filter((p) => (QS_ONLY ? p.name === QS_ONLY : !QS_PARTS))) {
    try { await calm(); await part(); } catch (error) { report(part.name, 'failed', '', String(error.message).split('\n')[0]); process.exitCode = 1; }
  }
} finally {
  execFileSync('kubectl', ['delete', 'namespace', NS, '--wait=false']);
  await browser.close();
}
const table = ['| what | measured | aim | against |', '|---|---|---|---|', lines()].join('\n');
writeFileSync(env('QS_OUT'), `${table}\n`);
