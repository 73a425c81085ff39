"""What operators do: read lines and events, change nodes that run, are told of alerts, keep options in a file."""

import json
import os
import re
import signal
import subprocess
import unittest

from cluster import BIN, SOURCE, ClusterCase, wait_for
from webhook import Receiver


class OperationTest(ClusterCase):
    FAILS = "pipeline: fails\nsteps:\n  s: {shell: 'exit 3'}\n"

    def lines(self, *arguments):
        return [json.loads(line) for line in self.artel("--json", "logs", *arguments).stdout.splitlines()]

    def events(self, *arguments):
        return [json.loads(line) for line in self.artel("--json", "events", *arguments).stdout.splitlines()]

    def alerts(self):
        return json.loads(self.artel("--json", "alerts", "--all").stdout)

    def firing(self, rule):
        return [one for one in self.alerts()["alerts"] if one["rule"] == rule and one["state"] == "firing"]

    def follow(self, *arguments):
        process = subprocess.Popen([os.path.join(BIN, "artel"), "--json", *arguments, "--follow"], env=self.environment, stdout=subprocess.PIPE, text=True)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def test_lines_of_all_nodes_are_found_by_run_node_event_level_and_text_also_after_a_restart(self):
        self.start_supervisor()
        self.start_worker("one")
        run = self.submit(self.write("f.yaml", self.FAILS))
        other = self.submit(self.write("g.yaml", self.FAILS.replace("exit 3", "exit 4")))
        self.wait_until_ended(other)
        wait_for("the worker's line is here", lambda: self.lines("--node", "one", "--event", "joined_cluster"))
        self.assertEqual({line["line"]["values"]["run"] for line in self.lines(run)}, {run})
        self.assertEqual([line["line"]["values"]["reason"] for line in self.lines("--event", "step_failed", "--text", "code 4")], ["exit code 4"])
        self.assertEqual({line["line"]["level"] for line in self.lines("--level", "warn")} - {"error", "critical"}, {"warn"})
        self.assertEqual(self.lines("--about", "nothing"), [])
        self.assertTrue(self.lines("--about", "s", "--since", "1h"))
        self.assertEqual(self.lines("--until", "1h"), [])
        before = self.lines("-n", "1000")
        self.assertEqual([line["number"] for line in before], sorted({line["number"] for line in before}))
        self.kill("supervisor")
        self.start_supervisor()
        self.assertEqual([line["number"] for line in self.lines("-n", "1000")][: len(before)], [line["number"] for line in before])
        self.assertIn("expected debug", self.artel("logs", "--level", "loud", check=False).stderr)

    def test_who_follows_lines_sees_each_as_it_comes(self):
        self.start_supervisor()
        follower = self.follow("logs", "--event", "node_joined")
        self.start_worker("one")
        self.assertEqual(json.loads(follower.stdout.readline())["line"]["values"]["node"], "one")
        self.start_worker("two")
        self.assertEqual(json.loads(follower.stdout.readline())["line"]["values"]["node"], "two")

    def test_events_are_told_once_in_order_and_from_any_number_on_also_of_runs_that_left_memory(self):
        self.start_supervisor()
        self.start_worker("one")
        first = self.submit(self.write("f.yaml", self.FAILS))
        self.wait_until_ended(first)
        of_first = self.events(first)
        self.assertEqual([event["kind"] for event in of_first], ["run_submitted", "step_started", "step_failed", "run_ended"])
        self.assertEqual({(event["pipeline"], event["run"]) for event in of_first}, {("fails", first)})
        self.assertEqual([event["step"] for event in of_first], ["", "s", "s", ""])
        follower = self.follow("events", "--after", str(of_first[1]["number"]))
        self.assertEqual([json.loads(follower.stdout.readline())["number"] for _ in range(2)], [event["number"] for event in of_first[2:]])
        noop = self.write("n.yaml", "pipeline: n\nsteps:\n  s: {use: core.noop}\n")
        second = self.submit(noop)
        self.assertEqual(json.loads(follower.stdout.readline())["run"], second)
        for _ in range(60):  # more than the supervisor node keeps in memory
            last = self.submit(noop)
        self.wait_until_ended(last)
        self.assertEqual(self.events("--after", "0")[: len(of_first)], of_first)
        self.assertEqual({event["pipeline"] for event in self.events("--after", "0", "--pipeline", "fails")}, {"fails"})
        self.kill("supervisor")
        self.start_supervisor()
        self.assertEqual(self.events(first), of_first)

    def test_a_node_gets_more_slots_fewer_slots_another_level_and_ends_warm(self):
        self.start_supervisor()
        self.start_worker("one", "--slots", "1", "--cpu", "8")
        go = self.path("go")
        run = self.submit(self.write("w.yaml", f"pipeline: w\nsteps:\n  s: {{shell: 'until [ -e {go}.$ARTEL_INSTANCE ]; do sleep 0.05; done', instances: 6}}\n"))
        active = lambda: json.loads(self.artel("--json", "active", "one").stdout)["attempts"]
        wait_for("one runs", lambda: len(active()) == 1)
        self.assertIn("4 slots", self.artel("slots", "one", "4").stdout)
        wait_for("four run", lambda: len(active()) == 4)
        self.assertIn("as soon as", self.artel("slots", "one", "2").stdout)
        for i in range(3):
            self.write(f"go.{i}", "")
        slots = lambda: json.loads(self.artel("--json", "nodes").stdout)["nodes"][0]["capacity"]["slots"]
        wait_for("it has two slots", lambda: slots() == 2)
        wait_for("two are left, though more could start", lambda: len(active()) == 2)
        self.assertEqual([a["attempt"] for a in active() if a["step"] == "s[3]"], [1])  # it was left alone
        (other,) = [a["step"][2] for a in active() if a["step"] != "s[3]"]
        last = {"4": "5", "5": "4"}[other]
        self.artel("log-level", "one", "error")
        self.assertEqual(self.artel("log-level", "one", "loud", check=False).returncode, 2)
        self.assertEqual(self.artel("slots", "nobody", "2", check=False).returncode, 4)
        self.assertEqual(self.artel("slots", "supervisor", "2", check=False).returncode, 2)
        self.artel("shutdown", "one")
        self.write("go.3", "")
        wait_for("it takes nothing more", lambda: [a["step"] for a in active()] == [f"s[{other}]"])
        self.assertIsNone(self.nodes["one"].poll())
        self.write(f"go.{other}", "")
        self.assertEqual(self.nodes["one"].wait(30), 0)
        self.write(f"go.{last}", "")
        self.start_worker("two")
        self.assertEqual(self.wait_until_ended(run)["summary"]["state"], "succeeded")
        self.assertEqual([(step["failures"], step["crashes"]) for step in self.show(run)["steps"]], [(0, 0)])
        self.assertEqual(self.artel("shutdown", "two", "--hard").returncode, 0)
        self.assertNotEqual(self.nodes["two"].wait(30), 0)
        asked = [entry["what"] for entry in json.loads(self.artel("--json", "audit").stdout)]
        self.assertTrue(any("change_node node=one" in what for what in asked))

    def test_rates_and_times_of_steps_are_set_while_they_run_and_last_over_a_restart(self):
        self.start_supervisor()
        self.start_worker("one")
        pipeline = self.write("p.yaml", "pipeline: p\nsteps:\n  quick: {use: core.noop, instances: 2}\n  slow: {command: [sleep, '600']}\n")
        self.assertIn("no run of that pipeline", self.artel("rate-limit", "p", "quick", "1/h", "--reason", "the API is slow").stdout)
        self.artel("time-limit", "p", "slow", "200ms")
        run = self.submit(pipeline)
        wait_for("the slow one ran out of its time", lambda: self.step("slow", run)["state"] == "failed")
        self.assertIn("timeout", self.artel("explain", run, "slow").stdout)
        wait_for("one has run", lambda: self.step("quick", run)["attempts"] == 1)
        self.assertIn("limited to 1/h", self.artel("explain", run, "quick[1]").stdout)
        self.kill("supervisor")
        self.start_supervisor()
        wait_for("the worker is back", lambda: self.is_up("one"))
        listed = json.loads(self.artel("--json", "limits").stdout)["limits"]
        self.assertEqual([(one["step"], one["per_hour"], one["timeout_ms"]) for one in listed], [("quick", 1, 0), ("slow", 0, 200)])
        self.assertIn("the API is slow", self.artel("limits").stdout)
        self.assertEqual(self.step("quick", run)["attempts"], 1)
        for wrong, code, word in ((("rate-limit", "p", "quick", "fast"), 2, "expected a whole number as in"), (("time-limit", "p", "slow", "0s"), 2, "expected a duration"), (("rate-limit", "p", "quik", "1/h"), 4, "did you mean 'quick'"),
                                  (("rate-limit", "p", "quick[0]", "1/h"), 4, "has no step")):
            ran = self.artel(*wrong, check=False)
            self.assertEqual((ran.returncode, word in ran.stderr), (code, True), ran.stderr)
        self.artel("rate-limit", "p", "quick", "none")
        self.assertEqual(self.wait_until_ended(run)["summary"]["state"], "failed")
        self.assertEqual(self.step("quick", run)["state"], "succeeded")

    def test_an_alert_is_told_once_also_over_a_restart_and_its_end_is_told(self):
        hook = Receiver(failures=1)
        self.addCleanup(hook.close)
        rules = self.write("m.yaml", f"receivers:\n  ops: {{webhook: '{hook.url}', headers: {{X-Token: abc}}}}\n"
                           f"  program: {{command: [/bin/sh, -c, 'echo $ARTEL_ALERT $ARTEL_ALERT_STATE >> {self.path('told')}; cat >> {self.path('body')}']}}\n"
                           "rules:\n  bad_runs:\n    summary: 'run {run} of {pipeline}: {reason}'\n    severity: critical\n    match: {event: run_ended, state: failed}\n"
                           "    until: {event: run_ended, state: succeeded}\n    count: {more_than: 1, within: 1h}\n    by: pipeline\n")
        self.start_supervisor("--monitor", rules)
        self.start_worker("one")
        bad = self.write("f.yaml", self.FAILS)
        self.wait_until_ended(self.submit(bad))
        self.wait_until_ended(self.submit(bad))
        wait_for("the webhook is told, though it failed first", lambda: hook.told)
        headers, body = hook.told[0]
        self.assertEqual((headers["X-Token"], body["status"], body["version"]), ("abc", "firing", "4"))
        self.assertEqual(body["alerts"][0]["labels"], {"alertname": "bad_runs", "severity": "critical", "pipeline": "fails"})
        self.assertIn("of fails: ", body["alerts"][0]["annotations"]["summary"])
        self.assertEqual(len(self.firing("bad_runs")), 1)
        self.kill("supervisor")
        self.start_supervisor("--monitor", rules)
        wait_for("it fires still", lambda: self.firing("bad_runs"))
        self.wait_until_ended(self.submit(bad))
        wait_for("the line was looked at", lambda: "3" in [one["value"] for one in self.firing("bad_runs")])
        self.wait_until_ended(self.submit(self.write("g.yaml", self.FAILS.replace("exit 3", "true"))))
        wait_for("its end is told", lambda: len(hook.told) > 1)
        self.assertEqual([body["status"] for _, body in hook.told], ["firing", "resolved"])
        wait_for("the program was told both", lambda: os.path.exists(self.path("told")) and open(self.path("told"), encoding="utf-8").read() == "bad_runs firing\nbad_runs resolved\n")

    def test_a_silenced_alert_is_shown_and_told_to_nobody_until_the_silence_ends(self):
        hook = Receiver()
        self.addCleanup(hook.close)
        rules = self.write("m.yaml", f"receivers:\n  ops: {{webhook: '{hook.url}'}}\nrules:\n  bad_runs:\n    match: {{event: run_ended, state: failed}}\n    count: {{more_than: 0, within: 1h}}\n    by: pipeline\n")
        self.start_supervisor("--monitor", rules)
        self.start_worker("one")
        self.artel("alerts", "silence", "bad_runs", "-l", "pipeline=fails", "--for", "1h", "--reason", "known")
        self.wait_until_ended(self.submit(self.write("f.yaml", self.FAILS)))
        wait_for("it fires, silenced", lambda: [one for one in self.firing("bad_runs") if "known" in one["silenced"]])
        self.assertEqual(hook.told, [])
        self.artel("alerts", "unsilence", "bad_runs", "-l", "pipeline=fails")
        wait_for("it is told now", lambda: hook.told)
        self.assertEqual(self.artel("alerts", "silence", "bad_run", check=False).returncode, 4)

    def test_a_mistake_in_the_rules_leaves_those_before_and_is_told(self):
        rules = self.write("m.yaml", "rules:\n  one:\n    match: {event: run_ended}\n    count: {more_than: 5, within: 1h}\n")
        self.start_supervisor("--monitor", rules)
        self.write("m.yaml", "rules:\n  one:\n    match: {event: run_endet}\n    count: {more_than: 5, within: 1h}\n")
        wait_for("the mistake is told", lambda: "did you mean 'run_ended'" in self.alerts()["problem"])
        self.assertEqual(self.alerts()["rules"], ["one"])
        refused = subprocess.run([os.path.join(BIN, "artel-supervisor"), "--monitor", rules, "--check"], capture_output=True, text=True, timeout=30, check=False)
        self.assertEqual((refused.returncode, "m.yaml:3:" in refused.stderr), (2, True))
        self.assertEqual(self.artel("alerts", "check", rules, check=False).returncode, 2)
        self.artel("alerts", "check", os.path.join(SOURCE, "config", "monitor.yaml"))

    def test_options_come_from_the_command_line_else_the_environment_else_the_file_and_change_on_sighup(self):
        self.start_supervisor()
        options = self.write("one.yaml", f"node: analyzer\nname: one\ncluster: {self.cluster}\nstore: {self.path('store')}\nslots: 2\ncpu: 8\nlabel: [big, fast]\n")
        self.artel("config", "check", options)
        self.assertIn("for another program", subprocess.run([os.path.join(BIN, "artel-trainer"), "--config", options, "--check"], capture_output=True, text=True, timeout=30, check=False).stderr)
        self.environment["ARTEL_NODE_SLOTS"] = "3"
        self.start("artel-analyzer", "one", "--config", options, "--gpu", "2")
        node = json.loads(self.artel("--json", "nodes").stdout)["nodes"][0]
        self.assertEqual((node["capacity"]["slots"], node["capacity"]["gpu"], node["labels"][-2:]), (3, 2, ["big", "fast"]))
        self.kill("one", signal.SIGTERM)
        del self.environment["ARTEL_NODE_SLOTS"]
        self.start("artel-analyzer", "one", "--config", options)
        slots = lambda: json.loads(self.artel("--json", "nodes").stdout)["nodes"][0]["capacity"]["slots"]
        self.assertEqual(slots(), 2)
        with open(options, "a", encoding="utf-8") as file:
            file.write("log-level: debug\n")
        self.write("one.yaml", open(options, encoding="utf-8").read().replace("slots: 2", "slots: 5").replace("cpu: 8", "cpu: 4"))
        self.nodes["one"].send_signal(signal.SIGHUP)
        wait_for("it has five slots", lambda: slots() == 5)
        wait_for("it says what needs a restart", lambda: [line for line in self.lines("--node", "one", "--event", "options_read") if line["line"]["values"] == {"changed": "log-level slots", "needs_restart": "cpu"}])
        self.write("one.yaml", "node: analyzer\nslotts: 2\n")
        self.nodes["one"].send_signal(signal.SIGHUP)
        wait_for("the mistake is told", lambda: [line for line in self.lines("--node", "one", "--event", "options_not_read") if "did you mean 'slots'" in line["line"]["values"]["reason"]])
        self.assertIn("did you mean 'slots'", self.artel("config", "check", options, check=False).stdout + self.artel("config", "check", options, check=False).stderr)

    def test_a_command_finds_the_trace_of_its_run_and_a_notice_of_its_result_is_a_line(self):
        self.start_supervisor("--log-format", "json")
        self.start_worker("one")
        run = self.submit(self.write("t.yaml", "pipeline: t\nsteps:\n  s: {shell: 'echo $TRACEPARENT; echo \"@artel result {\\\"notice\\\": \\\"look here\\\", \\\"notice_kind\\\": \\\"mine\\\"}\"'}\n"))
        self.wait_until_ended(run)
        parent = self.artel("logs", run, "s").stdout.splitlines()[0]
        self.assertRegex(parent, "^00-[0-9a-f]{32}-0000000000000001-01$")
        noted = wait_for("the notice is a line", lambda: self.lines(run, "--event", "step_notice"))[0]["line"]["values"]
        self.assertEqual((noted["kind"], noted["text"], noted["step"], noted["pipeline"]), ("mine", "look here", "s", "t"))
        with open(self.path("supervisor.log"), encoding="utf-8") as file:
            traces = {line["trace"] for line in map(json.loads, file) if line.get("run") == run}
        self.assertEqual(traces, {parent.split("-")[1]})

    def test_an_installation_has_programs_units_that_name_them_and_completions(self):
        build = os.path.dirname(BIN)
        subprocess.run(["cmake", "--install", build, "--prefix", self.path("usr")], check=True, capture_output=True, timeout=60)
        units = self.path("usr/lib/systemd/system")
        ran = subprocess.run(["systemd-analyze", "verify", *(os.path.join(units, unit) for unit in sorted(os.listdir(units)))], capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual((ran.returncode, [line for line in ran.stderr.splitlines() if "artel" in line]), (0, []))
        for example in os.listdir(self.path("usr/share/artel/nodes")):
            self.artel("config", "check", self.path("usr/share/artel/nodes", example))
        with open(self.path("usr/lib/systemd/system/artel-trainer@.service"), encoding="utf-8") as unit:
            self.assertIn(f"ExecStart={self.path('usr')}/bin/artel-trainer --config /etc/artel/%i.yaml", unit.read())
        complete = f"source {self.path('usr')}/share/bash-completion/completions/artel; COMP_WORDS=(artel $@); COMP_CWORD=$(($# - 0)); _artel_words; echo ${{COMPREPLY[@]}}"
        said = lambda *words: subprocess.run(["bash", "-c", complete, "bash", *words], capture_output=True, text=True, timeout=30, check=True).stdout.split()
        self.assertEqual(said("ale"), ["alerts"])
        self.assertEqual(said("alerts", "sil"), ["silence"])
        self.assertIn("--level", said("logs", "--l"))
        ran = subprocess.run([self.path("usr/bin/artel"), "validate", self.path("usr/share/artel/pipelines/edt_analysis.yaml")], capture_output=True, text=True, timeout=30, check=False)
        self.assertEqual(ran.returncode, 0, ran.stderr)

    def test_every_option_of_a_node_is_on_the_page_of_options(self):
        with open(os.path.join(SOURCE, "docs", "CONFIGURATION.md"), encoding="utf-8") as file:
            page = file.read()
        for program in ("artel-supervisor", "artel-trainer", "artel-analyzer"):
            told = subprocess.run([os.path.join(BIN, program), "--help"], capture_output=True, text=True, timeout=30, check=True).stdout
            for name in set(re.findall(r"--([a-z][a-z-]+)", told)) - {"help", "version", "config", "check", "data"}:
                if re.search(rf"^  --{name}\b", told, re.M):
                    self.assertIn(f"`{name}`", page, f"{program} --{name}")

    def test_lines_wait_for_a_supervisor_node_that_is_away(self):
        self.start_supervisor()
        self.start_worker("one")
        self.kill("supervisor")
        wait_for("the worker has noticed", lambda: "supervisor_silent" in self.log_of("one"))
        self.start_supervisor()
        wait_for("its line came later", lambda: self.lines("--node", "one", "--event", "supervisor_silent"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
