"""What people do to runs from the command line; what lasts is also held against a supervisor node killed in its middle."""

import json
import os
import unittest

from cluster import RunningClusterCase, wait_for

GATED = """
pipeline: gated
params: {marks: {type: path, required: true}}
steps:
  first:  {shell: "while [ ! -e ${params.marks}/gate ]; do sleep 0.05; done; echo first >>${params.marks}/log; echo '@artel result {\\"rows\\": 5}'"}
  second: {shell: "echo second ${default(steps.first.result, 'none')} >>${params.marks}/log", needs: [first]}
"""


class ControlTest(RunningClusterCase):
    def log(self):
        try:
            with open(self.path("log"), encoding="utf-8") as file:
                return file.read().split("\n")[:-1]
        except FileNotFoundError:
            return []

    def submit_gated(self):
        return self.submit(self.write("p.yaml", GATED), "-p", f"marks={self.folder}")

    def test_a_paused_run_starts_nothing_until_it_is_resumed_also_after_a_restart(self):
        run = self.submit_gated()
        wait_for("first runs", lambda: self.step("first")["state"] == "running")
        self.assertIn("until 'artel resume", self.artel("pause", run, "--reason", "lunch").stdout)
        self.restart_supervisor()
        self.write("gate", "")
        wait_for("first has ended", lambda: self.step("first")["state"] == "succeeded")
        self.assertIn("lunch (by ", self.show(run)["paused"])
        self.assertIn("the run is paused: lunch", self.artel("explain", run, "second").stdout)
        self.assertEqual(self.log(), ["first"])
        self.artel("resume", run)
        self.assertEqual(self.wait_until_ended(run)["summary"]["state"], "succeeded")

    def test_the_cluster_at_a_glance_shows_nodes_and_what_runs(self):
        run = self.submit_gated()
        wait_for("first runs", lambda: self.step("first")["state"] == "running")
        shown = self.artel("top").stdout
        self.assertRegex(shown, r"one +alive +1 ")
        self.assertRegex(shown, run + r" +gated +running +0/2 .* first")
        self.write("gate", "")
        self.wait_until_ended(run)
        self.assertRegex(self.artel("top", "--once").stdout, run + r" +gated +succeeded +2/2 ")

    def test_a_paused_pipeline_holds_later_runs_too(self):
        self.artel("pause", "--pipeline", "gated")
        self.write("gate", "")
        run = self.submit_gated()
        self.restart_supervisor()
        self.assertIn("its pipeline is paused: by ", self.artel("explain", run, "first").stdout)
        self.artel("resume", "--pipeline", "gated")
        self.assertEqual(self.wait_until_ended(run)["summary"]["state"], "succeeded")

    def test_a_paused_node_is_a_drained_one_and_the_journal_says_why(self):
        self.artel("pause", "--node", "one", "--reason", "new disk")
        text = self.facts("SELECT text FROM facts WHERE kind = 12")[0][0]
        self.assertRegex(text if isinstance(text, str) else text.decode(), r"^one\nnew disk \(by .+\)$")
        self.assertTrue(json.loads(self.artel("--json", "nodes").stdout)["nodes"][0]["drained"])
        self.artel("resume", "--node", "one")
        self.assertFalse(json.loads(self.artel("--json", "nodes").stdout)["nodes"][0]["drained"])

    def test_a_step_that_is_marked_is_stopped_and_what_needs_it_goes_on_also_after_a_restart(self):
        run = self.submit_gated()
        wait_for("first runs", lambda: self.step("first")["state"] == "running")
        self.artel("pause", run)
        self.assertIn("'first' is marked succeeded", self.artel("mark", run, "first", "succeeded", "--reason", "done by hand").stdout)
        self.restart_supervisor()
        self.assertIn("marked succeeded: done by hand (by ", self.artel("explain", run, "first").stdout)
        self.artel("resume", run)
        self.assertEqual(self.wait_until_ended(run)["summary"]["state"], "succeeded")
        self.assertEqual(self.log(), ["second none"])

    def test_a_skipped_step_skips_what_needs_it_also_after_a_restart(self):
        run = self.submit_gated()
        self.artel("skip", run, "first")
        self.restart_supervisor()
        self.assertEqual(self.wait_until_ended(run)["summary"]["state"], "succeeded")
        self.assertEqual({step["name"]: step["state"] for step in self.show(run)["steps"]}, {"first": "skipped", "second": "skipped"})
        self.assertEqual(self.artel("mark", run, "first", "failed", check=False).returncode, 1)

    def test_a_cancelled_run_ends_cancelled_also_when_the_supervisor_is_killed_before_its_steps_have_ended(self):
        run = self.submit(self.write("p.yaml", f"""
pipeline: p
steps:
  stubborn: {{shell: "trap '' TERM; touch {self.folder}/began; while [ ! -e {self.folder}/gate ]; do sleep 0.05; done", grace: 1000s}}
  behind: {{use: core.noop, needs: [stubborn]}}
"""))
        wait_for("it runs", lambda: os.path.exists(self.path("began")))
        self.artel("cancel", run, "--reason", "enough")
        self.restart_supervisor()
        self.write("gate", "")
        ended = self.wait_until_ended(run)
        self.assertEqual(ended["summary"]["state"], "cancelled")
        self.assertIn("enough", ended["reason"])
        self.assertEqual({step["name"]: step["state"] for step in ended["steps"]}, {"stubborn": "cancelled", "behind": "cancelled"})

    def test_a_retry_takes_over_what_succeeded_also_after_a_restart(self):
        pipeline = self.write("p.yaml", """
pipeline: p
params: {marks: {type: path, required: true}}
steps:
  load:  {shell: "echo load >>${params.marks}/log; echo '@artel result {\\"rows\\": 5}'"}
  train: {shell: "echo train >>${params.marks}/log; test -e ${params.marks}/mended", needs: [load]}
  tell:  {shell: "echo tell ${steps.load.result.rows} >>${params.marks}/log", needs: [train]}
""")
        run = self.submit(pipeline, "-p", f"marks={self.folder}")
        self.assertEqual(self.wait_until_ended(run)["summary"]["state"], "failed")
        self.restart_supervisor()
        self.write("mended", "")
        again = self.artel("retry", run, "--reason", "mended").stdout.split()[0]
        shown = self.wait_until_ended(again)
        self.assertEqual((shown["summary"]["state"], shown["retry_of"]), ("succeeded", run))
        self.assertEqual(self.log(), ["load", "train", "train", "tell 5"])
        self.assertIn(f"it succeeded in run {run}", self.artel("explain", again, "load").stdout)
        from_load = self.artel("retry", again, "--from", "load").stdout.split()[0]
        self.wait_until_ended(from_load)
        self.assertEqual(self.log()[4:], ["load", "train", "tell 5"])

    def test_a_run_that_left_memory_is_retried_with_a_mended_file(self):
        broken = self.write("broken.yaml", "pipeline: p\nsteps:\n  a: {use: core.noop}\n  b: {shell: \"exit 3\", needs: [a]}\n")
        run = self.submit(broken)
        self.wait_until_ended(run)
        other = self.write("other.yaml", "pipeline: q\nsteps:\n  a: {use: core.noop}\n")
        for _ in range(52):
            last = self.submit(other)
        self.wait_until_ended(last)
        mended = self.write("mended.yaml", "pipeline: p\nsteps:\n  a: {use: core.noop}\n  b: {shell: \"exit 0\", needs: [a]}\n")
        again = self.artel("retry", run, "--file", mended).stdout.split()[0]
        shown = self.wait_until_ended(again)
        self.assertEqual(shown["summary"]["state"], "succeeded")
        self.assertEqual([step["attempts"] for step in shown["steps"]], [0, 1])

    def test_a_key_gives_the_first_run_also_after_a_restart_and_when_that_has_left_memory(self):
        pipeline = self.write("p.yaml", "pipeline: p\nsteps:\n  a: {use: core.noop}\n")
        first = self.submit(pipeline, "--idempotency-key", "monday")
        self.assertEqual(self.submit(pipeline, "--idempotency-key", "monday"), first)
        self.assertNotEqual(self.submit(pipeline, "--idempotency-key", "tuesday"), first)
        self.restart_supervisor()
        self.assertEqual(self.submit(pipeline, "--idempotency-key", "monday"), first)
        for _ in range(52):
            self.wait_until_ended(self.submit(pipeline))
        said = self.artel("submit", pipeline, "--idempotency-key", "monday").stdout
        self.assertEqual(said.split()[0], first)
        self.assertIn("had been accepted before", said)
        self.assertEqual(self.facts("SELECT count(*) FROM runs")[0][0], 54)

    def test_one_run_of_a_pipeline_at_a_time_also_after_a_restart_and_the_more_urgent_one_first(self):
        pipeline = self.write("p.yaml", GATED.replace("params:", "max_active_runs: 1\nparams:"))
        runs = [self.submit(pipeline, "-p", f"marks={self.folder}", *more) for more in ((), (), ("--priority", "5"))]
        wait_for("the first runs", lambda: self.step("first", runs[0])["state"] == "running")
        self.restart_supervisor()
        self.assertIn("as max_active_runs allows (1)", self.artel("explain", runs[1], "first").stdout)
        self.write("gate", "")
        ended = [self.wait_until_ended(run)["summary"] for run in runs]
        self.assertEqual([one["state"] for one in ended], ["succeeded"] * 3)
        self.assertLessEqual(ended[2]["ended_ms"], self.step("first", runs[1])["started_ms"])
        self.assertLessEqual(ended[0]["ended_ms"], self.step("first", runs[2])["started_ms"])

    def test_a_retry_under_the_id_of_a_run_that_left_memory_starts_nothing_and_hurts_nobody(self):
        pipeline = self.write("p.yaml", "pipeline: p\nsteps:\n  a: {use: core.noop}\n")
        first = self.submit(pipeline)
        for _ in range(52):
            last = self.submit(pipeline)
        self.wait_until_ended(last)
        self.assertIn("had been accepted before", self.artel("retry", last, "--id", first).stdout)
        self.wait_until_ended(self.submit(pipeline))
        self.assertEqual(self.facts("SELECT count(*) FROM runs")[0][0], 54)
        self.assertNotIn("actor_died", self.log_of("supervisor"))

    def test_a_mended_file_is_read_before_anything_is_asked_and_may_drop_a_parameter(self):
        run = self.submit(self.write("old.yaml", "pipeline: p\nparams: {x: '1'}\nsteps:\n  a: {shell: 'exit ${params.x}'}\n"))
        self.wait_until_ended(run)
        said = self.artel("retry", run, "--file", self.write("new.yaml", "pipeline: p\nsteps:\n  a: {shel: x}\n"), check=False)
        self.assertEqual(said.returncode, 2)
        self.assertIn("new.yaml:3:", said.stderr)
        again = self.artel("retry", run, "--file", self.write("new.yaml", "pipeline: p\nsteps:\n  a: {shell: 'exit 0'}\n")).stdout.split()[0]
        self.assertEqual(self.wait_until_ended(again)["summary"]["state"], "succeeded")

    def test_bad_wishes_are_refused_and_say_why(self):
        run = self.submit_gated()
        for words, text in ((("pause",), "expected a run, --pipeline NAME, --schedule NAME or --node NAME, found none"),
                            (("retry", run), "the run has not ended"),
                            (("retry", run, "--only-failed"), "--only-failed goes with --from STEP"),
                            (("mark", run, "frist", "failed"), "did you mean 'first'?"),
                            (("pause", "--node", "nobody"), "no node 'nobody'")):
            said = self.artel(*words, check=False)
            self.assertNotEqual(said.returncode, 0, words)
            self.assertIn(text, said.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
