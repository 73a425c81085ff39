// page [RUNS]: how soon the page can be used, how soon an event is seen, what an open page costs and how long its questions take,
// with so many ended runs in the journal (100,000). Real nodes, a real browser, all on this machine. Exits 1 beyond the bounds.
import { readFileSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { join } from "node:path";

const packages = process.env.ARTEL_PAGE_PACKAGES;
const { Cluster, openBrowser, openPage, waitFor } = await import(join(packages, "cluster.mjs"));
const runs = Number(process.argv[2] ?? 100_000), rounds = 7, events = 40, idle_s = 20;
const bounds = { ready_ms: 1000, event_ms: 200, idle_percent: 1 };
const median = (all) => [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)];
const part = (all, share) => [...all].sort((a, b) => a - b)[Math.min(all.length - 1, Math.floor(all.length * share))];
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

const cluster = new Cluster();
let wrong = 0;
const tell = (what, figures, bad = false) => { console.log(JSON.stringify({ what, ...figures })); if (bad) { wrong += 1; console.error(`beyond its bound: ${what}`); } };

/** Requests of a program that is logged in, over connections that stay open. */
class Client {
  agent = new Agent({ keepAlive: true, maxSockets: 64 });
  headers = {};
  ask(path, body, method = body === undefined ? "GET" : "POST") {
    const [host, port] = cluster.address.split(":");
    return new Promise((done, failed) => {
      const asked = request({ host, port, path: `/api/v1${path}`, method, agent: this.agent, headers: { ...this.headers, ...(body ? { "Content-Type": "application/json" } : {}) } }, (answer) => {
        let text = "";
        answer.on("data", (more) => { text += more; });
        answer.on("end", () => (answer.statusCode === 200 ? done([JSON.parse(text), answer.headers]) : failed(new Error(`${path}: ${answer.statusCode} ${text.slice(0, 200)}`))));
      });
      asked.on("error", failed);
      asked.end(body && JSON.stringify(body));
    });
  }
  async logIn() {
    const [session, headers] = await this.ask("/session", { token: readFileSync(join(cluster.data, "page.token"), "utf8").trim() });
    this.headers = { Cookie: headers["set-cookie"][0].split(";")[0], "X-CSRF-Token": session.csrf };
  }
  async get(path) { return (await this.ask(path))[0]; }
  /** Waits while there are as many active runs as there may be. */
  async submit(pipeline, params = {}) {
    for (;;) try { return (await this.ask("/runs", { pipeline, file: "p.yaml", params }))[0].run; } catch (problem) { if (!/: 429 /.test(problem.message)) throw problem; await pause(200); }
  }
}

async function fill(client) {
  const began = Date.now();
  let next = 0;
  const lane = async () => {
    for (let i = next++; i < runs; i = next++)
      await client.submit(`pipeline: p${i % 40}\nparams: {day: none}\nsteps: {s: {use: ${i % 50 === 7 ? "core.fail" : "core.noop"}, resources: {cpu: 0.01}}}\n`, { day: `d${i}` });
  };
  await Promise.all(Array.from({ length: 64 }, lane));
  await waitFor("all have ended", async () => (await client.get("/runs?states=running&limit=1")).runs.length === 0, 600_000);
  tell("runs made over the API", { runs, seconds: (Date.now() - began) / 1000 });
}

const cpu_ms = () => { const words = readFileSync(`/proc/${cluster.nodes.get("supervisor").pid}/stat`, "utf8").split(") ")[1].split(" "); return 10 * (Number(words[11]) + Number(words[12])); };

/** From the address to the first figures on the page, in a browser that has nothing of it. */
async function ready(browser, path, sign) {
  const first = await openPage(browser, cluster);
  await first.getByRole("heading", { name: "Overview" }).waitFor();
  const state = await first.context().storageState();
  await first.context().close();
  const times = [];
  for (let i = 0; i < rounds; i += 1) {
    const context = await browser.newContext({ storageState: state, locale: "en-GB" });
    const page = await context.newPage();
    const began = performance.now();
    await page.goto(`http://${cluster.address}${path}`, { waitUntil: "commit" });
    await page.locator(sign[0], sign[1]).first().waitFor();
    times.push(performance.now() - began);
    await context.close();
  }
  tell(`ready: ${path}`, { median_ms: Math.round(median(times)), worst_ms: Math.round(Math.max(...times)) }, median(times) > bounds.ready_ms);
}

/** From the fact's time to the frame in which the page shows it: a run that begins, and one that ends. */
async function latency(browser, client) {
  const page = await openPage(browser, cluster);
  await page.getByRole("heading", { name: "Overview" }).waitFor();
  await page.goto(`http://${cluster.address}/runs`);
  await page.locator("tr[data-row]").first().waitFor();
  await page.evaluate(() => {
    globalThis.seen = {};
    const look = () => { for (const link of document.querySelectorAll("tr[data-row] a.id")) { const state = link.closest("tr").querySelector(".state").classList[1], key = `${link.title} ${state}`; if (!(key in globalThis.seen)) { globalThis.seen[key] = 0; requestAnimationFrame(() => setTimeout(() => { globalThis.seen[key] = Date.now(); }, 0)); } } };
    new MutationObserver(look).observe(document.getElementById("main"), { subtree: true, childList: true, attributes: true, characterData: true });
    look();
  });
  const begun = [], over = [];
  for (let i = 0; i < events; i += 1) {
    const go = cluster.path(`go${i}`);
    const run = await client.submit(`pipeline: blip\nsteps: {s: {command: [sh, -c, 'while [ ! -e ${go} ]; do sleep 0.01; done'], resources: {cpu: 0.01}}}\n`);
    const shown = (state) => waitFor(`${run} is seen ${state}`, () => page.evaluate((key) => globalThis.seen[key], `${run} ${state}`));
    const first = await shown("running");
    await pause(500 + 400 * Math.random());
    writeFileSync(go, "");
    const last = await shown("succeeded");
    const { summary } = await client.get(`/runs/${run}`);
    begun.push(first - summary.submitted_ms);
    over.push(last - summary.ended_ms);
    await pause(500 + 400 * Math.random());
  }
  for (const [what, all] of [["event to pixel: a run begins", begun], ["event to pixel: a run ends", over]])
    tell(what, { events, median_ms: median(all), p90_ms: part(all, 0.9), worst_ms: Math.max(...all) }, median(all) > bounds.event_ms);
  await page.context().close();
}

async function idle(browser) {
  const over = async () => { const before = cpu_ms(); await pause(idle_s * 1000); return (cpu_ms() - before) / (10 * idle_s); };
  await pause(3000);
  const closed = await over();
  const page = await openPage(browser, cluster);
  await page.getByRole("heading", { name: "Overview" }).waitFor();
  await pause(3000);
  const open = await over();
  tell("an idle open page, share of a core", { with_page_percent: open, without_percent: closed, page_percent: Math.round(100 * (open - closed)) / 100 }, open - closed >= bounds.idle_percent);
  await page.context().close();
}

async function questions(client) {
  const [newest] = (await client.get("/runs?limit=1")).runs;
  let before = newest.run;
  for (let i = 0; i < 20; i += 1) before = (await client.get(`/runs?limit=1000&before=${before}`)).next || before;
  for (const [what, path] of [["the newest 50 runs", "/runs?limit=50"], ["50 runs after 20,000", `/runs?limit=50&before=${before}`], ["failed ones", "/runs?limit=50&states=failed"], ["of a pipeline", "/runs?limit=50&pipeline=p7"],
    ["a text in a parameter", "/runs?limit=50&text=d4711"], ["a text that is nowhere", "/runs?limit=50&text=nowhere-at-all"], ["pipelines with 15 runs each", "/pipelines?recent=15"], ["results with a word", "/results?text=%22model"], ["an ended run", `/runs/${before}`]]) {
    const times = [];
    for (let i = 0; i < rounds; i += 1) { const began = performance.now(); await client.get(path); times.push(performance.now() - began); }
    tell(`question: ${what}`, { median_ms: Number(median(times).toFixed(1)), worst_ms: Number(Math.max(...times).toFixed(1)) });
  }
}

let browser;
try {
  await cluster.startSupervisor("--keep-runs", "1000000", "--log-level", "warn,operation=info");
  await cluster.startWorker("one", "--slots", "8", "--cpu", "8", "--log-level", "off");
  const client = new Client();
  await client.logIn();
  await fill(client);
  await questions(client);
  browser = await openBrowser();
  for (const [path, sign] of [["/", [".figures b", { hasNotText: "…" }]], ["/runs", ["tr[data-row]"]], ["/pipelines", [".squares a"]]]) await ready(browser, path, sign);
  await latency(browser, client);
  await idle(browser);
} finally {
  await browser?.close();
  await cluster.end();
}
process.exitCode = wrong > 0 ? 1 : 0;
