"""Several hosts, as network namespaces, and a full disk, as a small tmpfs. Both need root; elsewhere they are skipped."""

import json
import os
import subprocess
import unittest

from cluster import ClusterCase, wait_for
from hosts import HostsCase, may


class NamespaceTest(HostsCase):
    def start_cluster(self):
        self.cluster = "tcp://10.77.0.1:7400"
        public = {}
        for name in ("supervisor", "far", "person"):
            public[name] = json.loads(self.artel("--json", "keys", "new", name, "-o", self.folder).stdout)["public"]
        self.write("access.yaml", f"nodes: {{far: '{public['far']}'}}\nusers: {{person: {{key: '{public['person']}', role: operator}}}}\n")
        self.start("artel-supervisor", "supervisor", "--data", self.data, "--cluster", self.cluster, "--admin", "tcp://10.77.0.1:7401",
                   "--heartbeat-ms", "100", "--lease-ms", "2000", "--admin", f"ipc://{self.data}/admin.sock", "--key", self.path("supervisor.key"), "--access", self.path("access.yaml"), prefix=self.prefix("a"))
        self.start("artel-analyzer", "far", "--cluster", self.cluster, "--pass-env", "ARTEL_TEST_*", "--key", self.path("far.key"), "--server-key", self.path("supervisor.pub"), prefix=self.prefix("b"))

    def test_the_command_line_and_a_worker_node_work_from_other_hosts(self):
        self.start_cluster()
        pipeline = self.write("p.yaml", f"pipeline: p\nsteps:\n  s: {{use: core.write, with: {{file: f, text: far}}, output: {self.path('out')}}}\n")
        ran = self.artel("--admin", "tcp://10.77.0.1:7401", "--key", self.path("person.key"), "--server-key", self.path("supervisor.pub"), "run", pipeline, prefix=self.prefix("c"))
        self.assertIn("succeeded", ran.stdout)
        self.assertEqual(self.facts("SELECT text FROM facts WHERE kind = 2"), [(b"far",)])

    def test_a_cut_shorter_than_the_lease_costs_nothing_and_a_longer_one_restarts_the_step_once(self):
        self.start_cluster()
        pipeline = self.write("p.yaml", "pipeline: p\nsteps:\n  s: {use: core.sleep, with: {duration: 1500ms}, backoff: {min: 10ms, max: 10ms}}\n")
        run = self.submit(pipeline)
        wait_for("s runs", lambda: self.step("s")["state"] == "running")
        self.in_host("b", "ip", "link", "set", "eth0", "down")
        wait_for("some heartbeats are missed", lambda: self.heard_ms_ago() > 500)
        self.in_host("b", "ip", "link", "set", "eth0", "up")
        self.assertEqual(self.wait_until_ended(run)["summary"]["restarts"], 0)
        run = self.submit(pipeline)
        wait_for("s runs", lambda: self.step("s")["state"] == "running")
        self.in_host("b", "ip", "link", "set", "eth0", "down")
        wait_for("the node is lost", lambda: self.show()["summary"]["restarts"] == 1)
        self.in_host("b", "ip", "link", "set", "eth0", "up")
        self.assertEqual(self.wait_until_ended(run)["summary"]["state"], "succeeded")
        self.assertEqual(self.facts("SELECT count(*) FROM facts WHERE kind = 3 AND run = 2"), [(1,)])

    def heard_ms_ago(self):
        return json.loads(self.artel("--json", "nodes", "--all").stdout)["nodes"][0]["heard_ms_ago"]


class FullDiskTest(ClusterCase):
    def setUp(self):
        super().setUp()
        os.makedirs(self.data)
        if not may("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", self.data):
            self.skipTest("may not mount a tmpfs here")
        self.addCleanup(subprocess.run, ["umount", "-l", self.data], check=False)

    def test_on_a_full_disk_submissions_are_refused_nothing_is_lost_and_work_goes_on_when_there_is_room(self):
        self.start_supervisor()
        self.start_worker("one")
        pipeline = self.write("p.yaml", "pipeline: p\nsteps:\n  s: {use: core.sleep, with: {duration: 300ms}}\n  t: {use: core.noop, needs: [s]}\n")
        before = self.submit(pipeline)
        filler = os.path.join(self.data, "filler")
        with open(filler, "wb", buffering=0) as file:
            try:
                while file.write(b"x" * 4096):
                    pass
            except OSError:
                pass
        def refused():
            done = self.artel("submit", pipeline, check=False)
            return done if done.returncode != 0 else None
        said = wait_for("a submission is refused", refused)
        self.assertEqual(said.returncode, 3)
        self.assertIn("free some space", said.stderr)
        self.assertIsNone(self.nodes["supervisor"].poll())
        os.remove(filler)
        self.assertEqual(self.wait_until_ended(before)["summary"]["state"], "succeeded")
        after = wait_for("submissions are accepted again", lambda: (lambda d: d.stdout.split()[0] if d.returncode == 0 else None)(self.artel("submit", pipeline, check=False)))
        self.assertEqual(self.wait_until_ended(after)["summary"]["state"], "succeeded")


if __name__ == "__main__":
    unittest.main(verbosity=2)
