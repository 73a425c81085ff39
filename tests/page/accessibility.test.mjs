// Everybody can use every page: axe finds nothing serious, in light and dark, wide and narrow; keys suffice.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Cluster, openBrowser, openPage, waitFor } from "./cluster.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
let cluster, browser, run, trained;
before(async () => {
  cluster = new Cluster();
  mkdirSync(cluster.path("pipelines"));
  cluster.write("pipelines/nightly.yaml", "pipeline: nightly\ndescription: Five models, every night\nschedule: {cron: '0 2 * * *'}\nparams:\n  days: {type: integer, default: 7, description: how far back}\nsteps:\n  prepare: {use: core.noop}\n  train: {use: core.noop, needs: [prepare], instances: 4}\n  evaluate: {use: core.noop, needs: [train]}\n");
  await cluster.startSupervisor("--pipelines", cluster.path("pipelines"));
  await cluster.startWorker("gpu-1", "--slots", "4", "--cpu", "4", "--label", "gpu");
  await cluster.startWorker("gpu-2", "--slots", "2", "--cpu", "2");
  for (let i = 0; i < 6; i += 1) cluster.submit("nightly", "pipeline: nightly\ndescription: Five models, every night\nparams:\n  days: {type: integer, default: 7, description: how far back}\nsteps:\n  prepare: {use: core.noop}\n  train: {use: core.sleep, with: {duration: 50ms}, needs: [prepare], instances: 4}\n  evaluate: {use: core.noop, needs: [train]}\n");
  for (let i = 0; i < 8; i += 1) cluster.submit("models", `pipeline: ml_retrain\nsteps:\n  fit: {shell: 'for i in 1 2 3 4 5 6 7 8 9; do echo "{\\"step\\": $i, \\"train_loss\\": 0.$((9 - i))3, \\"validation_loss\\": 0.$((9 - i))7}"; done > $ARTEL_ARTIFACTS/metrics; echo "@artel result {\\"model\\": \\"churn\\", \\"score\\": \\"auc\\", \\"train\\": 0.9${i}, \\"test\\": 0.8${(i * 7) % 10}, \\"baseline\\": 0.5, \\"rows\\": 4000, \\"seconds\\": 1.5}"', artifacts: [metrics]}\n  judge: {needs: [fit], shell: 'echo "@artel result {\\"models\\": [{\\"name\\": \\"churn\\", \\"promoted\\": ${i % 3 === 0}, \\"why\\": \\"${i % 3 === 0 ? "better than the one in service" : "not better by the margin"}\\"}]}"'}\n  drift: {shell: 'echo "@artel result {\\"model\\": \\"churn\\", \\"psi_max\\": 0.0${i + 1}, \\"drift\\": \\"${i > 5 ? "warning" : "none"}\\", \\"over\\": [${i > 5 ? '\\"age\\"' : ""}], \\"rows\\": 900}"'}\n  page: {shell: 'echo "<!doctype html><html lang=en><title>r</title><h1>Report</h1>" > $ARTEL_ARTIFACTS/page; echo "@artel result {\\"report\\": \\"page\\", \\"findings\\": 12}"', artifacts: [page]}\n`);
  trained = cluster.json("show", "last").summary.run;
  await waitFor("it has trained", () => cluster.state(trained) === "succeeded");
  run = cluster.submit("edt", "pipeline: edt_analysis\nsteps:\n  parse: {command: [sh, -c, 'for i in 1 2 3 4 5 6 7 8; do echo \"parsed module $i\"; done; printf \"\\\\033[32mdone\\\\033[0m\\\\n\"']}\n  architecture: {use: core.sleep, with: {duration: 300ms}, needs: [parse]}\n  dependencies: {use: core.noop, needs: [parse]}\n  best_practices: {shell: 'echo no table found; exit 3', needs: [parse], retries: 1, backoff: {min: 50ms, max: 50ms}}\n  dataset: {use: core.noop, needs: [parse]}\n  documentation: {use: core.noop, needs: [architecture, dependencies, best_practices, dataset]}\n");
  await waitFor("it fails", () => cluster.state(run) === "failed");
  cluster.submit("long", "pipeline: long_training\nsteps: {epochs: {command: [sleep, '600'], instances: 3}}\n");
  await waitFor("an alert fires", () => cluster.json("alerts").alerts.some((alert) => alert.state === "firing"));
  browser = await openBrowser();
});
after(async () => { await browser?.close(); await cluster?.end(); });

const pages = () => ({ overview: "/", pipelines: "/pipelines", pipeline: "/pipelines/nightly", runs: "/runs", run: `/runs/${run}`, graph: `/runs/${run}?tab=graph`, timeline: `/runs/${run}?tab=timeline`, events: `/runs/${run}?tab=events`,
  step: `/runs/${run}/steps/best_practices`, charts: `/runs/${trained}?tab=metrics`, artifacts: `/runs/${trained}?tab=artifacts`, report: `/runs/${trained}?tab=report`, file: `/runs/${trained}/artifacts/page/page`, experiments: "/experiments", reports: "/reports", nodes: "/nodes", schedules: "/schedules", alerts: "/alerts", log: "/log", supervision: "/supervision", audit: "/audit" });

for (const [scheme, width] of [["light", 1280], ["dark", 1280], ["light", 360]])
  test(`axe finds nothing serious on any page, ${scheme}, ${width} px wide, and no page is wider than its window`, async () => {
    const page = await openPage(browser, cluster, { colorScheme: scheme, viewport: { width, height: 800 } });
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.evaluate(axe);
    const wrong = [];
    for (const [name, path] of Object.entries(pages())) {
      await page.evaluate((to) => { history.pushState(null, "", to); dispatchEvent(new PopStateEvent("popstate")); }, path);
      await page.getByRole("heading", { level: 1 }).waitFor();
      await waitFor(`${name} is drawn`, async () => (await page.locator("main table, main .panel, main .nothing, main .figures, main iframe").count()) > 0);
      let before = "";
      await waitFor(`${name} has come to rest`, async () => { const now = (await page.locator("main").innerText()).replace(/\d+/g, "") + await page.locator("main canvas").count(), same = now === before; before = now; await page.waitForTimeout(100); return same; });
      if (process.env.ARTEL_SCREENSHOTS) await page.screenshot({ path: join(process.env.ARTEL_SCREENSHOTS, `${name}-${scheme}-${width}.png`) });
      const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
      for (const one of found.violations)
        if (one.impact === "serious" || one.impact === "critical") wrong.push(`${name}: ${one.id}: ${one.nodes.map((node) => node.html.slice(0, 120)).slice(0, 3).join(" | ")}`);
      if (!await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)) wrong.push(`${name}: is wider than its window`);
    }
    assert.deepEqual([wrong, page.problems], [[], []]);
  });

test("with keys alone a run is found, a step of its graph opened and an action confirmed", async () => {
  const page = await openPage(browser, cluster);
  await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
  await page.goto(`http://${cluster.address}/runs/${run}?tab=graph`);
  const box = page.locator(".box.failed");
  await box.first().waitFor();
  await box.first().focus();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: /best_practices/ }).waitFor();
  await page.getByRole("button", { name: "Retry from here" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor();
  await page.keyboard.press("Escape");
  assert.equal(await page.getByRole("dialog").count(), 0);
});

test("the page speaks Russian", async () => {
  const page = await openPage(browser, cluster, { locale: "ru-RU" });
  await page.getByRole("heading", { name: "Обзор" }).waitFor();
});
