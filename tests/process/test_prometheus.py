"""The files for Prometheus, Alertmanager and Grafana, with the real programs: every query finds something on a cluster that works, and an alert gets through."""

import json
import os
import re
import shutil
import subprocess
import unittest
import urllib.parse
import urllib.request

from cluster import SOURCE, ClusterCase, wait_for
from webhook import Receiver

CONFIG = os.path.join(SOURCE, "config")
COMPARISON = re.compile(r"\s(?:[<>]=?|[=!]=)\s-?[\d.]+(?=$| or )")  # of an alert with its threshold


def run(*command, **options):
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, **options)


def dashboard_queries():
    with open(os.path.join(CONFIG, "grafana/artel.json"), encoding="utf-8") as file:
        panels = [panel for row in json.load(file)["panels"] for panel in [row, *row.get("panels", [])] if panel["type"] != "row"]
    return [(panel["title"], target["expr"]) for panel in panels for target in panel["targets"]], panels


def rule_queries():
    with open(os.path.join(CONFIG, "prometheus/artel.rules.yml"), encoding="utf-8") as file:
        return re.findall(r"- (?:alert|record): (\S+)\n(?:\s+#.*\n)*\s+expr: (.+)\n", file.read())


class FilesTest(unittest.TestCase):
    def test_rules_and_configurations_are_good_for_the_programs_that_read_them(self):
        folder = os.path.join(CONFIG, "prometheus")
        for command in (("promtool", "check", "rules", "artel.rules.yml"), ("promtool", "check", "config", "prometheus.yml"), ("promtool", "test", "rules", "artel.rules.test.yml"),
                        ("amtool", "check-config", "alertmanager.yml")):
            ran = run(*command, cwd=folder)
            self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)

    def test_the_dashboard_is_what_its_generator_writes_and_all_its_queries_are_good(self):
        _, panels = dashboard_queries()
        self.assertGreaterEqual(len(panels), 13)
        for panel in panels:
            self.assertTrue(panel["description"], panel["title"])
        folder = os.path.join(os.environ.get("TMPDIR", "/tmp"), f"artel-grafana.{os.getpid()}")
        self.addCleanup(shutil.rmtree, folder, True)
        shutil.copytree(os.path.join(CONFIG, "grafana"), os.path.join(folder, "grafana"), ignore=shutil.ignore_patterns("node_modules"))
        shutil.copytree(os.path.join(CONFIG, "prometheus"), os.path.join(folder, "prometheus"))
        folder = os.path.join(folder, "grafana")
        for command in (("npm", "ci", "--no-audit", "--no-fund"), ("npm", "run", "--silent", "lint")):
            ran = run(*command, cwd=folder)
            self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
        ran = run("npm", "run", "--silent", "generate", cwd=folder)
        self.assertEqual(ran.returncode, 0, ran.stderr)
        with open(os.path.join(CONFIG, "grafana/artel.json"), encoding="utf-8") as kept, open(os.path.join(folder, "artel.json"), encoding="utf-8") as made:
            text = made.read()
            self.assertEqual(text, kept.read(), "run npm run generate in config/grafana")
        broken = text.replace("sum(", "sum((", 1)
        with open(os.path.join(folder, "broken.json"), "w", encoding="utf-8") as file:
            file.write(broken)
        self.assertEqual(run("node", "lint.mjs", "broken.json", cwd=folder).returncode, 1)


class LiveTest(ClusterCase):
    def begin(self, name, *command):
        """Starts a program that says in its log which address it listens on; gives that."""
        with open(self.path(name + ".log"), "wb") as log:
            self.nodes[name] = subprocess.Popen(command, env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        def address():
            self.assertIsNone(self.nodes[name].poll(), self.log_of(name))
            with open(self.path(name + ".log"), encoding="utf-8") as log:
                return re.search(r'msg="Listening on" address=(\S+:[1-9]\d*)', log.read())
        return wait_for(f"{name} listens\n{self.log_of(name)}", address)[1]

    def start_prometheus(self, alertmanager):
        with open(os.path.join(CONFIG, "prometheus/prometheus.yml"), encoding="utf-8") as file:
            text = file.read()
        supervisor = re.search(r"http_listens address=(\S+)", self.log_of("supervisor"))[1]
        for said, meant in (("127.0.0.1:9808", supervisor), ("127.0.0.1:9093", alertmanager), ("_interval: 15s", "_interval: 250ms")):
            self.assertIn(said, text)
            text = text.replace(said, meant)
        self.write("prometheus.yml", text)
        shutil.copy(os.path.join(CONFIG, "prometheus/artel.rules.yml"), self.folder)
        self.prometheus = self.begin("prometheus", "prometheus", f"--config.file={self.path('prometheus.yml')}", f"--storage.tsdb.path={self.path('tsdb')}", "--web.listen-address=127.0.0.1:0")

    def start_alertmanager(self, hook):
        with open(os.path.join(CONFIG, "prometheus/alertmanager.yml"), encoding="utf-8") as file:
            text = file.read()
        for said, meant in (("http://127.0.0.1:8080/alerts", hook.url), ("group_wait: 30s", "group_wait: 0s"), ("group_interval: 5m", "group_interval: 1s")):
            self.assertIn(said, text)
            text = text.replace(said, meant)
        return self.begin("alertmanager", "prometheus-alertmanager", f"--config.file={self.write('alertmanager.yml', text)}", f"--storage.path={self.path('am')}", "--web.listen-address=127.0.0.1:0",
                          "--cluster.listen-address=")

    def ask(self, expression):
        query = expression.replace("$__rate_interval", "10s").replace("$instance", ".*").replace("$pipeline", ".*")
        with urllib.request.urlopen(f"http://{self.prometheus}/api/v1/query?" + urllib.parse.urlencode({"query": query}), timeout=20) as answer:
            return [one for one in json.load(answer)["data"]["result"] if one["value"][1] != "NaN"]

    def test_every_query_of_the_dashboard_and_the_rules_finds_something_and_an_alert_gets_through(self):
        hook = Receiver()
        self.addCleanup(hook.close)
        os.makedirs(self.path("pipelines"))
        self.write("pipelines/nightly.yaml", "pipeline: nightly\nschedule: {every: 1h}\nsteps: {a: {use: core.noop}}\n")
        self.start_supervisor("--http", "127.0.0.1:0", "--pipelines", self.path("pipelines"), "--celery-metrics")
        self.start_worker("one", "--slots", "3", "--cpu", "3")
        self.start_prometheus(self.start_alertmanager(hook))
        good = self.write("good.yaml", "pipeline: good\nsteps:\n  a: {use: core.noop, instances: 20}\n  b: {command: [sh, -c, 'exit $((RANDOM % 2))'], retries: 9, backoff: {min: 1ms, max: 9ms}, needs: [a]}\n")
        bad = self.write("bad.yaml", "pipeline: bad\nparams: {wait: 1}\nsteps:\n  a: {command: [sh, -c, 'sleep ${params.wait}; exit 1']}\n")
        busy = self.submit(self.write("busy.yaml", "pipeline: busy\nsteps: {b: {command: [sleep, '600'], instances: 1}}\n"))
        failing = self.submit(bad)
        queries, _ = dashboard_queries()
        # What is shown instead of nothing would hide a name that there is not.
        wanted = {expression.removesuffix(" or vector(0)").removesuffix(" or vector(1)"): f"panel {title}" for title, expression in queries} | {COMPARISON.sub("", expression): f"rule {name}" for name, expression in rule_queries()}
        for name in ("celery_task_succeeded_total", "celery_task_runtime_bucket", "celery_worker_up", "celery_queue_length", "celery_active_process_count"):
            wanted[name] = "celery-exporter's names"
        def all_found():
            self.submit(good)  # the load goes on until everything has been seen
            for expression in [one for one in wanted if self.ask(one)]:
                del wanted[expression]
            return not wanted
        try:
            wait_for("every query finds something", all_found, 90)
        except AssertionError as problem:
            raise AssertionError(f"these find nothing: {wanted}") from problem
        self.assertEqual(self.wait_until_ended(failing)["summary"]["state"], "failed")
        def told():
            return [one for _, post in hook.told for one in post["alerts"] if one["labels"]["alertname"] == "ArtelRunFailed" and one["labels"]["pipeline"] == "bad"]
        alert = wait_for("the webhook behind Alertmanager is told of the run that failed", told, 60)[0]
        self.assertEqual((alert["status"], alert["annotations"]["summary"]), ("firing", "a run of bad failed"))
        self.artel("cancel", busy)


if __name__ == "__main__":
    unittest.main(verbosity=2)
