// What people do with the page, done in a browser.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Cluster, openBrowser, openPage, waitFor } from "./cluster.mjs";

let cluster, browser, page;
before(async () => {
  cluster = new Cluster();
  await cluster.startSupervisor();
  await cluster.startWorker("one", "--slots", "4", "--cpu", "4");
  browser = await openBrowser();
  page = await openPage(browser, cluster);
  await page.getByRole("heading", { name: "Overview" }).waitFor();
});
after(async () => { await browser?.close(); await cluster?.end(); });

const url = (path) => `http://${cluster.address}${path}`;

test("the overview shows a run while it runs, and that it has ended, without being asked again", async () => {
  await page.getByText("Nothing runs now.").first().waitFor();
  const go = cluster.path("go");
  const run = cluster.submit("live", `pipeline: live\nsteps:\n  s: {command: [sh, -c, 'while [ ! -e ${go} ]; do sleep 0.05; done']}\n`);
  await page.getByRole("link", { name: run.slice(0, 4) }).first().waitFor();
  cluster.write("go", "");
  await waitFor("it has left what runs", async () => (await page.getByText("Nothing runs now.").count()) > 0);
  await waitFor("it has succeeded", () => cluster.state(run) === "succeeded");
});

test("a failing step is found, its log is read, it is retried and seen green", async () => {
  const run = cluster.submit("fails", `pipeline: fails\nsteps:\n  good: {use: core.noop}\n  bad: {command: [sh, -c, 'echo looking for the file; echo "\\033[31mnot found\\033[0m" >&2; test -e ${cluster.path("mended")}'], needs: [good]}\n`);
  await waitFor("it fails", () => cluster.state(run) === "failed");
  await page.getByRole("link", { name: "Overview" }).first().click();
  await page.getByText("What failed lately").waitFor();
  await page.locator("section", { hasText: "What failed lately" }).getByRole("link", { name: run.slice(0, 4) }).click();
  await page.getByRole("heading", { name: /fails/ }).waitFor();
  await page.getByRole("link", { name: "bad", exact: true }).click();
  await page.locator(".line", { hasText: "looking for the file" }).waitFor();
  const red = page.locator(".line .ansi1", { hasText: "not found" });
  await red.waitFor();
  await page.getByText("exit code 1").first().waitFor();
  cluster.write("mended", "");
  await page.getByRole("button", { name: "Retry from here" }).click();
  await page.getByLabel("Why (for the record)").fill("the file is there now");
  await page.getByRole("button", { name: "Confirm" }).click();
  await page.waitForURL((at) => /runs\/(?!.*steps)/.test(at.pathname) && !at.pathname.includes(run));
  await page.locator("h1 .state.succeeded").waitFor();
  assert.match(cluster.artel("audit"), /retry_run .*the file is there now/);
});

test("a run is started from a form made of its parameters, and cancelled", async () => {
  cluster.submit("form", "pipeline: form\nparams:\n  wait: {type: integer, default: 0, description: seconds}\n  word: {choices: [red, green], default: red}\nsteps:\n  s: {command: [sleep, '${params.wait}']}\n");
  await page.goto(url("/pipelines/form"));
  await page.getByLabel("wait").fill("600");
  await page.getByLabel("word").selectOption("green");
  await page.getByRole("button", { name: "Start", exact: true }).click();
  await page.locator("h1 .state.running").waitFor();
  await page.locator("dd", { hasText: "green" }).waitFor();
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("button", { name: "Confirm" }).click();
  await page.locator("h1 .state.cancelled").waitFor();
  await page.goto(url("/pipelines/form"));
  await page.getByLabel("wait").fill("many");
  await page.getByRole("button", { name: "Start", exact: true }).click();
  await page.locator(".problem", { hasText: "wait" }).waitFor();
});

test("a graph, a timeline and events of a run are shown", async () => {
  const run = cluster.submit("graph", "pipeline: graph\nsteps:\n  a: {use: core.noop}\n  b: {use: core.noop, needs: [a]}\n  c: {use: core.noop, needs: [a]}\n  d: {use: core.noop, needs: [b, c], instances: 3}\n");
  await page.goto(url(`/runs/${run}`));
  await page.getByRole("tab", { name: "Graph" }).click();
  await waitFor("four green boxes", async () => (await page.locator(".box.succeeded").count()) === 4);
  await page.getByRole("tab", { name: "Timeline" }).click();
  await waitFor("six bars", async () => (await page.locator(".track i.succeeded").count()) === 6);
  await page.getByRole("tab", { name: "Events" }).click();
  await page.getByRole("cell", { name: "run_ended" }).waitFor();
});

test("the page survives a restart of the supervisor node and shows what happened meanwhile", async () => {
  await page.goto(url("/"));
  await page.getByRole("heading", { name: "Overview" }).waitFor();
  const go = cluster.path("later");
  const run = cluster.submit("restart", `pipeline: restart\nsteps:\n  s: {command: [sh, -c, 'while [ ! -e ${go} ]; do sleep 0.05; done']}\n`);
  await page.getByRole("link", { name: run.slice(0, 4) }).first().waitFor();
  await cluster.kill("supervisor");
  await page.locator(".offline").waitFor();
  cluster.write("later", "");
  await cluster.startSupervisor();
  await waitFor("the run has ended", () => cluster.state(run) === "succeeded");
  await waitFor("the page says so", async () => (await page.getByText("Nothing runs now.").count()) > 0);
  await waitFor("it is no longer said to be away", async () => (await page.locator(".offline").count()) === 0);
});

test("what is in names, parameters, logs and errors stays text", async () => {
  const evil = "<img src=x onerror=alert(1)><script>alert(2)</script>";
  const run = cluster.submit("evil", `pipeline: evil\ndescription: "${evil}"\nparams: {p: "${evil}"}\nsteps:\n  s:\n    command: [sh, -c, 'echo "$0"; echo "@artel result {\\"r\\": \\"$0\\"}"; exit 1', "${evil}"]\n`);
  await waitFor("it fails", () => cluster.state(run) === "failed");
  for (const path of [`/runs/${run}`, `/runs/${run}/steps/s`, `/runs/${run}?tab=events`, "/pipelines/evil", "/pipelines", "/log", `/runs?text=${encodeURIComponent("<img")}`]) {
    await page.goto(url(path));
    await page.locator("h1").waitFor();
    await page.waitForLoadState("networkidle", { timeout: 3000 }).catch(() => {});
    assert.equal(await page.locator("img[src=x]").count(), 0, path);
  }
  await page.goto(url(`/runs/${run}/steps/s`));
  await page.locator(".line", { hasText: "<img src=x" }).first().waitFor();
});

test("nothing went wrong in the browser meanwhile", () => assert.deepEqual(page.problems, []));
