"""Real processes are killed; what was accepted goes on, once."""

import json
import os
import signal
import time
import unittest

from cluster import ClusterCase, processes_mentioning, wait_for

SLOW = """
pipeline: slow
steps:
  first:  {use: core.sleep, with: {duration: 300ms}}
  middle: {use: core.sleep, with: {duration: 1500ms}, needs: [first], labels: [analyzer]}
  last:   {use: core.write, with: {file: done.txt, text: once}, needs: [middle], output: "%s"}
"""


class CrashTest(ClusterCase):
    def finished_counts(self):
        """How often each step instance of the last run was recorded as finished."""
        return dict(self.facts("SELECT instance, count(*) FROM facts WHERE kind = 3 GROUP BY instance"))

    def test_a_killed_node_s_step_restarts_on_the_other_and_each_result_is_recorded_once(self):
        self.start_supervisor()
        for name in ("one", "two"):
            self.start_worker(name)
        run = self.submit(self.write("slow.yaml", SLOW % self.path("out")))
        step = wait_for("middle runs", lambda: (lambda s: s if s["state"] == "running" else None)(self.step("middle")))
        self.kill(step["node"])
        other = "two" if step["node"] == "one" else "one"
        ended = self.wait_until_ended(run)
        self.assertEqual(ended["summary"]["state"], "succeeded")
        middle = self.step("middle")
        self.assertEqual((middle["crashes"], middle["failures"], middle["attempts"]), (1, 0, 2))
        started_on = self.facts("SELECT text FROM facts WHERE kind = 2 AND instance = 1 ORDER BY seq")
        self.assertEqual([row[0].decode() for row in started_on], [step["node"], other])
        self.assertEqual(self.finished_counts(), {0: 1, 1: 1, 2: 1})
        with open(self.path("out", "done.txt")) as file:
            self.assertEqual(file.read(), "once")

    def test_a_killed_supervisor_node_that_comes_back_finishes_the_run_without_a_restart(self):
        self.start_supervisor()
        self.start_worker("one")
        run = self.submit(self.write("slow.yaml", SLOW % self.path("out")))
        wait_for("middle runs", lambda: self.step("middle")["state"] == "running")
        self.kill("supervisor")
        self.start_supervisor()
        ended = self.wait_until_ended(run)
        self.assertEqual(ended["summary"]["state"], "succeeded")
        self.assertEqual(ended["summary"]["restarts"], 0)
        self.assertEqual(self.finished_counts(), {0: 1, 1: 1, 2: 1})

    def test_a_result_that_comes_while_the_supervisor_node_is_down_is_not_lost(self):
        self.start_supervisor()
        self.start_worker("one")
        marker = self.path("ran")
        run = self.submit(self.write("p.yaml", f"pipeline: p\nsteps:\n  s: {{shell: \"sleep 0.5; echo x >> {marker}\"}}\n"))
        wait_for("s runs", lambda: self.step("s")["state"] == "running")
        self.kill("supervisor")
        wait_for("the step has ended", lambda: os.path.exists(marker))
        self.start_supervisor()
        self.assertEqual(self.wait_until_ended(run)["summary"]["state"], "succeeded")
        with open(marker) as file:
            self.assertEqual(file.read(), "x\n")

    def test_through_many_kills_of_the_supervisor_node_every_instance_is_recorded_once(self):
        self.start_supervisor()
        self.start_worker("one", "--slots", "64", "--hosts", "2")
        run = self.submit(self.write("many.yaml", "pipeline: many\nsteps:\n  s: {use: core.noop, instances: 60000, resources: {cpu: 0}}\n"))
        for _ in range(4):
            self.kill("supervisor")
            self.start_supervisor()
        ended = self.wait_until_ended(run)
        self.assertEqual(ended["summary"]["state"], "succeeded")
        self.assertEqual(self.facts("SELECT count(*), count(DISTINCT instance) FROM facts WHERE kind = 3"), [(60000, 60000)])

    def test_a_killed_step_host_costs_its_attempt_but_not_the_node(self):
        self.start_supervisor()
        node = self.start_worker("one")
        run = self.submit(self.write("slow.yaml", SLOW % self.path("out")))
        wait_for("middle runs", lambda: self.step("middle")["state"] == "running")
        for pid in processes_mentioning(self.folder):
            if command_of(pid).startswith(b"artel-step-host") or b"/artel-step-host\0" in command_of(pid):
                os.kill(pid, signal.SIGKILL)
        self.assertEqual(self.wait_until_ended(run)["summary"]["state"], "succeeded")
        self.assertEqual(self.step("middle")["crashes"], 1)
        self.assertIsNone(node.poll())
        listed = json.loads(self.artel("--json", "nodes").stdout)["nodes"]
        self.assertEqual((listed[0]["state"], listed[0]["crashes"]), ("alive", 1))

    def test_a_step_that_crashes_beyond_its_limit_is_poisoned_and_says_so(self):
        self.start_supervisor()
        self.start_worker("one")
        run = self.submit(self.write("p.yaml", "pipeline: p\nsteps:\n  s: {use: core.crash, crash_limit: 2, backoff: {min: 10ms, max: 20ms}}\n"))
        self.assertEqual(self.wait_until_ended(run)["summary"]["state"], "failed")
        step = self.step("s")
        self.assertEqual((step["state"], step["crashes"]), ("poisoned", 3))
        self.assertIn("crashed 3 times", self.artel("explain", "last", "s").stdout)

    def test_a_killed_worker_node_leaves_no_process_behind_not_even_a_grandchild(self):
        self.start_supervisor()
        self.start_worker("one")
        self.submit(self.write("p.yaml", "pipeline: p\nsteps:\n  s: {shell: \"setsid sleep 1000 & sleep 1000\"}\n"))
        wait_for("both sleeps run", lambda: len([p for p in processes_mentioning(self.folder) if is_sleep(p)]) == 2)
        self.kill("one")
        wait_for("only the supervisor node is left", lambda: processes_mentioning(self.folder) == [self.nodes["supervisor"].pid])

    def test_what_left_the_process_group_dies_with_its_step_also_when_the_host_is_killed(self):
        self.start_supervisor()
        self.start_worker("one")
        run = self.submit(self.write("p.yaml", "pipeline: p\nsteps:\n  s: {shell: \"trap '' TERM; setsid sleep 1000 & while :; do sleep 0.1; done\", timeout: 300ms, grace: 100ms}\n"))
        self.assertEqual(self.wait_until_ended(run)["summary"]["state"], "failed")
        wait_for("no sleep is left", lambda: not [p for p in processes_mentioning(self.folder) if is_sleep(p)])
        run = self.submit(self.write("q.yaml", "pipeline: q\nsteps:\n  s: {shell: \"setsid sleep 1000 & sleep 1000\"}\n"))
        wait_for("both sleeps run", lambda: len([p for p in processes_mentioning(self.folder) if is_sleep(p)]) == 2)
        self.kill("one", signal.SIGTERM)
        self.assertEqual([p for p in processes_mentioning(self.folder) if is_sleep(p)], [])

    def test_a_supervisor_node_that_was_stopped_for_longer_than_the_lease_blames_nobody(self):
        self.start_supervisor()
        self.start_worker("one")
        gate = self.path("gate")
        run = self.submit(self.write("p.yaml", f"pipeline: p\nsteps:\n  s: {{shell: \"while [ ! -e {gate} ]; do sleep 0.05; done\"}}\n"))
        wait_for("s runs", lambda: self.step("s")["state"] == "running")
        self.nodes["supervisor"].send_signal(signal.SIGSTOP)
        begin = time.monotonic()
        wait_for("the lease is long over", lambda: time.monotonic() - begin > 2.5)
        self.nodes["supervisor"].send_signal(signal.SIGCONT)
        self.write("gate", "")
        self.assertEqual(self.wait_until_ended(run)["summary"]["restarts"], 0)

    def test_a_node_that_stops_in_good_order_gives_its_attempts_back_without_a_crash(self):
        self.start_supervisor()
        self.start_worker("one")
        run = self.submit(self.write("slow.yaml", SLOW % self.path("out")))
        wait_for("middle runs", lambda: self.step("middle")["state"] == "running")
        self.kill("one", signal.SIGTERM)
        wait_for("the attempt is given back", lambda: self.step("middle")["state"] == "ready")
        self.start_worker("two")
        self.assertEqual(self.wait_until_ended(run)["summary"]["state"], "succeeded")
        self.assertEqual(self.step("middle")["crashes"], 0)

    def test_a_stopped_node_that_wakes_up_after_its_lease_can_not_disturb_the_run(self):
        self.start_supervisor()
        self.start_worker("one")
        run = self.submit(self.write("p.yaml", f"pipeline: p\nsteps:\n  s: {{shell: \"sleep 0.3; echo $ARTEL_ATTEMPT > $ARTEL_OUTPUT/who\", output: {self.path('out')}, backoff: {{min: 10ms, max: 10ms}}}}\n"))
        wait_for("s runs", lambda: self.step("s")["state"] == "running")
        self.nodes["one"].send_signal(signal.SIGSTOP)
        self.start_worker("two")
        self.assertEqual(self.wait_until_ended(run)["summary"]["state"], "succeeded")
        self.nodes["one"].send_signal(signal.SIGCONT)
        wait_for("one is back", lambda: self.is_up("one"))
        with open(self.path("out", "who")) as file:
            self.assertEqual(file.read(), "2\n")
        self.assertEqual(self.finished_counts(), {0: 1})


def command_of(pid):
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            return file.read()
    except OSError:
        return b""


def is_sleep(pid):
    return command_of(pid).startswith(b"sleep\0")


if __name__ == "__main__":
    unittest.main(verbosity=2)
