"""Runs that start by themselves, with the supervisor node killed in between, files that change, and what people ask."""

import json
import os
import unittest
from datetime import datetime

from cluster import RunningClusterCase, wait_for

TICKING = """
pipeline: ticking
params: {who: {default: nobody}}
schedule: {every: 1s, params: {who: me}, misfire: all, within: 1h, overlap: allow}
steps:
  a: {shell: "echo ${params.who} ${run.planned} ${run.date} ${run.schedule} >>LOG"}
"""
NIGHTLY = "pipeline: nightly\nschedule: {cron: '0 2 * * *', timezone: Europe/Berlin}\nsteps:\n  a: {use: core.noop}\n"


class SchedulesTest(RunningClusterCase):
    def setUp(self):
        self.pipelines = None
        super().setUp()

    def supervisor_arguments(self):
        self.pipelines = self.path("pipelines")
        os.makedirs(self.pipelines, exist_ok=True)
        return ["--pipelines", self.pipelines]

    def deploy(self, name, text):
        """In one go: a file that is half written is read as it is."""
        self.write("new", text.replace("LOG", self.path("log")))
        os.replace(self.path("new"), os.path.join(self.pipelines, name))

    def log(self):
        try:
            with open(self.path("log"), encoding="utf-8") as file:
                return [line.split() for line in file.read().split("\n")[:-1]]
        except FileNotFoundError:
            return []

    def schedules(self):
        return json.loads(self.artel("--json", "schedule", "list").stdout)

    def wait_for_schedule(self, name, condition=lambda one: True):
        return wait_for(f"schedule {name}", lambda: next((one for one in self.schedules()["schedules"] if one["name"] == name and condition(one)), None))

    def planned_and_states(self):
        runs = json.loads(self.artel("--json", "runs", "-n", "1000").stdout)["runs"]
        return [(self.show(run["run"])["planned"], run["state"]) for run in runs if run["pipeline"] == "ticking"]

    def test_each_planned_time_starts_one_run_also_when_the_supervisor_is_killed_meanwhile(self):
        self.deploy("t.yaml", TICKING)
        wait_for("two runs have been", lambda: len(self.log()) >= 2)
        self.restart_supervisor()
        before = len(self.log())
        wait_for("it goes on", lambda: len(self.log()) >= before + 2)
        self.kill("supervisor")
        self.start_supervisor(*self.supervisor_arguments())
        wait_for("it goes on again", lambda: len(self.log()) >= before + 5)
        os.remove(os.path.join(self.pipelines, "t.yaml"))
        wait_for("the schedule is gone", lambda: not self.schedules()["schedules"])
        wait_for("all runs have ended", lambda: all(state != "running" for _, state in self.planned_and_states()))
        planned = [datetime.fromisoformat(each.replace("Z", "+00:00")).timestamp() for each, _ in self.planned_and_states()]
        self.assertEqual(sorted(planned), list(range(int(min(planned)), int(max(planned)) + 1)), "each second once, none left out")
        self.assertTrue(all(state == "succeeded" for _, state in self.planned_and_states()))
        who, moment, day, schedule = self.log()[0]
        self.assertEqual((who, moment[:10], schedule), ("me", day, "ticking"))

    def test_a_changed_file_counts_from_the_next_run_and_a_broken_one_changes_nothing_but_says_so(self):
        self.deploy("n.yaml", NIGHTLY)
        self.assertEqual(self.wait_for_schedule("nightly")["rule"], "0 2 * * * Europe/Berlin")
        self.deploy("n.yaml", NIGHTLY.replace("Berlin", "Berlni"))
        problem = wait_for("a problem", lambda: self.schedules()["problems"])[0]
        self.assertIn("n.yaml:2:11: schedule 'nightly': timezone: there is no time zone 'Europe/Berlni'", problem)
        self.assertIn("its last good text is used", problem)
        self.restart_supervisor()  # also after that
        self.wait_for_schedule("nightly", lambda one: one["next"].endswith(":00:00+01:00") or one["next"].endswith(":00:00+02:00"))
        self.assertIn("last good text", self.artel("schedule", "list").stderr)
        self.deploy("n.yaml", NIGHTLY.replace("0 2", "30 4"))
        self.wait_for_schedule("nightly", lambda one: one["rule"].startswith("30 4"))
        self.assertEqual(self.schedules()["problems"], [])

    def test_a_folder_that_is_away_at_a_start_ends_no_schedule(self):
        self.deploy("n.yaml", NIGHTLY)
        self.wait_for_schedule("nightly")
        began = self.facts("SELECT count(*) FROM facts WHERE kind = 18")
        os.rename(self.pipelines, self.path("elsewhere"))
        os.mkdir(self.pipelines)  # what lies below a mount point
        self.restart_supervisor()
        problem = wait_for("a problem", lambda: self.schedules()["problems"])[0]
        self.assertIn("is another folder than before, and empty, as if it were not mounted; what was read last is used", problem)
        self.wait_for_schedule("nightly")
        os.rmdir(self.pipelines)
        os.rename(self.path("elsewhere"), self.pipelines)
        wait_for("no problem", lambda: not self.schedules()["problems"])
        self.wait_for_schedule("nightly")
        self.assertEqual(self.facts("SELECT count(*) FROM facts WHERE kind = 18"), began)
        os.remove(os.path.join(self.pipelines, "n.yaml"))  # that is meant
        wait_for("it is gone", lambda: not self.schedules()["schedules"])

    def test_a_paused_schedule_lets_its_times_pass_and_they_can_be_made_up_for(self):
        self.deploy("t.yaml", TICKING)
        wait_for("a run has been", self.log)
        self.artel("schedule", "pause", "ticking", "--reason", "lunch")
        self.restart_supervisor()
        one = self.wait_for_schedule("ticking", lambda one: one["last"].startswith("paused"))
        self.assertIn("lunch (by ", one["paused"])
        count = len(self.log())
        passed = one["last_ms"]
        wait_for("more times pass", lambda: self.wait_for_schedule("ticking")["last_ms"] >= passed + 2000)
        self.assertEqual(len(self.log()), count)
        texts = [json.loads(self.artel("--json", "schedule", "preview", "ticking", "-n", "3", "--from", stamp).stdout)["times"]
                 for stamp in [datetime.utcfromtimestamp(passed / 1000).isoformat() + "Z"]][0]
        span = (texts[0]["text"], texts[2]["text"])
        dry = self.artel("backfill", "ticking", *span, "--dry-run").stdout.split()
        self.assertEqual(dry, [each["text"] for each in texts[:2]])
        made = self.artel("backfill", "ticking", *span, "-p", "who=later").stdout
        self.restart_supervisor()
        self.assertIn("2 runs started, 0 planned times had one", made)
        again = self.artel("backfill", "ticking", *span).stdout
        self.assertIn("0 runs started, 2 planned times had one", again)
        wait_for("they have run", lambda: len([line for line in self.log() if line[0] == "later"]) == 2)
        self.assertEqual(sorted(line[1] for line in self.log() if line[0] == "later"), sorted(each["text"] for each in texts[:2]))
        self.artel("schedule", "resume", "ticking")
        before = len(self.log())
        wait_for("it goes on", lambda: len(self.log()) > before)

    def test_a_time_that_comes_while_the_run_before_it_goes_on_is_handled_as_overlap_says(self):
        for overlap, seen in (("skip", "skipped: run "), ("queue", "waits already"), ("cancel", "run ")):
            self.deploy("o.yaml", f"pipeline: {overlap}\nschedule: {{every: 1s, overlap: {overlap}}}\nsteps:\n  a: {{use: core.sleep, with: {{duration: 1000s}}}}\n")
            self.wait_for_schedule(overlap, lambda one, seen=seen: seen in one["last"])
            runs = lambda: [run for run in json.loads(self.artel("--json", "runs", "--pipeline", overlap).stdout)["runs"]]  # noqa: E731
            if overlap == "cancel":
                wait_for("an earlier run is cancelled", lambda: any(run["state"] == "cancelled" for run in runs()))
            else:
                self.assertEqual(len(runs()), {"skip": 1, "queue": 2}[overlap])
            if overlap == "queue":
                self.assertIn("it waits for earlier runs of schedule queue", self.artel("explain", runs()[0]["run"], "a").stdout)
            os.remove(os.path.join(self.pipelines, "o.yaml"))
            wait_for("it is gone", lambda: not self.schedules()["schedules"])
            for run in runs():
                self.artel("cancel", run["run"], check=False)

    def test_a_file_is_previewed_without_a_cluster_through_both_changes_of_the_clock(self):
        file = self.write("n.yaml", NIGHTLY)
        self.assertEqual(self.artel("schedule", "preview", file, "-n", "2", "--from", "2026-03-28T12:00").stdout.split(),
                         ["2026-03-29T03:00:00+02:00", "2026-03-30T02:00:00+02:00"])
        self.assertEqual(self.artel("schedule", "preview", file, "--from", "2026-10-25", "--to", "2026-10-26").stdout.split(), ["2026-10-25T02:00:00+02:00"])

    def test_bad_wishes_are_refused_with_what_is_wrong_and_what_to_do(self):
        self.deploy("n.yaml", NIGHTLY)
        self.wait_for_schedule("nightly")

        def refused(*arguments):
            done = self.artel(*arguments, check=False)
            return done.returncode, done.stderr
        self.assertEqual(refused("schedule", "pause", "nightyl"), (4, "artel: there is no schedule 'nightyl'; artel schedule list shows all\n"))
        code, text = refused("schedule", "preview", "nightly", "--from", "soon")
        self.assertEqual(code, 2)
        self.assertIn("'soon': expected a moment such as 2026-03-29", text)
        code, text = refused("backfill", "nightly", "2990-01-01", "2990-01-03")
        self.assertEqual(code, 2)
        self.assertIn("has not come yet", text)
        code, text = refused("backfill", "nightly", "2020-01-01", "2026-01-03")
        self.assertEqual(code, 2)
        self.assertIn("there are more than 1000 planned times", text)
        for change, error in (("cron: '0 2 * *'", "expected five fields"), ("every: 1500ms", "whole seconds"), ("every: 1s, cron: '@daily'", "found both"),
                              ("every: 1s, overlap: skipp", "did you mean 'skip'"), ("every: 1s, params: {x: 1}", "has no parameter 'x'"),
                              ("cron: '0 0 31 2 *'", "a day that never comes")):
            bad = self.write("bad.yaml", f"pipeline: p\nschedule: {{{change}}}\nsteps:\n  a: {{use: core.noop}}\n")
            code, text = refused("validate", bad)
            self.assertEqual(code, 2)
            self.assertIn(error, text)
        self.deploy("twice.yaml", NIGHTLY)
        problem = wait_for("a problem", lambda: self.schedules()["problems"])[0]
        self.assertIn("its pipeline 'nightly' is that of", problem)
        os.remove(os.path.join(self.pipelines, "twice.yaml"))
        self.deploy("early.yaml", NIGHTLY.replace("nightly", "late.early"))
        self.deploy("late.yaml", "pipeline: late\nschedules: {early: '@daily'}\nsteps:\n  a: {use: core.noop}\n")
        wait_for("a problem", lambda: any("schedule 'late.early' has the name of one of " in one for one in self.schedules()["problems"]))
        done = self.start("artel-supervisor", "other", "--data", self.path("d2"), "--pipelines", self.path("none"), wait=False)
        self.assertEqual(done.wait(), 2)
        self.assertIn("is no folder; expected one that holds pipeline files", self.log_of("other"))


if __name__ == "__main__":
    unittest.main()
