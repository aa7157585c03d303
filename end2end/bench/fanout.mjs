// What it costs to tell many people, in the cluster that scale.mjs has filled and with twice the apps: each of a few people looks at
// each namespace, and pods change everywhere. A change concerns the sockets of one namespace; the others should cost nothing.
//
// A change is timed from the API server's own event, at a watch of this process, to the frame that brings it to a socket, also of
// this process. They are matched by restarts: each change gives its pod more than any had before, and the row of an app has the sum.
// What arrives is only noted while pods change, and read afterwards.
import { allPods, churn, factsOf, spaces, watchPods } from './cluster.mjs';
import { PASSWORD, cpuSeconds, look, signIn, status, submit } from './portal.mjs';
import { kb, median, mib, ms, percentile, report, share, sleep } from './report.mjs';

const PEOPLE = 4;
// Sockets that the portal admits for one session (server/src/live/admission.rs); one person may have three sessions full of them.
const PER_SESSION = 20;
const RATE = 100;
const SECONDS = 20;
// Time for the last change to come, in milliseconds.
const GRACE = 3_000;

// People who may see all namespaces through their team.
async function people(portal) {
  const admin = await signIn(portal);
  const made = await submit(portal, admin, '/teams/create', { name: 'bench', namespaces: spaces.join(' ') });
  const names = Array.from({ length: PEOPLE }, (_, n) => `viewer-${n}`);
  for (const name of names) {
    await submit(portal, admin, '/users/create', { name, display: name, password: PASSWORD });
    await submit(portal, admin, `/teams/${made.searchParams.get('team')}/member`, { user: name, role: 'viewer' });
  }
  return names;
}

// A socket that has the list of a namespace and notes each frame.
async function subscribed(portal, cookie, space) {
  const frames = [];
  const socket = await look(portal, cookie, { namespace: space, told: (text) => frames.push({ at: performance.now(), text }) });
  const answered = () => frames.map(({ text }) => JSON.parse(text)).find(({ t }) => t === 'apps' || t === 'denied');
  for (const end = Date.now() + 10_000; !answered() && Date.now() < end;) await sleep(5);
  if (answered()?.t !== 'apps') throw new Error(`no list of ${space}: ${answered()?.problem.detail}`);
  return { ...socket, space, frames };
}

async function subscribeAll(portal) {
  const sockets = [];
  for (const name of await people(portal)) {
    let cookie;
    for (const [n, space] of spaces.entries()) {
      if (n % PER_SESSION === 0) cookie = await signIn(portal, name);
      sockets.push(await subscribed(portal, cookie, space));
    }
  }
  return sockets;
}

// Restarts that were given last, to whichever pod.
let restarts = 0;

// What the portal spends while these pods change, as a share of a core.
async function busy(portal, addresses) {
  const before = cpuSeconds(portal), begun = performance.now();
  const reached = await churn(RATE, SECONDS, addresses, () => { restarts += 1; return restarts; });
  return { core: (cpuSeconds(portal) - before) / ((performance.now() - begun) / 1000), reached };
}

// The changes that the watch has told of, each with the restarts that the row of its app has from then on.
function changesOf(lines, pods) {
  const known = new Map(pods.map((pod) => [pod.address, pod.restarts])), sums = new Map();
  for (const pod of pods) sums.set(pod.app, (sums.get(pod.app) ?? 0) + pod.restarts);
  const changes = [];
  for (const { at, line } of lines) {
    const pod = factsOf(JSON.parse(line).object);
    if (!known.has(pod.address)) continue;
    sums.set(pod.app, sums.get(pod.app) + pod.restarts - known.get(pod.address));
    known.set(pod.address, pod.restarts);
    changes.push({ at, app: pod.app, restarts: sums.get(pod.app) });
  }
  return changes;
}

// The rows that came to a socket, by app and in order.
function rowsOf({ frames }) {
  const rows = new Map();
  for (const { at, text } of frames) {
    const frame = JSON.parse(text);
    for (const { id, restarts } of frame.rows ?? frame.set ?? []) {
      const app = `${id.namespace}/${id.name}`;
      rows.set(app, [...(rows.get(app) ?? []), { at, restarts }]);
    }
  }
  return rows;
}

// How much later than at the watch each change came to each socket of its namespace, and how many never came: these count with the
// time that was waited. A frame may hold several changes, and one that is read before the watch's event is not late.
function delaysOf(changes, sockets, ended) {
  const delays = [];
  let lost = 0;
  for (const socket of sockets) {
    const rows = rowsOf(socket);
    for (const { at, app, restarts } of changes.filter((change) => change.app.startsWith(`${socket.space}/`))) {
      const row = rows.get(app)?.find((one) => one.restarts >= restarts);
      if (!row) lost += 1;
      delays.push(Math.max(0, (row?.at ?? ended) - at));
    }
  }
  return { delays, lost };
}

// Measures it against a portal that serves the filled cluster with the apps of `addSingles`.
export async function measureFanOut(portal) {
  const all = await allPods();
  restarts = Math.max(...all.map((pod) => pod.restarts));
  // A second change of a pod changes less of its row, so each period has pods of its own.
  const [quiet, watched] = [0, 1].map((half) => all.filter((_, n) => n % 2 === half).map((pod) => pod.address));
  const alone = await busy(portal, quiet);
  const sockets = await subscribeAll(portal);
  await sleep(3_000);
  const sent = () => sockets.reduce((sum, socket) => sum + socket.bytes(), 0);
  const before = await allPods(), lines = [], bytes = sent();
  const close = await watchPods('/api/v1/pods', (line) => lines.push({ at: performance.now(), line }));
  const told = await busy(portal, watched);
  const rate = kb((sent() - bytes) / SECONDS), resident = mib(status(portal, 'VmRSS'));
  await sleep(GRACE);
  const ended = performance.now();
  close();
  for (const socket of sockets) socket.close();
  const apps = new Set(all.map((pod) => pod.app)).size;
  report(`${apps.toLocaleString('en')} apps, ${sockets.length} sockets on one of ${spaces.length} namespaces each: ${RATE} pod changes a second, of one core`, share(told.core), '≤ 15 %', `${told.reached.toFixed(0)} a second, the sockets get ${rate}/s; without sockets ${share(alone.core)}; resident ${resident}`);
  const { delays, lost } = delaysOf(changesOf(lines, before), sockets, ended);
  report('the same: a change reaches a socket after a watch, p95', ms(percentile(delays, 0.95)), '≤ 25 ms', `median ${ms(median(delays))} of ${delays.length.toLocaleString('en')}; ${lost} never came`);
}
