"""The page's API: logging in, lists in pages, search, streams that go on, and what is refused."""

import http.client
import json
import os
import re
import ssl
import subprocess
import unittest

from cluster import BIN, wait_for
from page_api import ApiBase

PLAIN = "pipeline: {}\nsteps:\n  s: {{use: core.noop}}\n"


class ApiTest(ApiBase):
    def test_a_session_is_made_with_the_token_and_outlives_a_restart(self):
        self.serve()
        self.assertEqual(os.stat(os.path.join(self.data, "page.token")).st_mode & 0o777, 0o600)
        self.assertEqual(self.ask("/api/v1/runs")[0], 401)
        self.assertEqual(self.ask("/api/v1/session", {"token": "0" * 64})[0], 401)
        self.assertEqual(self.log_in()["role"], "admin")
        for word in ("HttpOnly", "SameSite=Strict"):
            self.assertIn(word, self.headers["Set-Cookie"])
        self.kill("supervisor")
        self.serve()
        self.assertEqual(self.good("/api/v1/session")["csrf"], self.csrf)
        good = self.cookie
        self.cookie = good[:-1] + ("0" if good[-1] != "0" else "1")
        self.assertEqual(self.ask("/api/v1/runs")[0], 401)
        self.cookie = good
        os.remove(os.path.join(self.data, "page.token"))
        self.kill("supervisor")
        self.serve()
        self.assertEqual(self.ask("/api/v1/runs")[0], 401)  # another token: the session is over

    def test_runs_come_in_pages_by_state_and_by_what_is_in_them_also_when_they_have_left_memory(self):
        self.serve()
        self.start_worker("one")
        self.log_in()
        made = []
        for i in range(60):  # more than memory keeps
            text = PLAIN.format("p") if i % 10 else "pipeline: bad\nparams: {word: none}\nsteps:\n  s: {shell: 'echo no; exit 7'}\n"
            got = self.good("/api/v1/runs", {"pipeline": text, "file": "p.yaml", "params": {"word": f"needle{i}"} if i % 10 == 0 else {}})
            made.append(got["run"])
        wait_for("all have ended", lambda: not self.good("/api/v1/runs?states=running")["runs"])
        seen, before = [], ""
        while True:
            page = self.good(f"/api/v1/runs?limit=7&before={before}")
            seen += [run["run"] for run in page["runs"]]
            before = page["next"]
            if not before:
                break
        self.assertEqual(seen, sorted(made, reverse=True))
        self.assertEqual(len(self.good("/api/v1/runs?states=failed&limit=100")["runs"]), 6)
        self.assertEqual(len(self.good("/api/v1/runs?states=failed,succeeded&limit=100&pipeline=p")["runs"]), 54)
        for text, runs in (("needle0", [made[0]]), ("needle50", [made[50]]), ("exit code 7", made[::10][::-1]), (made[3][:20], None), ("nowhere to be found", [])):
            found = [run["run"] for run in self.good("/api/v1/runs?limit=100&text=" + text.replace(" ", "%20"))["runs"]]
            self.assertEqual(found, runs) if runs is not None else self.assertIn(made[3], found)
        listed = {one["name"]: one for one in self.good("/api/v1/pipelines?recent=5")["pipelines"]}
        self.assertEqual((len(listed["p"]["recent"]), len(listed["bad"]["recent"])), (5, 5))
        self.assertEqual(self.good("/api/v1/pipelines/bad")["params"][0]["name"], "word")
        self.assertEqual(self.good(f"/api/v1/runs/{made[0]}")["params"], {"word": "needle0"})

    def test_what_is_wrong_is_told_with_its_field_and_changes_want_the_token_against_forgery(self):
        self.serve()
        self.log_in()
        for path, status, word in (("/api/v1/runs?limit=many", 400, "limit: expected a number"), ("/api/v1/runs?colour=red", 400, "colour: is not known here"), ("/api/v1/runs?states=sad", 400, "find_runs.states"),
                                   ("/api/v1/runs/01J", 404, ""), ("/api/v1/nothing", 404, "openapi"), ("/api/v1/pipelines/none", 404, "there is no pipeline 'none'")):
            got = self.ask(path)
            self.assertEqual((got[0], word in got[1]["error"]), (status, True), got)
        for body, word in (({"pipeline": 3}, "pipeline: expected a string"), ({"pipelin": ""}, "pipelin: is not known here"), ({"params": {"a": 1}}, "params.a: expected a string"), ({"priority": 1.5}, "priority: expected a whole number"),
                           ({"pipeline": "pipeline: p\nsteps: {s: {use: core.nop}}\n"}, "core.nop"), ({"run": "short"}, "run: expected the id of a run")):
            got = self.ask("/api/v1/runs", body)
            self.assertEqual((got[0], word in got[1]["error"]), (400, True), got)
        self.assertEqual(self.ask("/api/v1/runs", {"pipeline": PLAIN.format("p")}, headers={"X-CSRF-Token": "wrong"})[0], 403)
        self.assertEqual(self.ask("/api/v1/runs", {"pipeline": PLAIN.format("p")}, headers={"Origin": "http://elsewhere.example"})[0], 403)
        self.assertEqual(self.ask("/api/v1/runs", {}, method="PUT")[0], 405)
        connection = http.client.HTTPConnection(self.address, timeout=30)
        connection.putrequest("POST", "/api/v1/runs")
        for name, value in (("Cookie", self.cookie), ("X-CSRF-Token", self.csrf), ("Content-Length", str(5 << 20))):
            connection.putheader(name, value)
        connection.endheaders()
        self.assertEqual(connection.getresponse().status, 413)
        connection.close()
        for depth in ("[" * 100_000, "{", "3", "\x00"):
            connection = http.client.HTTPConnection(self.address, timeout=30)
            connection.request("POST", "/api/v1/runs", depth, {"Cookie": self.cookie, "X-CSRF-Token": self.csrf})
            self.assertEqual(connection.getresponse().status, 400)
            connection.close()
        self.assertEqual(self.good("/api/v1/runs")["runs"], [])

    def test_every_path_of_the_description_is_there_and_every_answer_has_its_fields(self):
        self.serve()
        self.start_worker("one")
        self.log_in()
        run = self.submit(self.write("p.yaml", "pipeline: p\nsteps:\n  s: {shell: 'echo 1 > $ARTEL_ARTIFACTS/p', artifacts: [p]}\n"))
        self.wait_until_ended(run)
        described = self.good("/api/v1/openapi.json")
        self.assertEqual(described["openapi"], "3.1.0")
        values = {"run": run, "of": run, "step": "s", "name": "p", "node": "one", "schedule": "p", "pipeline": "p", "rule": "*"}
        looked = 0
        for path, operations in described["paths"].items():
            for parameter in operations.get("get", {}).get("parameters", []):
                self.assertIn(parameter["in"], ("path", "query"))
            if "get" not in operations or "stream" in path or path.endswith("/content"):
                continue
            status, got = self.ask(re.sub(r"\{(\w+)\}", lambda found: values[found[1]], path))
            if path.startswith("/api/v1/schedules/"):
                self.assertEqual(status, 404)
                continue
            self.assertEqual(status, 200, (path, got))
            schema = operations["get"]["responses"]["200"].get("content", {}).get("application/json", {}).get("schema")
            if schema:
                self.assertEqual(set(got), set(schema["properties"]), path)
                looked += 1
        self.assertGreater(looked, 15)

    def events(self, path, headers=None):
        """Yields (id, event, data) of a stream."""
        connection = http.client.HTTPConnection(self.address, timeout=30)
        self.addCleanup(connection.close)
        connection.request("GET", path, headers={"Cookie": self.cookie, "Accept": "text/event-stream", **(headers or {})})
        answer = connection.getresponse()
        self.assertEqual(answer.status, 200)
        one = {}
        for line in answer:
            name, _, value = line.decode().rstrip("\n").partition(": ")
            if line == b"\n":
                if "data" in one:
                    yield one.get("id", ""), one["event"], json.loads(one["data"])
                one = {}
            else:
                one[name] = value

    def test_streams_tell_what_happens_and_go_on_where_they_were(self):
        self.serve()
        self.start_worker("one")
        self.log_in()
        changes = self.events("/api/v1/streams/changes")
        self.assertTrue(next(changes)[2]["all"])
        facts = self.events("/api/v1/streams/events?after=0")
        run = self.submit(self.write("p.yaml", "pipeline: p\nsteps:\n  s: {command: [sh, -c, 'echo one; echo two']}\n"))
        self.assertIn(run, next(one for _, _, one in changes if run in one["runs"])["runs"])
        first = next((number, fact["kind"]) for number, _, fact in facts if fact["run"] == run)
        self.assertEqual(first[1], "run_submitted")
        self.wait_until_ended(run)
        self.assertEqual(next(fact["kind"] for _, _, fact in self.events("/api/v1/streams/events", {"Last-Event-ID": first[0]}) if fact["run"] == run), "step_started")
        output = list(self.events(f"/api/v1/runs/{run}/steps/s/log/stream"))
        self.assertEqual(("".join(data["data"] for _, event, data in output if event == "text"), output[-1][1]), ("one\ntwo\n", "ended"))
        rest = list(self.events(f"/api/v1/runs/{run}/steps/s/log/stream", {"Last-Event-ID": "1-4"}))
        self.assertEqual("".join(data["data"] for _, event, data in rest if event == "text"), "two\n")
        # What would be refused again and again is told once, and the stream ends.
        refused = list(self.events("/api/v1/streams/lines?after=0&level=loud"))
        self.assertEqual([(event, "level 'loud'" in data["error"]) for _, event, data in refused], [("refused", True)])
        self.kill("supervisor")
        self.serve()
        self.assertTrue(next(self.events("/api/v1/streams/changes", {"Last-Event-ID": "1-1"}))[2]["all"])

    def test_beyond_this_host_the_page_wants_tls_and_with_it_is_there(self):
        def run(*arguments):
            return subprocess.run(arguments, capture_output=True, text=True, timeout=60, check=True)
        run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", self.path("tls.key"), "-out", self.path("tls.pem"), "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost")
        self.address = "0.0.0.0:0"
        self.serve()
        self.address = self.address.replace("0.0.0.0", "127.0.0.1")
        self.assertEqual(self.ask("/healthz"), (200, "well\n"))
        for path in ("/", "/api/v1/session", "/api/v1/runs", "/runs"):
            self.assertEqual((self.ask(path)[0], "TLS" in self.ask(path)[1]), (404, True))
        self.kill("supervisor")
        self.address = "0.0.0.0:0"
        self.serve("--tls-certificate", self.path("tls.pem"), "--tls-key", self.path("tls.key"))
        trusted = ssl.create_default_context(cafile=self.path("tls.pem"))
        connection = http.client.HTTPSConnection("localhost", int(self.address.split(":")[1]), context=trusted, timeout=30)
        self.addCleanup(connection.close)
        connection.request("GET", "/", headers={"Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        self.assertEqual((answer.status, answer.headers["Content-Encoding"]), (200, "gzip"))
        for word in ("default-src 'none'", "script-src 'self'"):
            self.assertIn(word, answer.headers["Content-Security-Policy"])
        answer.read()
        connection.request("GET", "/api/v1/session")
        self.assertEqual(connection.getresponse().status, 401)
        ran = subprocess.run([os.path.join(BIN, "artel-supervisor"), "--data", self.path("d"), "--cluster", f"ipc://{self.path('c')}", "--http", "127.0.0.1:0", "--tls-certificate", self.path("tls.pem"), "--tls-key", self.path("tls.pem")],
                             capture_output=True, text=True, timeout=30, check=False)
        self.assertEqual((ran.returncode, "is no private key" in ran.stderr), (2, True), ran.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
