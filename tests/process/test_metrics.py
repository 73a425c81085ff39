"""What Prometheus is told: the right families, with values that follow from what has happened."""

import os
import re
import socket
import subprocess
import unittest
import urllib.error
import urllib.request

from cluster import BIN, SOURCE, ClusterCase, wait_for

SAMPLE = re.compile(r"^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$")


class MetricsTest(ClusterCase):
    def start_with_http(self):
        self.start_supervisor("--http", "127.0.0.1:0")
        self.http = re.search(r"http_listens address=(\S+)", self.log_of("supervisor"))[1]

    def get(self, path, method="GET"):
        try:
            with urllib.request.urlopen(urllib.request.Request(f"http://{self.http}{path}", method=method), timeout=20) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as e:
            return e.code, e.read().decode()

    def scrape(self):
        status, text = self.get("/metrics")
        self.assertEqual(status, 200, text)
        self.kinds = dict(re.findall(r"^# TYPE (\S+) (\S+)$", text, re.M))
        values = {}
        for line in text.splitlines():
            if not line.startswith("#"):
                name, labels, value = SAMPLE.match(line).groups()
                values[(name, *sorted(re.findall(r'(\w+)="([^"]*)"', labels or "")))] = float(value)
        return values

    def test_metrics_follow_from_what_has_happened(self):
        self.start_with_http()
        self.start_worker("one", "--slots", "3", "--cpu", "3")
        self.artel("pool", "set", "db", "4")
        good = self.write("good.yaml", "pipeline: good\nsteps:\n  a: {use: core.noop, instances: 5}\n  w: {use: core.write, with: {file: f, text: t}, output: " + self.path("out") + "}\n")
        bad = self.write("bad.yaml", "pipeline: bad\nsteps:\n  a: {shell: 'exit 3', retries: 1, backoff: {min: 1ms, max: 1ms}}\n  b: {use: core.noop, needs: [a]}\n")
        for pipeline in (good, good, bad):
            self.wait_until_ended(self.submit(pipeline))
        seen = self.scrape()
        pipeline = lambda name: ("pipeline", name)
        for name, expected in ((("artel_runs_submitted_total", pipeline("good")), 2), (("artel_runs_total", pipeline("good"), ("state", "succeeded")), 2),
                               (("artel_runs_total", pipeline("bad"), ("state", "failed")), 1), (("artel_attempts_started_total", pipeline("good")), 12),
                               (("artel_attempts_total", ("outcome", "succeeded"), pipeline("good")), 12), (("artel_attempts_total", ("outcome", "failed"), pipeline("good")), 0),
                               (("artel_attempts_total", ("outcome", "failed"), pipeline("bad")), 2), (("artel_step_restarts_total", pipeline("bad")), 1),
                               (("artel_steps_skipped_total", pipeline("bad")), 1), (("artel_run_duration_seconds_count", pipeline("good")), 2),
                               (("artel_attempt_duration_seconds_count", pipeline("good")), 12), (("artel_queue_wait_seconds_count", pipeline("good")), 12),
                               (("artel_nodes", ("state", "alive")), 1), (("artel_node_slots", ("kind", "analyzer"), ("node", "one")), 3),
                               (("artel_node_slots_free", ("kind", "analyzer"), ("node", "one")), 3), (("artel_pool_limit", ("pool", "db")), 4),
                               (("artel_queue_length",), 0), (("artel_journal_stalled",), 0), (("artel_source_up", ("source", "coordinator")), 1),
                               (("artel_admin_requests_total", ("answer", "given"), ("request", "submit_run")), 3)):
            self.assertEqual(seen.get(name), expected, name)
        busy = self.submit(self.write("busy.yaml", "pipeline: busy\nsteps: {b: {command: [sleep, '600'], instances: 4}}\n"))
        wait_for("three run", lambda: self.scrape()[("artel_steps", ("state", "running"))] == 3)
        seen = self.scrape()
        self.assertEqual((seen[("artel_queue_length",)], seen[("artel_runs_active", pipeline("busy"))], seen[("artel_node_attempts", ("kind", "analyzer"), ("node", "one"))]), (1, 1, 3))
        self.artel("cancel", busy)
        # The page about them names each, with its kind, and no other.
        with open(os.path.join(SOURCE, "docs/METRICS.md"), encoding="utf-8") as file:
            page = dict(re.findall(r"^\| `(\w+)` \| (\w+) \|", file.read(), re.M))
        self.assertEqual(page, self.kinds)
        self.assertGreaterEqual(len(page), 40)

    def test_an_address_that_is_none_or_is_taken_is_refused(self):
        for address, code, word in (("nonsense", 2, "expected ADDRESS:PORT"), ("127.0.0.1:70000", 2, "expected ADDRESS:PORT")):
            ran = subprocess.run([os.path.join(BIN, "artel-supervisor"), "--data", self.path("d"), "--cluster", f"ipc://{self.path('c')}", "--http", address], capture_output=True, text=True, timeout=30, check=False)
            self.assertEqual((ran.returncode, word in ran.stderr), (code, True), ran.stderr)
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            address = f"127.0.0.1:{taken.getsockname()[1]}"
            ran = subprocess.run([os.path.join(BIN, "artel-supervisor"), "--data", self.path("d"), "--cluster", f"ipc://{self.path('c')}", "--http", address], capture_output=True, text=True, timeout=30, check=False)
        self.assertEqual((ran.returncode, f"can not listen on {address}" in ran.stderr), (3, True), ran.stderr)

    def test_the_server_says_whether_it_is_well_and_takes_nothing_else(self):
        self.start_with_http()
        self.assertEqual(self.get("/healthz"), (200, "well\n"))
        self.assertEqual(self.get("/other")[0], 404)
        self.assertEqual(self.get("/metrics", "DELETE")[0], 405)
        host, port = self.http.split(":")
        held = [socket.create_connection((host, int(port))) for _ in range(100)]
        for one in held[:30]:
            one.sendall(b"GET /metrics HTTP/1.1\r\nX: " + b"y" * 20000)
        for one in held:
            one.close()
        wait_for("it answers again", lambda: self.get("/healthz")[0] == 200)


if __name__ == "__main__":
    unittest.main(verbosity=2)
