// A real cluster and a real browser for one test: real programs in a folder of its own.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const bin = process.env.ARTEL_BIN;

export async function waitFor(what, condition, ms = 30_000) {
  const end = Date.now() + ms;
  for (;;) {
    const got = await condition();
    if (got) return got;
    if (Date.now() > end) throw new Error(`not within ${ms} ms: ${what}`);
    await new Promise((done) => setTimeout(done, 30));
  }
}

export class Cluster {
  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), "artel-test."));
    this.data = join(this.folder, "data");
    this.nodes = new Map();
  }
  path(...parts) { return join(this.folder, ...parts); }
  write(name, text) { writeFileSync(this.path(name), text); return this.path(name); }
  artel(...words) { return execFileSync(join(bin, "artel"), words, { env: { ...process.env, ARTEL_DATA: this.data }, encoding: "utf8", timeout: 60_000, input: "", maxBuffer: 64 << 20 }); }
  json(...words) { return JSON.parse(this.artel("--json", ...words)); }
  log(name) { try { return readFileSync(this.path(name + ".log"), "utf8"); } catch { return ""; } }
  start(program, name, ...words) {
    const log = openSync(this.path(name + ".log"), "a");
    this.nodes.set(name, spawn(join(bin, program), ["--name", name, ...words], { stdio: ["ignore", log, log], env: { ...process.env, ARTEL_DATA: this.data } }));
  }
  async startSupervisor(...words) {
    this.words = words;
    const before = this.log("supervisor").length;
    this.start("artel-supervisor", "supervisor", "--data", this.data, "--cluster", `ipc://${this.folder}/cluster.sock`, "--heartbeat-ms", "100", "--lease-ms", "1000", "--http", this.address ?? "127.0.0.1:0", ...words);
    this.address = (await waitFor(`the page\n${this.log("supervisor")}`, () => /http_listens address=(\S+)/.exec(this.log("supervisor").slice(before))))[1];
    await waitFor("the supervisor node answers", () => { try { this.artel("nodes"); return true; } catch { return false; } });
  }
  async startWorker(name, ...words) { await this.startNode("artel-analyzer", name, ...words); }
  async startNode(program, name, ...words) {
    this.start(program, name, "--cluster", `ipc://${this.folder}/cluster.sock`, "--store", this.path("store"), ...words);
    await waitFor(`${name} is there`, () => this.json("nodes").nodes.some((node) => node.name === name && node.state === "alive"));
  }
  async kill(name) {
    const node = this.nodes.get(name);
    const gone = new Promise((done) => node.once("exit", done));
    node.kill("SIGKILL");
    await gone;
  }
  submit(name, text, ...words) { return this.artel("submit", this.write(name + ".yaml", text), ...words).trim().split(/\s/)[0]; }
  state(run) { return this.json("show", run).summary.state; }
  async end() {
    for (const node of this.nodes.values()) if (node.exitCode === null && node.signalCode === null) node.kill("SIGKILL");
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export async function openBrowser() {
  return chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
}
export async function openPage(browser, cluster, options = {}) {
  const context = await browser.newContext({ locale: "en-GB", viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  page.problems = [];
  page.on("pageerror", (problem) => page.problems.push(String(problem)));
  page.on("console", (line) => { if (line.type() === "error" && !/ERR_CONNECTION|Failed to load resource/.test(line.text())) page.problems.push(line.text()); });
  page.on("dialog", (dialog) => { page.problems.push("a dialog: " + dialog.message()); void dialog.dismiss(); });
  await page.goto(cluster.artel("page").trim());
  return page;
}
