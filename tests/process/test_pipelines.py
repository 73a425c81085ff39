"""What a pipeline can say, on real nodes; each with the supervisor node killed in its middle."""

import unittest

from cluster import ClusterCase, wait_for

SHAPE = """
pipeline: shape
params:
  limit: {type: integer, default: 10}
  marks: {type: path, required: true}
steps:
  count:
    shell: "while [ ! -e ${params.marks}/gate ]; do sleep 0.05; done; echo '@artel result {\\"rows\\": 12, \\"files\\": [\\"a\\", \\"b c\\"]}'"
  breaks: {shell: "exit 3", allow_failure: true}
  large: {shell: "echo large >>${params.marks}/log", needs: [count], when: steps.count.result.rows > params.limit}
  small: {shell: "echo small >>${params.marks}/log", needs: [count], when: steps.count.result.rows <= params.limit}
  either: {command: [sh, -c, "echo $1 >>${params.marks}/log", sh, "${steps.count.result.files[1] + '!'}"], needs: [large, small], trigger: none_failed}
  never: {shell: "echo never >>${params.marks}/log", needs: [small]}
  alarm: {shell: "echo ${steps.breaks.error} >>${params.marks}/log", needs: [breaks], trigger: any_failed}
  quiet: {shell: "echo quiet >>${params.marks}/log", needs: [count], trigger: any_failed}
"""


class PipelineTest(ClusterCase):
    def setUp(self):
        super().setUp()
        self.start_supervisor()
        self.start_worker("one")

    def restart_supervisor(self):
        self.kill("supervisor")
        self.start_supervisor()
        wait_for("the worker is back", lambda: self.is_up("one"))

    def test_rules_conditions_and_results_decide_the_same_when_the_supervisor_is_killed_in_their_middle(self):
        run = self.submit(self.write("p.yaml", SHAPE), "-p", f"marks={self.folder}")
        wait_for("alarm has run", lambda: self.step("alarm")["state"] == "succeeded")
        self.restart_supervisor()
        self.write("gate", "")
        shown = self.wait_until_ended(run)
        states = {step["name"]: step["state"] for step in shown["steps"]}
        self.assertEqual(states, {"count": "succeeded", "breaks": "failed", "large": "succeeded", "small": "skipped", "either": "succeeded",
                                  "never": "skipped", "alarm": "succeeded", "quiet": "skipped"})
        self.assertEqual(shown["summary"]["state"], "succeeded")
        with open(self.path("log"), encoding="utf-8") as log:
            self.assertEqual(sorted(log.read().split("\n")), ["", "b c!", "exit code 3", "large"])
        self.assertIn("its condition is false: steps.count.result.rows <= params.limit", self.artel("explain", run, "small").stdout)
        self.assertIn("'small' was skipped", self.artel("explain", run, "never").stdout)

    def test_a_text_that_can_not_be_computed_fails_its_step_and_says_why(self):
        run = self.submit(self.write("p.yaml", """
pipeline: p
steps:
  a: {shell: "echo '@artel result {\\"rows\\": 1}'"}
  b: {shell: "echo ${steps.a.result.row}", needs: [a], retries: 5}
"""))
        shown = self.wait_until_ended(run)
        self.assertEqual(shown["summary"]["state"], "failed")
        self.assertIn("there is no 'row' in {\"rows\":1}; did you mean 'rows'?", self.step("b")["error"])
        self.assertEqual(self.step("b")["attempts"], 0)

    def test_a_mistake_in_an_expression_of_parameters_is_told_to_who_submits(self):
        pipeline = self.write("p.yaml", "pipeline: p\nparams: {n: x}\nsteps:\n  a: {shell: \"echo ${int(params.n)}\"}\n")
        said = self.artel("submit", pipeline, check=False)
        self.assertEqual(said.returncode, 2)
        self.assertIn("step 'a': ${int(params.n)}: expected a number, found \"x\"", said.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
