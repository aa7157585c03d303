// The table that the benchmarks fill, and the few numbers they all need.

// Lines of the table, in the order in which they were measured.
export const rows = [];

// Adds a line, and prints it at once.
export function report(what, value, aim, reference = '') {
  rows.push({ what, value, aim, reference });
  console.log(`${what.padEnd(66)} ${String(value).padEnd(24)} ${String(aim).padEnd(16)} ${reference}`);
}

export const lines = () => rows.map((r) => `| ${r.what} | ${r.value} | ${r.aim} | ${r.reference} |`).join('\n');

export const env = (name) => process.env[name] ?? (() => { throw new Error(`${name} is not set`); })();
export const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
export const percentile = (list, p) => [...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.ceil(list.length * p) - 1)];
export const ms = (n) => `${n.toFixed(n < 10 ? 1 : 0)} ms`;
export const mib = (kib) => `${(kib / 1024).toFixed(1)} MiB`;
export const share = (n) => `${(n * 100).toFixed(1)} %`;
export const kb = (n) => `${(n / 1000).toFixed(0)} KB`;
export const sleep = (time) => new Promise((r) => setTimeout(r, time));
