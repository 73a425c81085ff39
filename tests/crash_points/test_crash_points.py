"""kill -9 of the supervisor node before every single change of the journal's files in a reference run; a restart; the same outcome."""

import json
import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../process"))
from cluster import ClusterCase, wait_for  # noqa: E402

PIPELINE = """
pipeline: reference
steps:
  first: {shell: "echo first >>%(effects)s"}
  both: {shell: "echo both$ARTEL_INSTANCE >>%(effects)s", needs: [first], instances: 2}
  flaky: {shell: "echo flaky >>%(effects)s; mkdir %(effects)s.once && exit 1 || true", needs: [first], retries: 1, backoff: {min: 10ms, max: 10ms}}
  spoilt: {shell: "echo spoilt >>%(effects)s; exit 1", allow_failure: true}
  out: {shell: "echo out >>%(effects)s; echo done >$ARTEL_OUTPUT/file", needs: [both, flaky, spoilt], output: "%(effects)s.out"}
"""
EFFECTS = sorted(["first", "both0", "both1", "flaky", "flaky", "spoilt", "out"])
OUTCOME = {"first": ("succeeded", 0, 0), "both": ("succeeded", 0, 0), "flaky": ("succeeded", 1, 0), "spoilt": ("failed", 1, 0), "out": ("succeeded", 0, 0)}


class CrashPointTest(ClusterCase):
    def point(self, number):
        """One run with a crash before change `number`. False when the run ended before there was such a change."""
        self.data = self.path(f"data{number}")
        self.environment["ARTEL_DATA"] = self.data
        self.environment["ARTEL_CRASH_AT"] = str(number)
        program = "artel-supervisor-crashing"
        common = ["--data", self.data, "--cluster", self.cluster, "--heartbeat-ms", "100", "--lease-ms", "1000"]
        supervisor = self.start(program, "supervisor", *common, wait=False)
        effects = self.path(f"effects{number}")
        pipeline = self.write("p.yaml", PIPELINE % {"effects": effects})
        run = f"01J0000000000000000000{number:04d}"
        crashed = False

        def submitted():
            nonlocal supervisor, crashed
            if supervisor.poll() is not None and not crashed:
                self.assertEqual(supervisor.returncode, -9, self.log_of("supervisor"))
                crashed = True
                self.environment["ARTEL_CRASH_AT"] = "0"
                supervisor = self.start(program, "supervisor", *common, wait=False)
            return self.artel("--timeout", "1", "submit", pipeline, "--id", run, check=False).returncode == 0

        def ended():
            submitted()  # again and again: it is one run, whatever was answered when
            shown = self.artel("--timeout", "1", "--json", "show", run, check=False)
            if shown.returncode != 0 or '"running"' in shown.stdout.split('"steps"')[0]:
                return None
            return json.loads(shown.stdout)

        wait_for(f"run {run} is accepted (change {number})\n{self.log_of('supervisor')}", submitted)
        shown = wait_for(f"run {run} ends (change {number})\n{self.log_of('supervisor')}", ended)
        self.assertEqual(shown["summary"]["state"], "succeeded", (number, shown))
        self.assertEqual({s["name"]: (s["state"], s["failures"], s["crashes"]) for s in shown["steps"]}, OUTCOME, number)
        with open(effects, encoding="utf-8") as file:
            self.assertEqual(sorted(file.read().split()), EFFECTS, f"change {number}: a step ran twice or not at all")
        with open(effects + ".out/file", encoding="utf-8") as file:
            self.assertEqual(file.read(), "done\n")
        self.assertEqual(self.facts("PRAGMA integrity_check"), [("ok",)])
        # A change that comes with time, as a look for what may be pruned, may be the one after the end.
        crashed = crashed or supervisor.poll() == -9
        supervisor.terminate()
        supervisor.wait()
        return crashed

    def test_whatever_change_of_the_journal_is_the_last_one_the_outcome_is_the_same(self):
        self.start_worker("one", wait=False)
        number = 1
        while self.point(number):
            number += 1
        print(f"{number - 1} crash points", file=sys.stderr)
        self.assertGreater(number, 30)


if __name__ == "__main__":
    unittest.main(verbosity=2)
