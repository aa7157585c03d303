// The server at 10,000 pods in 500 apps and 50 namespaces: how soon it is ready, what it keeps in memory, how fast a page of all
// apps is, what changes cost, what the tab costs that shows them (tab.mjs), what is left behind by objects as large as a tenant can
// make them, and what it costs to tell 200 sockets of changes in 1,000 apps (fanout.mjs).
//
// Environment (scripts/bench.sh sets it): KUBECONFIG of a cluster to fill, QS_BINARY and QS_SITE of a release portal,
// QS_STATE, a folder for its database, QS_TABLE, a file to which the lines of the table are added, QS_STATIC_URL and QS_STATIC_ROOT of
// an nginx that serves files.
// QS_PARTS names the parts to measure, QS_KEEP leaves the cluster full, QS_FULL says that it is full already. Nothing is asserted:
// docs/benchmarks.md says how to read the numbers.
import { appendFileSync } from 'node:fs';
import { APPS, HOSTILE, PODS, SPACES, addSingles, churn, clear, fill, hostile } from './cluster.mjs';
import { measureFanOut } from './fanout.mjs';
import { cpuSeconds, look, signIn, start, status, stop } from './portal.mjs';
import { env, lines, median, mib, report, share, sleep } from './report.mjs';
import { measureTab } from './tab.mjs';

const SCALE = `${(SPACES * APPS * PODS).toLocaleString('en')} pods`;

// The server's own costs: of three starts, of the page, and of changes while somebody looks at the list.
async function server() {
  const starts = [];
  let portal;
  for (let n = 0; n < 3; n += 1) {
    if (portal) await stop(portal);
    portal = await start();
    starts.push(portal.ready);
  }
  report(`${SCALE}: from the start to ready`, `${(median(starts) / 1000).toFixed(2)} s`, '≤ 1.5 s', 'Radar 5, Headlamp 16, Kite 1.9 s');
  await sleep(3000);
  report('the same: resident after it', mib(status(portal, 'VmRSS')), '≤ 60 MiB', `at its highest ${mib(status(portal, 'VmHWM'))}; Radar 380, Kite 709 MB`);
  const cookie = await signIn(portal);
  const times = [];
  for (let n = 0; n < 60; n += 1) {
    const begun = performance.now();
    const text = await (await fetch(`${portal.url}/apps`, { headers: { cookie, 'accept-encoding': 'identity' } })).text();
    times.push(performance.now() - begun);
    if ((text.match(/data-row=/g) ?? []).length < SPACES * APPS) throw new Error('the page has too few rows');
  }
  report(`the same: page of all ${SPACES * APPS} apps, to the last byte`, `${median(times).toFixed(0)} ms`, '≤ 20 ms');
  const socket = await look(portal, cookie);
  for (const [rate, aim] of [[50, '≤ 3 %'], [200, '≤ 10 %']]) {
    const before = cpuSeconds(portal), begun = performance.now();
    const sent = socket.bytes(), reached = await churn(rate, 20);
    const core = (cpuSeconds(portal) - before) / ((performance.now() - begun) / 1000);
    report(`the same: ${rate} pod changes a second, of one core`, share(core), aim, `${reached.toFixed(0)} a second, a list open that gets ${((socket.bytes() - sent) / 20_000).toFixed(0)} KB/s; Radar 32 % at 50`);
  }
  socket.close();
  report('the same: resident after the changes', mib(status(portal, 'VmRSS')), '≤ 60 MiB', `at its highest ${mib(status(portal, 'VmHWM'))}`);
  await stop(portal);
}

// The tab that shows it.
async function tab() {
  const portal = await start();
  await measureTab(portal, await signIn(portal));
  await stop(portal);
}

// What a running portal grows by when they come, and one that finds them at its start is larger than one without them.
async function hostileLists() {
  const portal = await start();
  await sleep(3000);
  const without = status(portal, 'VmRSS');
  await hostile();
  await sleep(5000);
  const came = status(portal, 'VmRSS') - without;
  await stop(portal);
  const again = await start();
  await sleep(3000);
  const found = status(again, 'VmRSS') - without;
  report('14 MB of hostile lists: grown by when they come', mib(Math.max(0, came)), '≤ 5 MiB', `where they are there at the start ${mib(Math.max(0, found))}; at its highest ${mib(status(again, 'VmHWM'))}`);
  await stop(again);
}

// Many sockets that hear of changes in twice the apps, without the hostile lists.
async function fanout() {
  await clear([HOSTILE]);
  await addSingles();
  const portal = await start(2 * SPACES * APPS);
  await measureFanOut(portal);
  await stop(portal);
}

try {
  const begun = performance.now();
  if (!process.env.QS_FULL) await fill();
  console.log(`${SPACES * APPS} apps with ${SPACES * APPS * PODS} pods are there after ${((performance.now() - begun) / 1000).toFixed(0)} s`);
  const wanted = process.env.QS_PARTS?.split(',');
  for (const part of [server, tab, hostileLists, fanout].filter((p) => !wanted || wanted.includes(p.name))) await part();
} catch (error) {
  report(SCALE, 'failed', '', String(error.message).split('\n')[0]);
  console.error(error);
  process.exitCode = 1;
} finally {
  if (!process.env.QS_KEEP) await clear().catch(() => {});
  appendFileSync(env('QS_TABLE'), `${lines()}\n`);
}
process.exit();
