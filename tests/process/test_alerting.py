"""Who is told of alerts when receivers hang and nodes are started again; and how a node is steered by its file."""

import json
import os
import signal
import subprocess
import unittest

from cluster import BIN, ClusterCase, wait_for
from webhook import Receiver


class AlertingTest(ClusterCase):
    RULES = ("rules:\n  bad_runs:\n    summary: 'run {run} failed'\n    match: {event: run_ended, state: failed}\n    until: {event: run_ended, state: succeeded}\n"
             "    count: {more_than: 0, within: 1h}\n    by: pipeline\n")

    def fails(self, name):
        return self.write(name + ".yaml", f"pipeline: {name}\nsteps:\n  s: {{shell: 'exit 3'}}\n")

    def firing(self, rule):
        return [one for one in json.loads(self.artel("--json", "alerts").stdout)["alerts"] if one["rule"] == rule and one["state"] == "firing"]

    def test_a_receiver_that_hangs_holds_up_no_other_and_is_told_after_a_restart(self):
        slow, good = Receiver(), Receiver()
        for each in (slow, good):
            self.addCleanup(each.close)
        slow.hangs.set()
        rules = self.write("m.yaml", f"receivers:\n  slow: {{webhook: '{slow.url}'}}\n  good: {{webhook: '{good.url}'}}\n" + self.RULES)
        self.start_supervisor("--monitor", rules)
        self.start_worker("one")
        for name in "abc":
            self.wait_until_ended(self.submit(self.fails(name)))
        wait_for("the good one is told of all", lambda: len(good.told) == 3)
        wait_for("the slow one has been asked", lambda: slow.asked)
        self.assertEqual(slow.told, [])
        self.kill("supervisor", signal.SIGTERM)
        slow.hangs.clear()
        self.start_supervisor("--monitor", rules)
        wait_for("the slow one is told of what it has missed", lambda: {body["alerts"][0]["labels"]["pipeline"] for _, body in slow.told} == {"a", "b", "c"})
        self.wait_until_ended(self.submit(self.write("a.yaml", "pipeline: a\nsteps:\n  s: {use: core.noop}\n")))
        wait_for("both are told that one is over", lambda: [body["status"] for _, body in slow.told + good.told].count("resolved") == 2)
        self.assertEqual([body["status"] for _, body in good.told], ["firing"] * 3 + ["resolved"])

    def test_an_end_that_nobody_could_be_told_of_is_told_after_a_restart(self):
        hook = Receiver()
        self.addCleanup(hook.close)
        rules = self.write("m.yaml", f"receivers:\n  ops: {{webhook: '{hook.url}'}}\n" + self.RULES)
        self.start_supervisor("--monitor", rules)
        self.start_worker("one")
        self.wait_until_ended(self.submit(self.fails("a")))
        wait_for("it is told", lambda: hook.told)
        hook.hangs.set()
        asked = hook.asked
        self.wait_until_ended(self.submit(self.write("a.yaml", "pipeline: a\nsteps:\n  s: {use: core.noop}\n")))
        wait_for("its end is on its way", lambda: hook.asked > asked)
        self.kill("supervisor")
        hook.hangs.clear()
        hook.told.clear()
        self.start_supervisor("--monitor", rules)
        wait_for("its end is told", lambda: [body["status"] for _, body in hook.told] == ["resolved"])

    def test_a_node_that_left_in_good_order_is_not_missed_after_a_restart(self):
        self.start_supervisor()
        self.start_worker("one")
        self.start_worker("two")
        self.wait_until_ended(self.submit(self.write("p.yaml", "pipeline: p\nsteps:\n  s: {use: core.noop, instances: 8}\n")))
        self.kill("one", signal.SIGTERM)
        self.kill("supervisor")
        self.start_supervisor()
        run = self.submit(self.write("q.yaml", "pipeline: q\nsteps:\n  s: {use: core.sleep, with: {duration: 1500ms}}\n"))  # longer than a lease
        self.wait_until_ended(run)
        self.assertEqual([json.loads(line) for line in self.artel("--json", "logs", "--event", "node_lost").stdout.splitlines()], [])

    def test_who_follows_goes_on_after_a_restart(self):
        self.start_supervisor()
        self.start_worker("one")
        follower = subprocess.Popen([os.path.join(BIN, "artel"), "--json", "--timeout", "2", "events", "--follow", "--after", "0"], env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(follower.stdout.close)
        self.addCleanup(follower.stderr.close)
        self.addCleanup(follower.wait)
        self.addCleanup(follower.kill)
        pipeline = self.write("p.yaml", "pipeline: p\nsteps:\n  s: {use: core.noop}\n")
        def follow_until(run):
            for line in follower.stdout:
                one = json.loads(line)
                if one["kind"] == "run_ended" and one["run"] == run:
                    return
            self.fail(follower.stderr.read())
        first = self.submit(pipeline)
        follow_until(first)
        self.kill("supervisor")
        self.assertIn("waiting for it", follower.stderr.readline())
        self.start_supervisor()
        wait_for("the worker is back", lambda: self.is_up("one"))
        follow_until(self.submit(pipeline))


class SteeringTest(ClusterCase):
    def test_a_file_may_go_back_to_what_it_was_and_one_with_a_mistake_changes_nothing(self):
        self.start_supervisor()
        options = self.write("one.yaml", "")
        def write(text):
            with open(options, "w", encoding="utf-8") as file:
                file.write(f"node: analyzer\nname: one\ncluster: '{self.cluster}'\nstore: {self.path('store')}\n" + text)
        def told(event):
            with open(self.path("one.log"), encoding="utf-8") as log:
                return [line for line in log if f" {event} " in line]
        def hang_up(text, event):
            before = len(told(event))
            write(text)
            self.nodes["one"].send_signal(signal.SIGHUP)
            return wait_for(event, lambda: told(event)[before:])[0]
        slots = lambda: json.loads(self.artel("--json", "nodes").stdout)["nodes"][0]["capacity"]["slots"]
        write("slots: 2\n")
        log = open(self.path("one.log"), "ab")
        self.nodes["one"] = subprocess.Popen([os.path.join(BIN, "artel-analyzer"), "--config", options], env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        log.close()
        wait_for("it is there", lambda: self.is_up("one"))
        for number in (4, 2, 3):
            self.assertIn("changed=slots", hang_up(f"slots: {number}\n", "options_read"))
            wait_for(f"it has {number} slots", lambda: slots() == number)
        self.artel("slots", "one", "7")
        wait_for("it has 7 slots", lambda: slots() == 7)
        hang_up("slots: 3\n", "options_read")
        wait_for("the file's number counts again", lambda: slots() == 3)
        self.assertIn("--memory 'lots'", hang_up("slots: 5\nmemory: lots\n", "options_not_read"))
        self.assertIn('changed=""', hang_up("slots: 3\n", "options_read"))
        self.assertEqual(slots(), 3)
        self.assertIn("changed=log-level", hang_up("slots: 3\nlog-level: info,transport=debug\n", "options_read"))
        self.assertIn("changed=log-level", hang_up("slots: 3\nlog-level: info\n", "options_read"))

    def test_a_file_with_a_level_or_format_that_there_is_not_is_no_good_file(self):
        for line in ("log-level: foo", "log-format: xml", "name: \"a b\"", "name: all"):
            for kind in ("supervisor", "trainer"):
                ran = self.artel("config", "check", self.write("bad.yaml", f"node: {kind}\n{line}\n"), check=False)
                self.assertEqual(ran.returncode, 2, ran.stdout)

    def test_two_nodes_do_not_share_an_address_or_the_supervisors_name(self):
        self.start_supervisor()
        second = subprocess.run([os.path.join(BIN, "artel-supervisor"), "--data", self.path("other"), "--cluster", self.cluster], env=self.environment, capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual((second.returncode, "another process listens there already" in second.stderr), (3, True), second.stderr)
        other = subprocess.run([os.path.join(BIN, "artel-analyzer"), "--name", "supervisor", "--cluster", self.cluster, "--store", self.path("s2")], env=self.environment, capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual((other.returncode, "is the supervisor node" in other.stderr), (2, True), other.stderr)

    def test_what_people_say_breaks_no_line(self):
        self.start_supervisor()
        self.artel("rate-limit", "p", "s", "1/s", "--reason", "one\ntwo \x1b[31mred")
        self.assertIn("one two  [31mred", self.artel("limits").stdout)
        ran = self.artel("rate-limit", "a\tb", "s", "1/s", check=False)
        self.assertEqual((ran.returncode, "expected the name of a pipeline" in ran.stderr), (2, True))


if __name__ == "__main__":
    unittest.main(verbosity=2)
