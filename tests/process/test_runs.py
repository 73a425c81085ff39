"""What people do with runs: follow logs, cancel, ask why, look at the tree; and what commands can say."""

import json
import os
import signal
import subprocess
import unittest

from cluster import BIN, ClusterCase, processes_mentioning, wait_for
from test_crashes import is_sleep


class RunTest(ClusterCase):
    def setUp(self):
        super().setUp()
        self.start_supervisor()
        self.start_worker("one")

    def test_a_command_s_output_result_and_progress_are_kept(self):
        run = self.submit(self.write("p.yaml", """
pipeline: p
params: {who: world}
steps:
  s:
    shell: 'echo "hello ${params.who}"; echo bad >&2; echo "@artel progress 1 4 quarter"; echo "@artel result {\\"rows\\": 5}"; pwd; echo $COLOUR'
    cwd: /tmp
    env: {COLOUR: "blue ${step.name}"}
"""), "-p", "who=Artel")
        self.wait_until_ended(run)
        log = self.artel("logs", "last", "s").stdout
        for line in ("hello Artel", "bad", "/tmp", "blue s"):
            self.assertIn(line + "\n", log)
        self.assertEqual(json.loads(self.step("s")["result"]), {"rows": 5})

    def test_logs_follow_a_step_until_it_ends(self):
        gate = self.path("gate")
        self.submit(self.write("p.yaml", f"pipeline: p\nsteps:\n  s: {{shell: \"echo before; while [ ! -e {gate} ]; do sleep 0.05; done; echo after\"}}\n"))
        wait_for("s runs", lambda: self.step("s")["state"] == "running")
        follow = subprocess.Popen([os.path.join(BIN, "artel"), "logs", "-f", "last", "s"], env=self.environment, stdout=subprocess.PIPE, text=True)
        self.assertEqual(follow.stdout.readline(), "before\n")
        self.write("gate", "")
        self.assertEqual(follow.communicate(timeout=30)[0], "after\n")
        self.assertEqual(follow.returncode, 0)

    def test_output_beyond_the_bound_is_dropped_and_the_log_says_how_much(self):
        self.start_worker("small", "--output-max", "64KB", "--label", "small")
        run = self.submit(self.write("p.yaml", "pipeline: p\nsteps:\n  s: {shell: \"head -c 1000000 /dev/zero | tr '\\\\0' x\", labels: [small]}\n"))
        self.wait_until_ended(run)
        log = self.artel("logs", "last", "s").stdout
        self.assertIn("934464 bytes of output dropped", log)
        self.assertLess(len(log), 66_000)

    def test_each_instance_publishes_into_a_folder_of_its_own(self):
        run = self.submit(self.write("p.yaml", f"pipeline: p\nsteps:\n  s: {{shell: 'echo ${{instance}} $ARTEL_INSTANCE > $ARTEL_OUTPUT/n', instances: 3, output: '{self.path('out')}/${{instance}}'}}\n"))
        self.assertEqual(self.wait_until_ended(run)["summary"]["state"], "succeeded")
        for number in range(3):
            with open(self.path("out", str(number), "n")) as file:
                self.assertEqual(file.read(), f"{number} {number}\n")
            self.assertEqual(os.listdir(self.path("out", str(number))), ["n"])

    def test_many_long_results_fit_through_and_one_too_long_fails_its_step(self):
        long = "python3 -c 'print(\\\"@artel result {\\\" + \\\"x\\\" * %d + \\\"}\\\")'"
        run = self.submit(self.write("p.yaml", "pipeline: p\nsteps:\n"
                                     f"  many: {{shell: \"{long % 60_000}\", instances: 40, resources: {{cpu: 0}}}}\n"
                                     f"  over: {{shell: \"{long % 70_000}\", allow_failure: true}}\n"))
        self.assertEqual(self.wait_until_ended(run)["summary"]["state"], "succeeded")
        self.assertEqual(self.step("many")["by_state"][5], 40)
        self.assertEqual(self.step("over")["state"], "failed")
        self.assertIn("write it to a file", self.step("over")["error"])

    def test_many_attempts_at_once_share_an_output_without_disturbing_each_other(self):
        self.start_worker("wide", "--slots", "16", "--hosts", "4")
        run = self.submit(self.write("p.yaml", f"pipeline: p\nsteps:\n  s: {{use: core.write, with: {{file: 'f${{instance}}', text: x}}, instances: 500, resources: {{cpu: 0}}, output: {self.path('out')}}}\n"))
        self.assertEqual(self.wait_until_ended(run)["summary"]["state"], "succeeded")
        self.assertEqual(len(os.listdir(self.path("out"))), 500)

    def test_an_escaped_template_and_a_parameter_that_looks_like_one_stay_as_they_are(self):
        run = self.submit(self.write("p.yaml", "pipeline: p\nparams: {v: ''}\nsteps:\n  s: {command: [echo, '$${instance}', '${instance}', '${params.v}']}\n"), "-p", "v=${instance}")
        self.wait_until_ended(run)
        self.assertEqual(self.artel("logs", "last", "s").stdout, "${instance} 0 ${instance}\n")

    def test_two_runs_started_at_once_on_a_fresh_folder_both_succeed(self):
        self.environment["ARTEL_DATA"] = self.path("fresh")
        pipeline = self.write("p.yaml", "pipeline: p\nsteps:\n  s: {use: core.sleep, with: {duration: 800ms}}\n")
        both = [subprocess.Popen([os.path.join(BIN, "artel"), "run", pipeline], env=self.environment, stdout=subprocess.PIPE,
                                 stderr=subprocess.STDOUT, text=True) for _ in range(2)]
        said = [one.communicate(timeout=60)[0] for one in both]
        self.assertEqual([one.returncode for one in both], [0, 0], said)
        self.assertEqual([p for p in processes_mentioning(self.path("fresh"))], [])

    def test_the_log_of_each_attempt_is_kept(self):
        run = self.submit(self.write("p.yaml", "pipeline: p\nsteps:\n  s: {shell: \"echo try $ARTEL_ATTEMPT; [ $ARTEL_ATTEMPT = 2 ]\", retries: 3, backoff: {min: 10ms, max: 10ms}}\n"))
        self.assertEqual(self.wait_until_ended(run)["summary"]["state"], "succeeded")
        self.assertEqual(self.artel("logs", "last", "s", "--attempt", "1").stdout, "try 1\n")
        self.assertEqual(self.artel("logs", "last", "s").stdout, "try 2\n")

    def test_cancel_ends_the_whole_process_group_and_the_run(self):
        run = self.submit(self.write("p.yaml", "pipeline: p\nsteps:\n  s: {shell: \"trap '' TERM; sleep 1000 & sleep 1000\", grace: 100ms}\n  t: {use: core.noop, needs: [s]}\n"))
        wait_for("the sleeps run", lambda: len([p for p in processes_mentioning(self.folder) if is_sleep(p)]) == 2)
        self.artel("cancel", run, "--reason", "enough")
        ended = self.wait_until_ended(run)
        self.assertEqual(ended["summary"]["state"], "cancelled")
        self.assertIn("enough", ended["reason"])
        self.assertEqual([s["state"] for s in ended["steps"]], ["cancelled", "cancelled"])
        wait_for("no sleep is left", lambda: not [p for p in processes_mentioning(self.folder) if is_sleep(p)])

    def test_a_step_that_outlives_its_timeout_is_stopped_and_fails(self):
        run = self.submit(self.write("p.yaml", "pipeline: p\nsteps:\n  s: {shell: \"trap '' TERM; while :; do sleep 0.1; done\", timeout: 200ms, grace: 100ms}\n"))
        self.assertEqual(self.wait_until_ended(run)["summary"]["state"], "failed")
        self.assertIn("ran out of time: its timeout is 200 ms", self.step("s")["error"])
        self.assertEqual(self.step("s")["failures"], 1)

    def test_explain_says_why_a_step_waits(self):
        self.submit(self.write("p.yaml", "pipeline: p\nsteps:\n  a: {use: core.noop, labels: [gpu]}\n  b: {use: core.noop, needs: [a]}\n"))
        wait_for("submitted", lambda: self.step("a")["state"] == "ready")
        self.assertIn("node 'one' does not carry the label 'gpu'", self.artel("explain", "a").stdout)
        self.assertIn("it needs 'a', which is ready", self.artel("explain", "last", "b").stdout)
        self.start_worker("two", "--label", "gpu")
        self.assertEqual(self.wait_until_ended()["summary"]["state"], "succeeded")

    def test_the_tree_shows_every_actor_of_every_node(self):
        tree = wait_for("the worker's tree is told", lambda: (lambda t: t if "publisher" in t else None)(self.artel("tree").stdout))
        for actor in ("supervisor (rest_for_one)", "journal_keeper", "output_keeper", "coordinator", "admin", "bridge",
                      "one (one_for_all)", "admission", "worker"):
            self.assertIn(actor, tree)
        rows = json.loads(self.artel("--json", "tree", "one").stdout)["rows"]
        self.assertTrue(all(row["node"] == "one" and row["state"] == "running" and row["restarts"] == 0 for row in rows))

    def test_the_same_run_id_submitted_twice_starts_one_run(self):
        pipeline = self.write("p.yaml", "pipeline: p\nsteps:\n  s: {use: core.noop}\n")
        run = "01ARZ3NDEKTSV4RRFFQ69G5FAV"
        self.artel("submit", pipeline, "--id", run)
        self.assertIn("had been accepted before", self.artel("submit", pipeline, "--id", run).stdout)
        self.wait_until_ended(run)
        self.assertEqual(len(json.loads(self.artel("--json", "runs").stdout)["runs"]), 1)

    def test_waiting_for_a_run_ends_with_it_and_exits_as_it_ended(self):
        good = self.write("good.yaml", "pipeline: good\nsteps:\n  s: {use: core.sleep, with: {duration: 300ms}}\n")
        bad = self.write("bad.yaml", "pipeline: bad\nsteps:\n  s: {command: [\"false\"]}\n")
        done = self.artel("wait", self.submit(good))
        self.assertIn("succeeded in", done.stdout)
        done = self.artel("wait", self.submit(bad), check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("step 's' failed", done.stdout)
        self.assertEqual(self.artel("wait", check=False).returncode, 1)  # the last one, which has ended
        self.assertEqual(self.artel("wait", "01ARZ3NDEKTSV4RRFFQ69G5FAV", check=False).returncode, 4)

    def test_waiting_for_a_run_is_given_up_after_a_time(self):
        run = self.submit(self.write("p.yaml", "pipeline: p\nsteps:\n  s: {use: core.sleep, with: {duration: 1m}}\n"))
        done = self.artel("wait", run, "--timeout", "200ms", check=False)
        self.assertEqual(done.returncode, 3)
        self.assertIn("goes on after 200ms", done.stderr)
        self.assertEqual(self.artel("wait", run, "--timeout", "soon", check=False).returncode, 2)
        self.artel("cancel", run)
        self.assertEqual(self.artel("wait", run, check=False).returncode, 5)

    def test_a_run_that_left_memory_is_shown_from_the_journal(self):
        pipeline = self.write("p.yaml", "pipeline: p\nsteps:\n  s: {use: core.noop}\n")
        first = self.submit(pipeline)
        for _ in range(52):
            last = self.submit(pipeline)
        self.wait_until_ended(last)
        self.assertEqual(self.show(first)["summary"]["state"], "succeeded")
        self.assertIn("it succeeded with attempt 1", self.artel("explain", first, "s").stdout)
        self.assertEqual(self.artel("logs", first, "s").returncode, 0)
        # Its id is still taken: the same submission once more starts nothing, and nothing is upset.
        self.assertIn("had been accepted before", self.artel("submit", pipeline, "--id", first).stdout)
        self.submit(pipeline)
        self.assertEqual(len(json.loads(self.artel("--json", "runs", "-n", "100").stdout)["runs"]), 54)

    def test_interrupting_run_cancels_it_and_stops_the_nodes_it_started(self):
        self.environment["ARTEL_DATA"] = self.path("own")
        run = subprocess.Popen([os.path.join(BIN, "artel"), "run", self.write("p.yaml", "pipeline: p\nsteps:\n  s: {use: core.sleep, with: {duration: 1000s}}\n")],
                               env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        wait_for("s runs", lambda: "running" in run.stdout.readline())
        run.send_signal(signal.SIGINT)
        said = run.communicate(timeout=30)[0]
        self.assertEqual(run.returncode, 5, said)
        self.assertIn("the run is cancelled", said)
        self.assertEqual([p for p in processes_mentioning(self.path("own")) if p != os.getpid()], [])

    def test_a_drained_node_finishes_what_it_runs_and_gets_nothing_more_until_undone(self):
        gate = self.path("gate")
        pipeline = self.write("p.yaml", f"pipeline: p\nsteps:\n  s: {{shell: \"while [ ! -e {gate} ]; do sleep 0.05; done\"}}\n  t: {{use: core.noop, needs: [s]}}\n")
        run = self.submit(pipeline)
        wait_for("s runs", lambda: self.step("s")["state"] == "running")
        self.assertIn("gets no more attempts", self.artel("drain", "one").stdout)
        self.assertIn("draining", self.artel("nodes").stdout)
        self.kill("supervisor")
        self.start_supervisor()
        wait_for("one is back", lambda: self.is_up("one"))
        self.write("gate", "")
        self.artel("drain", "one", "--wait")
        self.assertIn(" drained ", self.artel("nodes").stdout)
        self.assertEqual(self.step("t")["state"], "ready")
        self.assertIn("is drained", self.artel("explain", "last", "t").stdout)
        self.artel("drain", "one", "--undo")
        self.assertEqual(self.wait_until_ended(run)["summary"]["state"], "succeeded")

    def test_waiting_for_a_drained_node_does_not_take_a_lost_one_for_idle(self):
        run = self.submit(self.write("p.yaml", "pipeline: p\nsteps:\n  s: {use: core.sleep, with: {duration: 1h}}\n"))
        wait_for("s runs", lambda: self.step("s")["state"] == "running")
        waiting = subprocess.Popen([os.path.join(BIN, "artel"), "drain", "one", "--wait"], env=self.environment, stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT, text=True)
        self.assertIn("gets no more attempts", waiting.stdout.readline())
        self.kill("one")
        said = waiting.communicate(timeout=60)[0]
        self.assertEqual(waiting.returncode, 3, said)
        self.assertIn("node 'one' is lost", said)
        self.artel("cancel", run)

    def test_draining_a_node_that_nobody_knows_is_an_error(self):
        self.assertEqual(self.artel("drain", "nowhere", check=False).returncode, 4)


if __name__ == "__main__":
    unittest.main(verbosity=2)
