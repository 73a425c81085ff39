// Who may do what, on the page as on the admin socket.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Cluster, openBrowser, waitFor } from "./cluster.mjs";

let cluster, browser;
before(async () => {
  cluster = new Cluster();
  const hash = (password) => execFileSync(join(process.env.ARTEL_BIN, "artel"), ["keys", "password"], { encoding: "utf8", input: password + "\n" }).trim();
  cluster.artel("keys", "new", "supervisor", "-o", cluster.folder);
  cluster.artel("keys", "new", "one", "-o", cluster.folder);
  const key = cluster.artel("keys", "show", cluster.path("one.pub")).trim();
  cluster.write("access.yaml", `nodes: {one: '${key}'}\nusers:\n  vera: {password: '${hash("vera's word")}', role: viewer}\n  olga: {password: '${hash("olga's word")}', role: operator}\n`);
  await cluster.startSupervisor("--key", cluster.path("supervisor.key"), "--access", cluster.path("access.yaml"), "--admin", `ipc://${cluster.data}/admin.sock`);
  await cluster.startWorker("one", "--key", cluster.path("one.key"), "--server-key", cluster.path("supervisor.pub"));
  browser = await openBrowser();
});
after(async () => { await browser?.close(); await cluster?.end(); });

async function logIn(name, password) {
  const page = await (await browser.newContext({ locale: "en-GB" })).newPage();
  await page.goto(`http://${cluster.address}/`);
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Log in" }).click();
  return page;
}

test("a wrong password says so", async () => {
  const page = await logIn("vera", "not her word");
  await page.getByText("the name or the password is wrong").waitFor();
});

test("a viewer sees no buttons of actions and gets 403, an operator may, and neither without the token against forgery", async () => {
  const run = cluster.submit("p", "pipeline: p\nsteps:\n  s: {command: [sleep, '600']}\n");
  const address = `http://${cluster.address}`;
  const session = async (name, password) => {
    const context = await browser.newContext({ locale: "en-GB" });
    const got = await context.request.post(`${address}/api/v1/session`, { data: { name, password } });
    assert.equal(got.status(), 200, await got.text());
    return { context, csrf: (await got.json()).csrf };
  };
  const viewer = await session("vera", "vera's word");
  const page = await viewer.context.newPage();
  await page.goto(`${address}/runs/${run}`);
  await page.locator("h1 .state.running").waitFor();
  assert.equal(await page.getByRole("button", { name: "Cancel" }).count(), 0);
  const cancel = (who, headers) => who.context.request.post(`${address}/api/v1/runs/${run}/cancel`, { data: { reason: "" }, headers });
  assert.equal((await cancel(viewer, { "X-CSRF-Token": viewer.csrf })).status(), 403);
  const operator = await session("olga", "olga's word");
  assert.equal((await cancel(operator, {})).status(), 403);
  assert.equal((await cancel(operator, { "X-CSRF-Token": operator.csrf, Origin: "http://elsewhere.example" })).status(), 403);
  assert.equal(cluster.state(run), "running");
  assert.equal((await cancel(operator, { "X-CSRF-Token": operator.csrf })).status(), 200);
  await page.locator("h1 .state.cancelled").waitFor();
  assert.equal((await (await browser.newContext()).request.get(`${address}/api/v1/runs`)).status(), 401);
});

test("many wrong passwords are refused for a while, right ones too", async () => {
  const { request } = await browser.newContext();
  const enter = (name, password) => request.post(`http://${cluster.address}/api/v1/session`, { data: { name, password } });
  await waitFor("it is refused", async () => (await enter("vera", "wrong")).status() === 429);
  assert.equal((await enter("vera", "vera's word")).status(), 429);
});
