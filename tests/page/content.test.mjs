// What steps have made and told, looked at in a browser: scores over time, charts, reports; long lists, logs and graphs.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Cluster, openBrowser, openPage, waitFor } from "./cluster.mjs";

let cluster, browser, page;
before(async () => {
  cluster = new Cluster();
  await cluster.startSupervisor();
  await cluster.startWorker("one", "--slots", "4", "--cpu", "4", "--output-max", "64000000");
  await cluster.startNode("artel-trainer", "two");
  browser = await openBrowser();
  page = await openPage(browser, cluster);
  await page.getByRole("heading", { name: "Overview" }).waitFor();
});
after(async () => { await browser?.close(); await cluster?.end(); });
const url = (path) => `http://${cluster.address}${path}`;
const ended = (run) => waitFor(`${run} has ended`, () => { const state = cluster.state(run); if (state === "failed") throw new Error(cluster.artel("show", run)); return state === "succeeded"; });

test("trainings are compared over time, with their charts", async () => {
  const rows = Array.from({ length: 400 }, (_, i) => `${(i * 37) % 101},${(i * 53) % 89},${3 * ((i * 37) % 101) - 2 * ((i * 53) % 89)}`);
  const data = cluster.write("rows.csv", ["a,b,target", ...rows].join("\n") + "\n");
  const text = `pipeline: nightly\nsteps:\n  fit:\n    use: ml.train\n    with: {task: regression, target: target, data: ${data}, version: "\${run.id}", parameters: "rounds=40", metrics: "\${artifacts.metrics}"}\n    output: ${cluster.path("models")}\n    artifacts: {metrics: metrics.jsonl}\n  judge: {use: ml.evaluate, needs: [fit], with: {models: regression, version: "\${run.id}"}, output: ${cluster.path("models")}}\n`;
  const first = cluster.submit("nightly", text);
  await ended(first);
  const second = cluster.submit("nightly", text);
  await ended(second);
  await page.goto(url("/experiments"));
  const panel = page.locator("section", { hasText: "regression" });
  await panel.locator("canvas").waitFor();
  await waitFor("both trainings are listed", async () => (await panel.locator("tbody tr").count()) >= 2);
  await panel.getByText("promoted").first().waitFor();
  await panel.getByText("not better than the one in service by the margin").waitFor();
  await page.goto(url(`/runs/${second}/steps/fit`));
  await page.locator(".chart canvas").first().waitFor();
  const told = await page.locator(".chart [role=img]").first().getAttribute("aria-label");
  assert.match(told, /loss: .*validation_loss -?[\d.e-]+/);
});

test("a report is shown where its scripts reach neither the page nor the cluster", async () => {
  const report = cluster.write("report.html", `<!doctype html><title>r</title><h1>The report</h1><p id="out">-</p><script>
    const found = [];
    try { found.push(parent.document.title); } catch { found.push("no page"); }
    try { found.push(document.cookie || "empty"); } catch { found.push("no cookie"); }
    fetch("/api/v1/runs").then((a) => found.push("asked " + a.status), () => found.push("no network")).then(() => { document.getElementById("out").textContent = found.join(", "); });
  </script>`);
  const run = cluster.submit("report", `pipeline: report\nsteps:\n  make: {shell: 'cp ${report} $ARTEL_ARTIFACTS/page; echo "@artel result {\\"report\\": \\"page\\", \\"findings\\": 7}"', artifacts: [page]}\n`);
  await ended(run);
  const problems = page.problems.length;
  await page.goto(url("/reports"));
  await page.getByText("findings").waitFor();
  await page.getByRole("link", { name: "report", exact: true }).click();
  const frame = page.frameLocator("iframe.shown");
  await frame.getByRole("heading", { name: "The report" }).waitFor();
  await frame.getByText("no page, no cookie, no network").waitFor();
  page.problems.splice(problems); // what the browser has kept the report from doing is told there
});

test("files of an artifact are listed and shown, and text stays text", async () => {
  const run = cluster.submit("files", `pipeline: files\nsteps:\n  make: {shell: 'mkdir -p $ARTEL_ARTIFACTS/out; echo "<b>plain</b>" > $ARTEL_ARTIFACTS/out/a.txt; echo b > $ARTEL_ARTIFACTS/out/b.txt', artifacts: [out]}\n`);
  await ended(run);
  await page.goto(url(`/runs/${run}?tab=artifacts`));
  await page.getByRole("link", { name: "out/" }).click();
  await page.getByRole("link", { name: "a.txt" }).click();
  await page.frameLocator("iframe.shown").getByText("<b>plain</b>").waitFor();
  const saved = page.waitForEvent("download");
  await page.getByRole("link", { name: "Save" }).click();
  assert.equal((await saved).suggestedFilename(), "a.txt");
});

test("of a log of a million lines only those in sight are in the document, and any is found", async () => {
  const run = cluster.submit("long", "pipeline: long\nsteps: {s: {command: [sh, -c, 'seq 1000000']}}\n");
  await ended(run);
  await page.goto(url(`/runs/${run}/steps/s`));
  await page.getByText(/^1000000 · Ended/).waitFor({ timeout: 60_000 });
  await page.locator(".line", { hasText: /1000000$/ }).waitFor();
  await page.getByLabel("Find in the log").fill("777777");
  await page.getByLabel("Find in the log").press("Enter");
  await page.locator(".line.now", { hasText: "777777" }).waitFor();
  assert.ok(await page.locator(".line").count() < 200);
  await page.locator(".lines").evaluate((where) => { where.scrollTop = 0; });
  await page.locator(".line", { hasText: /^11$/ }).waitFor();
});

test("a graph of ten thousand steps is drawn as groups, which open", async () => {
  const light = "use: core.noop, resources: {cpu: 0.001}";
  let text = "pipeline: large\nsteps:\n";
  for (let i = 0; i < 10_000; i += 1) { const layer = Math.floor(i / 10); text += `  s${i}: {${light}${layer ? `, needs: [${Array.from({ length: 10 }, (_, k) => `s${(layer - 1) * 10 + k}`).join(", ")}]` : ""}}\n`; }
  const run = cluster.submit("large", text);
  await ended(run);
  await page.goto(url(`/runs/${run}?tab=graph`));
  await waitFor("it is drawn", async () => (await page.locator(".box.succeeded").count()) > 20, 60_000);
  assert.ok(await page.locator(".box").count() <= 200);
  await page.locator(".box").first().click();
  await page.locator("#tabpanel table").getByRole("link", { name: "s0", exact: true }).waitFor();
  await page.getByRole("tab", { name: "Steps" }).click();
  await page.locator("#tabpanel").getByLabel("Step").fill("s9999");
  await page.getByRole("link", { name: "s9999", exact: true }).waitFor();
});

test("a large graph in which no two steps are alike is drawn as layers", async () => {
  let text = "pipeline: woven\nsteps:\n";
  for (let i = 0; i < 500; i += 1) text += `  s${i}: {use: core.noop${i > 1 ? `, needs: [s${i - 1}, s${i - 2}]` : ""}}\n`;
  const run = cluster.submit("woven", text);
  await ended(run);
  await page.goto(url(`/runs/${run}?tab=graph`));
  await waitFor("it is drawn", async () => (await page.locator(".box.succeeded").count()) > 20);
  assert.ok(await page.locator(".box").count() <= 200);
  assert.ok(await page.locator(".edge").count() >= await page.locator(".box").count() - 1);
});

test("a backfill is seen before it is started: which planned times have a run, and which would get one", async () => {
  const other = new Cluster();
  try {
    const pipelines = other.path("pipelines");
    (await import("node:fs")).mkdirSync(pipelines);
    other.write("pipelines/daily.yaml", "pipeline: daily\nschedule: {cron: '0 2 * * *', timezone: UTC}\nsteps: {s: {use: core.noop}}\n");
    await other.startSupervisor("--pipelines", pipelines);
    await other.startWorker("one");
    const there = await openPage(browser, other);
    await there.getByRole("heading", { level: 1 }).waitFor();
    const day = (before) => new Date(Date.now() - before * 86_400_000).toISOString().slice(0, 10);
    other.artel("backfill", "daily", day(5), day(4));
    await there.goto(`http://${other.address}/schedules`);
    await there.getByRole("button", { name: "Preview" }).click();
    await there.getByLabel("From").fill(day(5));
    await there.getByLabel("To", { exact: true }).fill(day(2));
    await waitFor("two times have no run", async () => (await there.getByText("has no run").count()) === 2);
    await there.locator(".times .state.succeeded").waitFor();
    await there.getByRole("button", { name: "Backfill" }).click();
    await there.getByRole("dialog").getByText(/^2: /).waitFor();
    await there.getByRole("button", { name: "Confirm" }).click();
    await waitFor("all have one", async () => (await there.locator(".times .state.succeeded").count()) === 3);
    assert.deepEqual(there.problems, []);
  } finally { await other.end(); }
});

test("a list of runs goes on as it is scrolled, with the rows in sight only", async () => {
  const text = "pipeline: many\nsteps: {s: {use: core.noop}}\n";
  await page.evaluate(async ([pipeline]) => {
    const { csrf } = await (await fetch("/api/v1/session")).json();
    for (let i = 0; i < 700; i += 20) await Promise.all(Array.from({ length: 20 }, () => fetch("/api/v1/runs", { method: "POST", headers: { "Content-Type": "application/json", "X-CSRF-Token": csrf }, body: JSON.stringify({ pipeline, file: "p.yaml" }) })));
  }, [text]);
  await page.goto(url("/runs"));
  const list = page.locator(".long");
  await list.locator("tr[data-row]").first().waitFor();
  await waitFor("further pages have come", async () => { await list.evaluate((where) => { where.scrollTop = where.scrollHeight; }); return Number(await list.locator("table").getAttribute("data-rows")) > 600; });
  assert.ok(await list.locator("tr[data-row]").count() < 120);
  await list.evaluate((where) => { where.scrollTop = where.scrollHeight; });
  await list.locator("tr[data-row]").last().getByRole("link").first().click();
  await page.getByRole("heading", { level: 1 }).locator(".state").waitFor();
});

test("nothing went wrong in the browser meanwhile", () => assert.deepEqual(page.problems, []));
