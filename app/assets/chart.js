// <quays-chart>: draws the charts of one app with uPlot over the server's own drawing, keeps them fresh, and gives
// all of them one crosshair. It reads what to draw from its script element and knows nothing of the page around it.
import uPlot from "uplot";

const STEP_MS = 15_000;
const MOST = 6; // lines per chart; beyond that the five highest and the mean of the others
const TOP = 34; // room for two rows of flags
const HEIGHT = TOP + 220 + 22;
const SHORTEST = 60; // seconds that a part of the range has at least
const LATE = 2; // steps that a sample may be late before its pod counts as gone
const MARKERS = ["disc", "square", "triangle", "diamond", "cross", "down"];

const grouped = (value, digits) => value.toFixed(digits).replace(/\.?0+$/, "");

/** `212m` below one core, `1.24` above; as the server writes it. */
export function cores(milli) {
  if (milli === 0) return "0";
  return milli < 1000 ? `${Math.round(milli)}m` : (milli / 1000).toFixed(2).replace(/\.?0+$/, "");
}

/** `488 Mi`, `1.31 Gi`; as the server writes it. */
export function bytes(value) {
  const units = ["B", "Ki", "Mi", "Gi", "Ti", "Pi"];
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  if (value === 0) return "0";
  const digits = value >= 100 || Number.isInteger(value) ? 0 : value >= 10 ? 1 : 2;
  return `${digits ? grouped(value, digits) : Math.round(value)} ${units[unit]}`;
}

const KINDS = {
  cpu: { of: (s) => s.cpu_milli, request: "cpu_request", limit: "cpu_limit", write: cores, steps: decimal },
  memory: { of: (s) => s.memory_bytes, request: "memory_request", limit: "memory_limit", write: bytes, steps: binary },
};

function decimal(raw) {
  const power = 10 ** Math.floor(Math.log10(raw));
  return [1, 2, 5, 10].map((f) => f * power).find((s) => s >= raw);
}

function binary(raw) {
  return 2 ** Math.ceil(Math.log2(raw));
}

/** The last moment at which something was measured, and what. */
function last(values) {
  for (let i = values.length - 1; i >= 0; i--) if (values[i] != null) return { at: i, value: values[i] };
  return null;
}

/** The end of a pod's name, which tells pods of one app apart. */
export function tail(pod) {
  const dash = pod.lastIndexOf("-");
  return dash < 0 ? pod : pod.slice(dash + 1);
}

/** The lines of a chart: label, title, colour and marker, values. Slots keep a pod's colour while the pod lives. */
export function lines(pods, of, slots = new Map()) {
  const all = pods.map((s) => ({ pod: s.pod, values: of(s) }));
  const ended = (values) => last(values)?.at ?? -1;
  const newest = Math.max(-1, ...all.map((s) => ended(s.values)));
  const gone = (values) => ended(values) + LATE < newest;
  let shown = all;
  let rest = [];
  if (all.length > MOST) {
    const high = new Map(all.map((s) => [s, s.values.reduce((m, v) => Math.max(m, v ?? 0), 0)]));
    const top = new Set([...all].sort((a, b) => gone(a.values) - gone(b.values) || high.get(b) - high.get(a)).slice(0, MOST - 1));
    shown = all.filter((s) => top.has(s));
    rest = all.filter((s) => !top.has(s));
  }
  for (const pod of [...slots.keys()]) if (!shown.some((s) => s.pod === pod)) slots.delete(pod);
  const result = shown.map((s) => {
    if (!slots.has(s.pod)) {
      const taken = new Set(slots.values());
      slots.set(s.pod, [0, 1, 2, 3, 4, 5].find((i) => !taken.has(i)) ?? 0);
    }
    return { label: tail(s.pod), title: s.pod, slot: slots.get(s.pod), values: s.values, gone: gone(s.values), mono: true };
  });
  if (rest.length) {
    const values = rest[0].values.map((_, i) => {
      const there = rest.map((s) => s.values[i]).filter((v) => v != null);
      return there.length ? there.reduce((a, b) => a + b, 0) / there.length : null;
    });
    result.push({ label: `Mean of ${rest.length} others`, title: "", slot: -1, values, gone: gone(values), mono: false });
  }
  return result;
}

function marker(ctx, kind, x, y, r) {
  ctx.beginPath();
  if (kind === "square") ctx.rect(x - r * 0.9, y - r * 0.9, r * 1.8, r * 1.8);
  else if (kind === "triangle") { ctx.moveTo(x, y - r * 1.2); ctx.lineTo(x + r * 1.15, y + r * 0.9); ctx.lineTo(x - r * 1.15, y + r * 0.9); ctx.closePath(); }
  else if (kind === "down") { ctx.moveTo(x, y + r * 1.2); ctx.lineTo(x + r * 1.15, y - r * 0.9); ctx.lineTo(x - r * 1.15, y - r * 0.9); ctx.closePath(); }
  else if (kind === "diamond") { ctx.moveTo(x, y - r * 1.3); ctx.lineTo(x + r * 1.3, y); ctx.lineTo(x, y + r * 1.3); ctx.lineTo(x - r * 1.3, y); ctx.closePath(); }
  else if (kind === "cross") { const a = r * 0.4, b = r * 1.15; for (const [px, py] of [[-a, -b], [a, -b], [a, -a], [b, -a], [b, a], [a, a], [a, b], [-a, b], [-a, a], [-b, a], [-b, -a], [-a, -a]]) ctx.lineTo(x + px, y + py); ctx.closePath(); }
  else ctx.arc(x, y, r, 0, 2 * Math.PI);
  ctx.fill();
  ctx.stroke();
}

const SWATCH = {
  disc: "M0-3.25A3.25 3.25 0 1 0 0 3.25A3.25 3.25 0 1 0 0-3.25Z",
  square: "M-2.9-2.9H2.9V2.9H-2.9Z",
  triangle: "M0-4 3.8 3H-3.8Z",
  diamond: "M0-4.2 4.2 0 0 4.2-4.2 0Z",
  cross: "M-1-3.5H1V-1H3.5V1H1V3.5H-1V1H-3.5V-1H-1Z",
  down: "M0 4 3.8-3H-3.8Z",
};

function element(name, attributes, ...children) {
  const el = name === "svg" || name === "path" ? document.createElementNS("http://www.w3.org/2000/svg", name) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes ?? {})) el.setAttribute(key, value);
  el.append(...children);
  return el;
}

// Marks have flags above the plot: rollouts in the upper row, what happened to containers in the lower one.
const FLAGS_UP = [32, 17];
const FLAGS = {
  deploy: { row: 0, colour: "accent", shape: [[-5, 0], [5, 0], [5, 6], [0, 10.5], [-5, 6]] },
  oom: { row: 1, colour: "bad", cross: true, shape: [[-2.6, 0], [2.6, 0], [5, 2.4], [5, 7.6], [2.6, 10], [-2.6, 10], [-5, 7.6], [-5, 2.4]] },
  restart: { row: 1, colour: "warn", shape: [[0, 0], [5, 5], [0, 10], [-5, 5]] },
};

/** Where the words of flags in one row stand, the newest first: on the right where there is room, else on the left, else cut
 *  to the larger room; without any where a person could not read them. */
export function labels(flags, left, right, k, wide) {
  const gap = 9 * k;
  const taken = flags.map(({ x }) => [x - 6 * k, x + 6 * k]);
  const placed = [];
  for (const { x, label, kind } of [...flags].sort((a, b) => b.x - a.x)) {
    const after = Math.min(right, ...taken.filter(([from]) => from > x).map(([from]) => from - 3 * k)) - (x + gap);
    const before = x - gap - Math.max(left, ...taken.filter(([, to]) => to < x).map(([, to]) => to + 3 * k));
    const toRight = wide(label) <= after || (wide(label) > before && after >= before);
    const room = toRight ? after : before;
    let words = label;
    if (wide(words) > room) {
      while (words && wide(`${words}…`) > room) words = words.slice(0, -1);
      words = `${words.trimEnd()}…`;
    }
    if (room < 48 * k) continue;
    taken.push(toRight ? [x + gap, x + gap + wide(words)] : [x - gap - wide(words), x - gap]);
    placed.push({ words, x: toRight ? x + gap : x - gap, align: toRight ? "left" : "right", colour: FLAGS[kind].colour });
  }
  return placed;
}

const clock = (seconds, withSeconds) =>
  new Date(seconds * 1000).toLocaleTimeString("en-GB", withSeconds ? { hour: "2-digit", minute: "2-digit", second: "2-digit" } : { hour: "2-digit", minute: "2-digit" });

const zone = () => new Date().toLocaleTimeString("en-GB", { timeZoneName: "short" }).split(" ").pop();

class Quays extends HTMLElement {
  connectedCallback() {
    const source = this.querySelector("script[type='application/json']");
    if (!source) return;
    this.metrics = JSON.parse(source.textContent);
    this.plots = [];
    this.slots = new Map();
    this.colours();
    this.draw();
    this.watch = new ResizeObserver(() => this.resize());
    for (const box of this.querySelectorAll(".plot-box")) this.watch.observe(box);
    const repaint = () => { this.colours(); this.draw(); };
    this.theme = new MutationObserver(repaint);
    this.theme.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
    this.system = matchMedia("(prefers-color-scheme: dark)");
    this.system.addEventListener("change", (this.repaint = repaint));
    this.timer = setInterval(() => this.refresh(), STEP_MS);
    for (const details of this.querySelectorAll("details.as-table")) details.addEventListener("toggle", () => this.tables());
    document.fonts?.ready.then(() => this.isConnected && this.draw());
    this.point();
  }

  disconnectedCallback() {
    clearInterval(this.timer);
    this.watch?.disconnect();
    this.theme?.disconnect();
    this.system?.removeEventListener("change", this.repaint);
    for (const plot of this.plots ?? []) plot.destroy();
  }

  /** Colours as the theme in force resolves them; a canvas does not read CSS variables. */
  colours() {
    const probe = element("span", { hidden: "" });
    this.append(probe);
    const read = (value) => {
      probe.style.color = "";
      probe.style.color = value;
      return getComputedStyle(probe).color;
    };
    this.c = {};
    for (const name of ["ink", "ink-2", "ink-3", "line", "surface", "bad", "warn", "accent", "idle"]) this.c[name] = read(`var(--q-${name})`);
    this.c.series = [1, 2, 3, 4, 5, 6].map((i) => read(`var(--q-s${i})`));
    this.c.area = [1, 2, 3, 4, 5, 6].map((i) => read(`color-mix(in oklab, var(--q-s${i}) 10%, transparent)`));
    probe.style.fontFamily = "var(--font-sans)";
    this.font = getComputedStyle(probe).fontFamily || "sans-serif";
    probe.remove();
  }

  /** Draws all charts anew. */
  draw() {
    for (const plot of this.plots) plot.destroy();
    this.plots = [];
    const m = this.metrics;
    this.xs = Array.from({ length: m.steps }, (_, i) => m.from / 1000 + i * m.step_s);
    for (const figure of this.querySelectorAll("figure[data-of]")) this.figure(figure, KINDS[figure.dataset.of]);
  }

  /** Goes to the page of a part of what is shown; it stands in the address, and the way back is the browser's. */
  zoom(figure, min, max) {
    if (!this.dataset.zoom || this.leaving) return;
    const less = Math.max(0, SHORTEST - (max - min)) / 2;
    const to = new URL(this.dataset.zoom, location.href);
    to.searchParams.set("from", Math.round((min - less) * 1000));
    to.searchParams.set("to", Math.round((max + less) * 1000));
    if (scrollY > 0) to.hash = `chart-${figure.dataset.of}`;
    // The other charts choose the same.
    this.leaving = true;
    location.assign(to);
  }

  figure(figure, kind) {
    const box = figure.querySelector(".plot-box");
    if (!kind || !box) return;
    const m = this.metrics;
    const drawn = lines(m.pods, kind.of, this.slots);
    const request = m[kind.request];
    const limit = m[kind.limit];
    const highest = drawn.reduce((top, line) => line.values.reduce((t, v) => Math.max(t, v ?? 0), top), 0);
    const near = Math.max(highest, request ?? 0);
    // A limit far above everything would press the lines flat: then it is named at the edge instead.
    const above = limit != null && near > 0 && limit > near * 6;
    const top = Math.max(highest, request ?? 0, above ? 0 : (limit ?? 0)) * 1.12 || 1;
    const step = kind.steps(top / 4);
    const colour = (line) => (line.slot < 0 ? this.c.idle : this.c.series[line.slot]);
    figure.querySelector("svg.plot")?.remove();
    box.classList.add("is-live");
    const host = this;
    const plot = new uPlot(
      {
        width: Math.max(box.clientWidth - 28, 60),
        height: HEIGHT,
        padding: [TOP, 14, 0, 0],
        legend: { show: false },
        focus: { alpha: 1 },
        cursor: {
          sync: { key: "quays-chart", scales: ["x", null], setSeries: false },
          y: false,
          drag: { x: true, y: false, dist: 6, setScale: false },
          bind: { dblclick: () => () => host.querySelector("[data-reset]")?.click() },
          points: { size: 7, width: 1.5, stroke: () => host.c.surface, fill: (u, i) => colour(drawn[i - 1]) },
        },
        scales: { x: { time: true }, y: { range: [0, top] } },
        series: [{}, ...drawn.map((line) => ({
          stroke: colour(line),
          width: 1.5,
          spanGaps: false,
          points: { show: false },
          ...(drawn.length === 1 && line.slot >= 0 ? { fill: this.c.area[line.slot] } : {}),
        }))],
        axes: [
          { stroke: this.c["ink-3"], font: `11px ${this.font}`, size: 20, gap: 4, grid: { show: false }, ticks: { show: false }, space: 72, values: (u, splits) => splits.map((s) => clock(s, false)) },
          {
            stroke: this.c["ink-3"], font: `11px ${this.font}`, size: 44, gap: 8, ticks: { show: false },
            grid: { stroke: this.c.line, width: 1 },
            splits: () => { const all = []; for (let v = 0; v <= top; v += step) all.push(v); return all; },
            values: (u, splits) => splits.map((v) => kind.write(v)),
          },
        ],
        hooks: {
          draw: [(u) => host.over(u, drawn, colour, { request, limit, above, write: kind.write })],
          setCursor: [(u) => host.moment(u, figure, drawn, kind)],
          setSelect: [(u) => u.select.width > 0 && host.zoom(figure, u.posToVal(u.select.left, "x"), u.posToVal(u.select.left + u.select.width, "x"))],
        },
      },
      [this.xs, ...drawn.map((line) => line.values)],
      box,
    );
    this.plots.push(plot);
    this.legend(figure, drawn, kind, null);
    const now = last(kind.of(m.total));
    const value = figure.querySelector("[data-now]");
    if (value && now) value.textContent = kind.write(now.value);
  }

  /** Limits, marks and the markers at the lines' ends. */
  over(u, drawn, colour, { request, limit, above, write }) {
    const { ctx } = u;
    const k = devicePixelRatio || 1;
    const { left, top, width, height } = u.bbox;
    const right = left + width;
    ctx.save();
    ctx.font = `${11 * k}px ${this.font}`;
    ctx.lineWidth = k;
    const text = (words, x, y, fill, align) => {
      ctx.textAlign = align;
      ctx.textBaseline = "alphabetic";
      ctx.lineWidth = 3 * k;
      ctx.lineJoin = "round";
      ctx.setLineDash([]);
      ctx.strokeStyle = this.c.surface;
      ctx.strokeText(words, x, y);
      ctx.fillStyle = fill;
      ctx.fillText(words, x, y);
      ctx.lineWidth = k;
    };
    const level = (value, stroke, dash) => {
      const y = Math.round(u.valToPos(value, "y", true));
      ctx.strokeStyle = stroke;
      ctx.setLineDash(dash.map((d) => d * k));
      ctx.beginPath();
      ctx.moveTo(left, y);
      ctx.lineTo(right, y);
      ctx.stroke();
      return y - 4 * k;
    };
    const requested = request == null ? null : level(request, this.c["ink-3"], [2, 3]);
    const limited = limit == null ? null : above ? top + 12 * k : level(limit, this.c.bad, []);
    const flags = this.metrics.marks.map((mark) => ({ ...mark, x: Math.round(u.valToPos(this.onChart(mark.at), "x", true)) })).filter(({ x }) => x >= left && x <= right);
    for (const flag of flags) this.flag(ctx, flag, top, height, k);
    // The limit's words stand on the right and the request's on the left, so that they never meet.
    if (requested != null) text(`request ${write(request)}`, left + 4 * k, requested, this.c["ink-3"], "left");
    if (limited != null) text(`limit ${write(limit)}${above ? " ↑" : ""}`, right - 4 * k, limited, this.c.bad, "right");
    for (const row of [0, 1]) {
      const inRow = flags.filter(({ kind }) => FLAGS[kind].row === row);
      for (const { words, x, align, colour } of labels(inRow, left, right, k, (words) => ctx.measureText(words).width)) text(words, x, top - FLAGS_UP[row] * k + 9 * k, this.c[colour], align);
    }

    drawn.forEach((line) => {
      const end = last(line.values);
      if (!end || line.slot < 0) return;
      const seconds = this.xs[end.at];
      if (seconds < u.scales.x.min || seconds > u.scales.x.max) return;
      ctx.fillStyle = colour(line);
      ctx.strokeStyle = this.c.surface;
      ctx.lineWidth = 1.25 * k;
      marker(ctx, MARKERS[line.slot], u.valToPos(seconds, "x", true), u.valToPos(end.value, "y", true), 3 * k);
    });
    ctx.restore();
  }

  /** The line of a mark, and its flag in the row of its kind. */
  flag(ctx, { kind, x }, top, height, k) {
    const { row, colour, shape, cross } = FLAGS[kind];
    const up = FLAGS_UP[row];
    ctx.strokeStyle = ctx.fillStyle = this.c[colour];
    ctx.setLineDash([3 * k, 2 * k]);
    ctx.beginPath();
    ctx.moveTo(x, top - (up - 10) * k);
    ctx.lineTo(x, top + height);
    ctx.stroke();
    ctx.setLineDash([]);
    ctx.beginPath();
    for (const [px, py] of shape) ctx.lineTo(x + px * k, top + (py - up) * k);
    ctx.closePath();
    ctx.fill();
    if (!cross) return;
    ctx.strokeStyle = this.c.surface;
    ctx.lineWidth = 1.3 * k;
    ctx.beginPath();
    for (const [ax, ay, bx, by] of [[-1.7, 3.3, 1.7, 6.7], [1.7, 3.3, -1.7, 6.7]]) { ctx.moveTo(x + ax * k, top + (ay - up) * k); ctx.lineTo(x + bx * k, top + (by - up) * k); }
    ctx.stroke();
    ctx.lineWidth = k;
  }

  legend(figure, drawn, kind, index) {
    const list = figure.querySelector(".legend");
    if (!list) return;
    list.replaceChildren(...drawn.map((line) => {
      const value = index == null ? last(line.values)?.value : line.values[index];
      const now = index == null && line.gone ? "gone" : value == null ? "–" : kind.write(value);
      const swatch = element("svg", { class: `sw ${line.slot < 0 ? "c-idle" : `c-s${line.slot + 1}`}`, viewBox: "-7 -5 14 10", "aria-hidden": "true" }, element("path", { d: "M-7 0H7", stroke: "currentColor", "stroke-width": "1.75" }));
      if (line.slot >= 0) swatch.append(element("path", { d: SWATCH[MARKERS[line.slot]], fill: "currentColor" }));
      const name = element("span", line.mono ? { class: "mono", title: line.title } : {}, line.label);
      return element("li", {}, swatch, name, " ", element("b", {}, now));
    }));
  }

  /** The legend and the clock follow the crosshair; beside it they show what is now. */
  moment(u, figure, drawn, kind) {
    const index = u.cursor.idx;
    const there = u.cursor.left >= 0 && index != null;
    this.legend(figure, drawn, kind, there ? index : null);
    const out = this.querySelector("[data-cross]");
    if (!out) return;
    if (!there) {
      out.hidden = true;
      return;
    }
    out.hidden = false;
    const seconds = this.xs[index];
    const ago = Math.max(0, Math.round((Date.now() / 1000 - seconds) / 60));
    out.querySelector("b").textContent = clock(seconds, true);
    const marks = this.metrics.marks.filter((mark) => Math.abs(u.valToPos(this.onChart(mark.at), "x") - u.cursor.left) < 8).map((mark) => mark.label);
    out.querySelector("span").textContent = [`${zone()}, ${ago < 90 ? `${ago} min` : `${Math.round(ago / 60)} h`} ago`, ...marks].join(" · ");
  }

  /** Seconds of a moment; what happened since the last sample, or within its step, is at the edge. */
  onChart(at) {
    const edge = this.xs[this.xs.length - 1];
    return at / 1000 > edge && at / 1000 <= edge + Math.max(60, this.metrics.step_s) ? edge : at / 1000;
  }

  /** A link with `at` shows that moment. */
  point() {
    const at = this.onChart(Number(new URLSearchParams(location.search).get("at")));
    const plot = this.plots[0];
    if (!at || !plot || at < this.xs[0] || at > this.xs[this.xs.length - 1]) return;
    const left = plot.valToPos(at, "x");
    for (const each of this.plots) each.setCursor({ left, top: 20 }, true);
  }

  resize() {
    for (const plot of this.plots) {
      const width = plot.root.parentElement.clientWidth - 28;
      if (width > 60 && width !== plot.width) plot.setSize({ width, height: HEIGHT });
    }
  }

  async refresh() {
    const note = this.querySelector("[data-note]");
    if (document.hidden || !this.dataset.src || this.busy) return;
    this.busy = true;
    try {
      const answer = await fetch(this.dataset.src, { headers: { accept: "application/json", "x-quayside-background": "1" }, credentials: "same-origin" });
      if (answer.status === 401) clearInterval(this.timer);
      if (!answer.ok) throw new Error(String(answer.status));
      const fresh = await answer.json();
      if (!this.plots.length && fresh.pods.length) return this.dispatchEvent(new Event("quays-first", { bubbles: true }));
      const inside = this.plots.some((plot) => plot.cursor.left >= 0);
      this.metrics = fresh;
      // Nothing moves under the pointer.
      if (!inside) this.draw();
      this.tables();
      if (note) {
        note.hidden = !fresh.missing;
        note.textContent = fresh.missing ?? "";
      }
    } catch {
      if (note && this.metrics.steps) {
        note.hidden = false;
        note.textContent = `No fresh data since ${clock((this.metrics.from + this.metrics.steps * this.metrics.step_s * 1000) / 1000, true)}; next try in 15 s.`;
      }
    } finally {
      this.busy = false;
    }
  }

  /** The open tables show the same moments as the charts. */
  tables() {
    const m = this.metrics;
    for (const details of this.querySelectorAll("details.as-table[open]")) {
      const kind = KINDS[details.dataset.of];
      const table = details.querySelector("table");
      if (!kind || !table || !m.steps) continue;
      const drawn = lines(m.pods, kind.of, new Map(this.slots));
      const every = Math.max(1, Math.ceil(m.steps / 24));
      const rows = [];
      for (let i = m.steps - 1; i >= 0; i -= every) {
        const seconds = m.from / 1000 + i * m.step_s;
        rows.push(element("tr", {}, element("th", { scope: "row" }, clock(seconds, true)), ...drawn.map((line) => element("td", { class: "num" }, line.values[i] == null ? "–" : kind.write(line.values[i])))));
      }
      table.tHead.rows[0].replaceChildren(element("th", { scope: "col" }, `Time (${zone()})`), ...drawn.map((line) => element("th", { scope: "col", class: "num", title: line.title }, line.label)));
      table.tBodies[0].replaceChildren(...rows);
    }
  }
}

customElements.define("quays-chart", Quays);
