"""Files and folders that steps make and later ones find, on nodes that share no disk."""

import json
import os
import re
import unittest

from cluster import ClusterCase, wait_for

PIPELINE = """
pipeline: p
steps:
  make:
    shell: |
      cd "$ARTEL_ARTIFACTS"
      head -c 40000000 /dev/urandom >model.bin
      mkdir -p plots/deep plots/empty
      echo one >plots/a
      printf '#!/bin/sh\\necho it runs' >plots/deep/run
      chmod +x plots/deep/run
      echo "@artel result {\\"sum\\": \\"$(sha256sum <model.bin | cut -c 1-64)\\"}"
    artifacts: {model: model.bin, plots: plots}
    labels: [left]
  use:
    shell: |
      test -d "${inputs.plots}/empty" && cat "$ARTEL_INPUTS/plots/a" && "$ARTEL_INPUTS/plots/deep/run"
      echo "@artel result {\\"sum\\": \\"$(sha256sum <'${inputs.m}' | cut -c 1-64)\\"}"
    needs: [make]
    inputs: {m: make/model, plots: make/plots}
    labels: [right]
"""


class ArtifactTest(ClusterCase):
    def setUp(self):
        super().setUp()
        self.start_supervisor()
        self.start_node("left")
        self.start_node("right")

    def start_node(self, name):
        self.start_worker(name, "--label", name, store="store of " + name)

    def blobs(self, name):
        return {file for _, _, files in os.walk(self.path(f"store of {name}/blobs")) for file in files}

    def test_a_step_finds_what_one_on_another_node_has_made(self):
        run = self.submit(self.write("p.yaml", PIPELINE))
        shown = self.wait_until_ended(run)
        self.assertEqual(shown["summary"]["state"], "succeeded", shown)
        made, used = (json.loads(step["result"])["sum"] for step in shown["steps"])
        self.assertEqual(made, used)
        self.assertIn("one\nit runs", self.artel("logs", run, "use").stdout)
        self.assertIn(made, self.blobs("left") & self.blobs("right"))
        for name in ("left", "right"):  # nothing is left of the attempts
            self.assertEqual([files for _, folders, files in os.walk(self.path(f"store of {name}/attempts")) if files], [])

    def test_what_an_ended_run_has_made_is_listed_with_where_it_lies(self):
        run = self.submit(self.write("p.yaml", PIPELINE))
        self.wait_until_ended(run)
        listed = json.loads(self.artel("--json", "artifacts", run).stdout)["artifacts"]
        self.assertEqual([(one["step"], one["name"], one["kind"], one["size"]) for one in listed],
                         [("make", "model", "file", 40_000_000), ("make", "plots", "folder", 26)])
        self.assertEqual(sorted(listed[0]["nodes"]), ["left", "right"])
        self.assertRegex(self.artel("artifacts", run, "make").stdout, r"make +model +file +38\.1 MB +[0-9a-f]{12} +left, right")
        self.assertEqual(self.artel("artifacts", run, "nosuch", check=False).returncode, 4)

    def test_a_transfer_goes_on_when_nodes_are_killed_in_its_middle_and_ends_the_same(self):
        gated = PIPELINE.replace("head -c 40000000", "head -c 400000000").replace("labels: [right]", "labels: [right]\n    crash_limit: 9\n    backoff: {min: 100ms, max: 100ms}")
        run = self.submit(self.write("p.yaml", gated))
        partial = lambda: sum(os.path.getsize(os.path.join(where, file)) for where, _, files in os.walk(self.path("store of right/partial"))
                              for file in files if re.fullmatch("[0-9a-f]{64}", file) and os.path.exists(os.path.join(where, file)))
        wait_for("some of it has come", lambda: partial() > 1_000_000)
        self.kill("supervisor")
        self.start_supervisor()
        wait_for("more has come", lambda: partial() > 2_000_000 or self.step("use")["state"] == "succeeded")
        self.kill("right")
        self.start_node("right")
        shown = self.wait_until_ended(run)
        self.assertEqual(shown["summary"]["state"], "succeeded", shown)
        made, used = (json.loads(step["result"])["sum"] for step in shown["steps"])
        self.assertEqual(made, used)

    def test_a_step_waits_for_the_node_on_which_its_input_lies_and_says_so(self):
        run = self.submit(self.write("p.yaml", """
pipeline: p
steps:
  make: {shell: "echo hello >$ARTEL_ARTIFACTS/m", artifacts: [m], labels: [left]}
  wait: {shell: "while [ ! -e %s/gate ]; do sleep 0.05; done", needs: [make], labels: [right]}
  use:  {shell: "cat '${inputs.m}'", needs: [make, wait], inputs: [make/m], labels: [right]}
""" % self.folder))
        wait_for("wait runs", lambda: self.step("wait")["state"] == "running")
        self.kill("left")
        self.write("gate", "")
        wait_for("use is ready", lambda: self.step("use")["state"] == "ready")
        wait_for("the node is missed", lambda: "its input 'm' lies on no node that is there" in self.artel("explain", run, "use").stdout)
        self.start_node("left")
        self.assertEqual(self.wait_until_ended(run)["summary"]["state"], "succeeded")
        self.assertIn("hello", self.artel("logs", run, "use").stdout)

    def test_a_step_that_does_not_make_what_it_declares_fails_and_says_what_is_missing(self):
        run = self.submit(self.write("p.yaml", "pipeline: p\nsteps:\n  make: {command: [\"true\"], artifacts: {m: deep/m.bin}}\n"))
        self.assertEqual(self.wait_until_ended(run)["summary"]["state"], "failed")
        self.assertIn("artifact 'm' was not made: there is no $ARTEL_ARTIFACTS/deep/m.bin", self.artel("explain", run, "make").stdout)

    def test_what_was_cached_brings_its_artifacts_along_also_after_a_restart(self):
        pipeline = self.write("p.yaml", PIPELINE.replace("labels: [left]", "labels: [left]\n    cache: true"))
        first = self.wait_until_ended(self.submit(pipeline))
        self.kill("supervisor")
        self.start_supervisor()
        wait_for("both are back", lambda: self.is_up("left") and self.is_up("right"))
        run = self.submit(pipeline)
        second = self.wait_until_ended(run)
        self.assertIn("cached from run", self.artel("show", run).stdout)
        self.assertEqual(json.loads(first["steps"][1]["result"]), json.loads(second["steps"][1]["result"]))


if __name__ == "__main__":
    unittest.main()
