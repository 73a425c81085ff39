"""What a step can not do: see the node's environment or descriptors, use more than its limits, outlive anybody."""

import json
import os
import signal
import subprocess
import unittest

from cluster import ClusterCase, processes_mentioning, wait_for


def command_of(pid):
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            return file.read()
    except OSError:
        return b""


class IsolationTest(ClusterCase):
    def run_step(self, body, *arguments, name="s", environment=None):
        """Runs one step; returns its view. `body` is the YAML of the step."""
        if "supervisor" not in self.nodes:
            self.start_supervisor()
        if "one" not in self.nodes:
            self.environment.update(environment or {})
            self.start_worker("one", *arguments)
        run = self.submit(self.write("p.yaml", f"pipeline: p\nsteps:\n  {name}: {{{body}}}\n"))
        self.wait_until_ended(run)
        return self.step(name)

    def log(self):
        return self.artel("logs", "last", "s").stdout

    def sleepers(self):
        return [p for p in processes_mentioning(self.folder) if command_of(p).startswith(b"sleep\0")]

    def test_a_step_sees_little_of_the_nodes_environment_and_what_was_passed(self):
        step = self.run_step("command: [env], env: {MINE: yes}", "--pass-env", "WANTED_*",
                             environment={"SECRET_TOKEN": "hush", "WANTED_ONE": "1"})
        self.assertEqual(step["state"], "succeeded")
        names = {line.split("=")[0] for line in self.log().splitlines()}
        self.assertNotIn("SECRET_TOKEN", names)
        self.assertIn("OMP_WAIT_POLICY=passive", self.log().splitlines())
        self.assertLessEqual({"PATH", "MINE", "WANTED_ONE", "ARTEL_RUN", "ARTEL_ATTEMPT", "ARTEL_NODE"}, names)

    def test_a_step_has_a_session_of_its_own_an_empty_stdin_and_no_descriptor_but_the_three(self):
        self.run_step("shell: \"ls -l /proc/self/fd; ps -o sid=,pgid=,pid= -p $$; cat\"")
        text = self.log()
        self.assertEqual([line.split()[-3] for line in text.splitlines() if "->" in line and "/proc" not in line], ["0", "1", "2"])
        sid, group, pid = text.splitlines()[-1].split()
        self.assertEqual((sid, group), (pid, pid))

    def test_more_memory_than_the_limit_is_a_crash_that_says_so(self):
        step = self.run_step("command: [python3, -c, \"b = b'x' * 300_000_000; import time; time.sleep(60)\"], limits: {memory: 100MB}, crash_limit: 0")
        self.assertEqual((step["state"], step["crashes"]), ("poisoned", 1))
        self.assertRegex(step["error"], r"used .*memory.* 100 MB")

    def test_what_is_reserved_is_the_limit_and_counts_for_all_processes_of_the_step_together(self):
        child = "import os, time\\nfor i in range(3):\\n  if os.fork() == 0:\\n    b = os.urandom(60_000_000); time.sleep(60)\\ntime.sleep(60)"
        step = self.run_step(f"command: [python3, -c, \"{child}\"], resources: {{memory: 128MB}}, crash_limit: 0")
        self.assertEqual(step["state"], "poisoned")
        self.assertRegex(step["error"], r"used .*memory.* 128 MB")
        wait_for("no process is left", lambda: not [p for p in processes_mentioning(self.folder) if b"urandom" in command_of(p)])

    def test_more_cpu_time_than_the_limit_is_a_failure(self):
        step = self.run_step("shell: \"while :; do :; done\", limits: {cpu_time: 1s}, grace: 100ms")
        self.assertEqual((step["state"], step["failures"]), ("failed", 1))
        self.assertIn("CPU time", step["error"])

    def test_a_file_beyond_the_limit_and_a_descriptor_too_many_fail_the_step(self):
        step = self.run_step(f"shell: \"ulimit -n; exec dd if=/dev/zero of={self.path('big')} bs=1M count=5\", limits: {{file_size: 1MB, open_files: 64}}")
        self.assertEqual((step["state"], step["crashes"]), ("failed", 0))
        self.assertEqual(os.path.getsize(self.path("big")), 1 << 20)
        self.assertEqual(self.log().splitlines()[0], "64")

    def test_more_processes_than_the_limit_are_a_crash_and_all_of_them_end(self):
        step = self.run_step("shell: \"for i in 1 2 3 4 5 6 7 8 9; do setsid sleep 1000 & done; wait\", limits: {processes: 5}, crash_limit: 0")
        self.assertEqual(step["state"], "poisoned")
        self.assertIn("its limit is 5 processes", step["error"])
        wait_for("all have ended", lambda: not self.sleepers())

    def test_a_very_deep_tree_of_processes_ends_with_its_step(self):
        script = self.write("deep.py", "import os, sys, time\nn = int(sys.argv[1])\nif n and os.fork() == 0:\n    os.setsid()\n    os.execv(sys.executable, [sys.executable, '-S', '-E', __file__, str(n - 1)])\nif n == 0:\n    open(__file__ + '.deep', 'w')\ntime.sleep(0 if n == 150 else 1000)\n")
        step = self.run_step(f"shell: \"/usr/bin/python3 -S -E {script} 150; while [ ! -e {script}.deep ]; do sleep 0.1; done\"")
        self.assertEqual(step["state"], "succeeded")
        self.assertEqual([p for p in processes_mentioning(self.folder) if b"deep.py" in command_of(p)], [])

    def test_what_a_command_started_and_did_not_wait_for_leaves_no_zombies_while_it_runs(self):
        gate = self.path("gate")
        self.start_supervisor()
        self.start_worker("one")
        self.submit(self.write("p.yaml", f"pipeline: p\nsteps:\n  s: {{shell: \"for i in $(seq 300); do (true & ) ; done; touch {gate}; exec sleep 1000\"}}\n"))
        wait_for("all have been started", lambda: os.path.exists(gate))

        def zombies():
            text = subprocess.run(["ps", "-eo", "stat=,ppid="], capture_output=True, text=True, check=True).stdout
            hosts = {str(p) for p in processes_mentioning(self.folder) if b"artel-step-host" in command_of(p)}
            return sum(line.split()[0].startswith("Z") and line.split()[1] in hosts for line in text.splitlines())
        wait_for("no zombie is left", lambda: zombies() == 0)

    def test_steps_with_a_limit_of_cores_that_run_side_by_side_do_not_share_one(self):
        if len(os.sched_getaffinity(0)) < 2:
            self.skipTest("one core only")
        self.start_supervisor()
        self.start_worker("one", "--slots", "2", "--cpu", "2", "--no-control-groups")
        run = self.submit(self.write("p.yaml", f"pipeline: p\nsteps:\n  s: {{shell: \"taskset -cp $$; touch {self.folder}/$ARTEL_INSTANCE; "
                                     f"while ! [ -e {self.folder}/0 -a -e {self.folder}/1 ]; do sleep 0.02; done\", instances: 2, limits: {{cpu: 1}}}}\n"))
        self.wait_until_ended(run)
        cores = [self.artel("logs", run, f"s[{n}]").stdout.split(":")[-1].strip() for n in range(2)]
        self.assertEqual(len(set(cores)), 2, cores)

    @unittest.skipUnless(os.geteuid() == 0, "needs root")
    def test_cores_that_nobody_has_reserved_go_to_the_steps_that_take_spare_ones_and_only_while_they_are_spare(self):
        spare = "use: core.sleep, with: {duration: 50ms}, resources: {cpu: 1, spare_cpu: true}"
        alone = self.run_step(spare, "--cpu", "4", "--slots", "4")
        self.assertEqual(json.loads(alone["result"])["cores"], 4)
        self.assertEqual(json.loads(self.run_step("use: core.sleep, with: {duration: 50ms}, resources: {cpu: 2}")["result"])["cores"], 2)
        self.run_step("command: [env], resources: {cpu: 3}")
        self.assertIn("ARTEL_CORES=3", self.log().splitlines())
        busy = self.submit(self.write("busy.yaml", "pipeline: busy\nsteps: {b: {command: [sleep, '600'], resources: {cpu: 2.5}}}\n"))
        wait_for("it runs", lambda: self.show(busy)["steps"][0]["state"] == "running")
        self.assertEqual(json.loads(self.run_step(spare)["result"])["cores"], 1)
        self.artel("cancel", busy)

    def test_a_step_of_another_user_can_open_its_output_by_name(self):
        step = self.run_step("shell: \"echo there >/dev/stderr\", user: nobody")
        self.assertEqual(step["state"], "succeeded", step["error"])
        self.assertIn("there", self.log())

    @unittest.skipUnless(os.geteuid() == 0, "needs root")
    def test_a_child_that_the_node_may_not_kill_holds_up_nobody(self):
        os.chmod(self.folder, 0o777)
        self.start_supervisor()
        # A node of another user, and a step that leaves a child which has become root for good: it may not be signalled.
        helper = self.path("helper")
        subprocess.run(["cp", os.path.realpath("/usr/bin/python3"), helper], check=True)
        os.chmod(helper, 0o4755)
        for name in ("data", "cluster.sock"):
            os.chmod(self.path(name), 0o777)
        code = self.write("stay.py", "import os, time\nos.setresuid(0, 0, 0)\nopen(__file__ + '.there', 'w')\ntime.sleep(1000)\n")
        self.start("artel-analyzer", "one", "--cluster", self.cluster, "--pass-env", "ARTEL_TEST_*", "--no-control-groups",
                   prefix=("setpriv", "--reuid", "65534", "--clear-groups"))
        run = self.submit(self.write("p.yaml", f"pipeline: p\nsteps:\n  s: {{shell: \"setsid {helper} -S -E {code} & while [ ! -e {code}.there ]; do sleep 0.1; done\"}}\n"
                                     "  t: {use: core.noop, needs: [s]}\n"))
        self.assertEqual(self.wait_until_ended(run, 20)["summary"]["state"], "succeeded")
        self.assertEqual(len([p for p in processes_mentioning(self.folder) if b"stay.py" in command_of(p) and b"setsid" not in command_of(p)]), 1)

    def test_a_native_step_is_held_to_its_limits_too(self):
        step = self.run_step("use: core.sleep, with: {duration: 60s}, limits: {memory: 1MB}, crash_limit: 0")
        self.assertEqual(step["state"], "poisoned")
        self.assertRegex(step["error"], r"used .*memory.* 1 MB")

    @unittest.skipUnless(os.geteuid() == 0, "needs root")
    def test_a_step_runs_as_its_user_and_can_write_its_output(self):
        os.chmod(self.folder, 0o755)
        step = self.run_step(f"shell: \"id -un; echo $HOME; touch $ARTEL_OUTPUT/mine\", user: nobody, output: {self.path('out')}")
        self.assertEqual(step["state"], "succeeded", step["error"])
        self.assertEqual(self.log().splitlines()[0], "nobody")
        self.assertTrue(os.path.exists(self.path("out", "mine")))
        step = self.run_step("shell: id, user: no-such-user")
        self.assertEqual(step["state"], "failed")
        self.assertIn("user 'no-such-user' does not exist on this node", step["error"])

    def test_when_node_and_step_host_are_killed_at_once_the_next_life_of_the_node_ends_what_they_left(self):
        self.start_supervisor()
        self.start_worker("one", "--no-control-groups")
        self.submit(self.write("p.yaml", "pipeline: p\nsteps:\n  s: {shell: \"setsid sleep 1000 & exec sleep 1001\"}\n"))
        wait_for("both sleep", lambda: len(self.sleepers()) == 2)
        hosts = [p for p in processes_mentioning(self.folder) if b"artel-step-host" in command_of(p)]
        os.kill(self.nodes["one"].pid, signal.SIGSTOP)
        for pid in hosts:
            os.kill(pid, signal.SIGKILL)
        self.kill("one")
        # The command itself dies with its host, what it started does not.
        left = wait_for("one is left", lambda: len(self.sleepers()) == 1 and self.sleepers())
        self.start_worker("one")
        wait_for("the leftover has ended", lambda: left[0] not in self.sleepers())
        self.assertIn("leftovers_ended processes=1", self.log_of("one"))

    def test_a_second_node_of_the_same_name_does_not_touch_what_the_first_runs(self):
        self.start_supervisor()
        self.start_worker("one", "--no-control-groups")
        self.submit(self.write("p.yaml", "pipeline: p\nsteps:\n  s: {shell: \"exec sleep 1000\"}\n"))
        wait_for("it sleeps", lambda: len(self.sleepers()) == 1)
        first = self.nodes.pop("one")
        self.nodes["first"] = first
        second = self.start_worker("one", wait=False)
        self.assertNotEqual(second.wait(30), 0)
        self.assertEqual(len(self.sleepers()), 1)
        self.assertIsNone(first.poll())


if __name__ == "__main__":
    unittest.main(verbosity=2)
