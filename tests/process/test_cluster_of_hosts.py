"""What docs/SECURITY.md, CONFIGURATION.md, METRICS.md and MONITORING.md say, done on four hosts: a has the supervisor node, b and c worker nodes, d the person, Prometheus and a webhook."""

import json
import os
import re
import subprocess
import sys
import unittest

from cluster import BIN, wait_for
from hosts import HostsCase

PIPELINE = """pipeline: nightly
params: {broken: false}
steps:
  parse: {command: [sh, -c, 'echo parsed on $(cat where)'], labels: [analyzer], output: "%s/parsed"}
  train: {command: [sh, -c, '! ${params.broken}'], labels: [trainer], needs: [parse]}
"""


class ClusterOfHostsTest(HostsCase):
    HOSTS = "abcd"

    def node(self, host, name, text, program):
        file = self.write(f"{name}.yaml", text)
        checked = subprocess.run([os.path.join(BIN, "artel"), "config", "check", file], env=self.environment, capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)
        log = open(self.path(name + ".log"), "ab")
        self.nodes[name] = subprocess.Popen([*self.prefix(host), os.path.join(BIN, program), "--config", file], env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        log.close()
        wait_for(f"{name} is up\n{self.log_of(name)}", lambda: self.is_up(name) or self.nodes[name].poll() is not None)
        self.assertIsNone(self.nodes[name].poll(), self.log_of(name))

    def on_d(self, name, *command):
        log = open(self.path(name + ".log"), "ab")
        self.nodes[name] = subprocess.Popen([*self.prefix("d"), *command], env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        log.close()

    def person(self, *arguments, key="alice", check=True):
        return self.artel("--admin", "tcp://10.77.0.1:7401", "--key", self.path(key + ".key"), "--server-key", self.path("supervisor.pub"), *arguments, prefix=self.prefix("d"), check=check)

    def query(self, expression):
        ran = subprocess.run([*self.prefix("d"), "promtool", "query", "instant", "-o", "json", "http://10.77.0.4:9090", expression], capture_output=True, text=True, timeout=60, check=False)
        return {one["metric"].get("state") or one["metric"].get("node") or "": one["value"][1] for one in json.loads(ran.stdout)} if ran.returncode == 0 else {}

    def test_a_cluster_with_keys_is_steered_watched_and_tells_of_trouble_from_other_hosts(self):
        public = {name: json.loads(self.artel("--json", "keys", "new", name, "-o", self.folder).stdout)["public"] for name in ("supervisor", "trainer-1", "analyzer-1", "alice", "mallory")}
        self.write("access.yaml", f"nodes: {{trainer-1: '{public['trainer-1']}', analyzer-1: '{public['analyzer-1']}'}}\nusers: {{alice: {{key: '{public['alice']}', role: operator}}}}\n")
        self.on_d("webhook", sys.executable, os.path.join(os.path.dirname(__file__), "webhook.py"), "10.77.0.4", self.path("told"))
        hook = wait_for("the webhook listens", lambda: re.search(r"http://\S+", self.log_of("webhook")))[0]
        self.write("monitor.yaml", f"receivers:\n  ops: {{webhook: '{hook}'}}\nrules:\n  run_failed:\n    summary: \"run {{run}} of {{pipeline}} failed: {{reason}}\"\n    match: {{event: run_ended, state: failed}}\n"
                                   "    until: {event: run_ended, state: succeeded}\n    count: {more_than: 0, within: 24h}\n    by: pipeline\n")
        self.node("a", "supervisor", f"node: supervisor\ndata: {self.data}\ncluster: tcp://10.77.0.1:7400\nadmin: ['tcp://10.77.0.1:7401', 'ipc://{self.data}/admin.sock']\nhttp: 10.77.0.1:9808\n"
                                     f"key: {self.path('supervisor.key')}\naccess: {self.path('access.yaml')}\nmonitor: {self.path('monitor.yaml')}\n", "artel-supervisor")
        for host, kind in (("b", "trainer"), ("c", "analyzer")):
            self.node(host, f"{kind}-1", f"node: {kind}\nname: {kind}-1\ncluster: tcp://10.77.0.1:7400\nkey: {self.path(kind + '-1.key')}\nserver-key: {self.path('supervisor.pub')}\nslots: 2\nstore: {self.path('store-' + host)}\n",
                      f"artel-{kind}")
        with open(os.path.join(os.environ["ARTEL_SOURCE"], "config/prometheus/prometheus.yml"), encoding="utf-8") as file:
            text = file.read().replace("127.0.0.1:9808", "10.77.0.1:9808").replace("_interval: 15s", "_interval: 250ms")
        self.write("artel.rules.yml", "")
        self.on_d("prometheus", "prometheus", f"--config.file={self.write('prometheus.yml', text)}", f"--storage.tsdb.path={self.path('tsdb')}", "--web.listen-address=10.77.0.4:9090")

        # The submission comes from d; each step runs on the host of its kind of node.
        pipeline = self.write("nightly.yaml", PIPELINE.replace("$(cat where)", "$(hostname)") % self.path("out"))
        ran = self.person("run", pipeline)
        self.assertIn("succeeded", ran.stdout)
        self.assertEqual(self.facts("SELECT text FROM facts WHERE kind = 2 ORDER BY seq"), [(b"analyzer-1",), (b"trainer-1",)])
        self.assertEqual(self.person("run", pipeline, "-p", "broken=true", check=False).returncode, 1)
        # Prometheus on d sees both nodes and both ends.
        wait_for("Prometheus sees the runs", lambda: self.query("artel_runs_total") .get("failed") == "1" and self.query("artel_runs_total")["succeeded"] == "1")
        self.assertEqual(self.query("artel_node_up"), {"trainer-1": "1", "analyzer-1": "1"})
        # The webhook on d is told once that a run failed, and once that it is over.
        def told(status):
            with open(self.path("told"), encoding="utf-8") as file:
                return [one for line in file for one in json.loads(line)["alerts"] if one["status"] == status]
        alert = wait_for("the webhook is told", lambda: told("firing"))[0]
        self.assertEqual((alert["labels"]["alertname"], alert["labels"]["pipeline"]), ("run_failed", "nightly"))
        self.assertIn("of nightly failed", alert["annotations"]["summary"])
        self.person("run", pipeline)
        wait_for("the webhook is told that it is over", lambda: told("resolved"))
        self.assertEqual((len(told("firing")), len(told("resolved"))), (1, 1))
        # Who is not in the access file gets nowhere, and what was asked for is in the record with its place.
        self.assertNotEqual(self.person("runs", key="mallory", check=False).returncode, 0)
        audit = json.loads(self.artel("--json", "audit").stdout)
        self.assertEqual({(one["by"], one["from"].split(":")[0].removeprefix("tcp://")) for one in audit if one["what"].startswith("submit_run")}, {("alice", "10.77.0.4")})


if __name__ == "__main__":
    unittest.main(verbosity=2)
