"""A real cluster for one test: real programs in a folder of its own, on sockets of its own, gone when the test is over.

Nothing here sleeps for luck: wait_for polls a condition until it holds or a generous deadline fails the test."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest

BIN = os.environ["ARTEL_BIN"]
SOURCE = os.environ["ARTEL_SOURCE"]
# Where step hosts write their reports to, and the libraries that they need.
SANITIZERS = [word for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS", "LD_LIBRARY_PATH") if name in os.environ for word in ("--pass-env", name)]


def wait_for(what, condition, deadline_s=30.0):
    """Polls until condition() is true-ish and returns that; fails with `what` at the deadline."""
    end = time.monotonic() + deadline_s
    while True:
        got = condition()
        if got:
            return got
        if time.monotonic() > end:
            raise AssertionError(f"not within {deadline_s} s: {what}")
        time.sleep(0.02)


def processes_mentioning(text):
    """Pids of living processes whose command line or environment mentions `text`."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/stat") as stat:
                if stat.read().rsplit(")", 1)[1].split()[0] == "Z":
                    continue
            with open(f"/proc/{pid}/cmdline", "rb") as line, open(f"/proc/{pid}/environ", "rb") as environment:
                if text.encode() in line.read() + environment.read() and int(pid) != os.getpid():
                    found.append(int(pid))
        except OSError:
            pass
    return found


class ClusterCase(unittest.TestCase):
    """Base of process tests: helpers to start nodes and talk to them."""

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="artel-test.")
        self.data = os.path.join(self.folder, "data")
        self.cluster = f"ipc://{self.folder}/cluster.sock"
        # Every process started for this test carries the mark, so that leftovers can be found whatever they are.
        self.environment = dict(os.environ, ARTEL_DATA=self.data, ARTEL_TEST_MARK=self.folder)
        self.nodes = {}
        self.addCleanup(self.clean_up)

    def clean_up(self):
        if not self._outcome.success:  # what the nodes said, for whoever has to find out why
            for name in self.nodes:
                print(f"--- end of the log of {name} ({self.nodes[name].poll()}) ---\n{self.log_of(name)}", file=sys.stderr)
        for process in self.nodes.values():
            if process.poll() is None:
                process.kill()
            process.wait()
        for pid in processes_mentioning(self.folder):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        subprocess.run(["rm", "-rf", self.folder], check=False)

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        return self.path(name)

    def start(self, program, name, *arguments, wait=True, prefix=()):
        self.assertFalse(wait and name in self.nodes and self.nodes[name].poll() is None, f"{name} is up already")
        log = open(self.path(name + ".log"), "ab")
        process = subprocess.Popen([*prefix, os.path.join(BIN, program), "--name", name, *arguments], env=self.environment,
                                   stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        log.close()
        self.nodes[name] = process
        if wait:
            wait_for(f"{name} is up\n{self.log_of(name)}", lambda: self.is_up(name) or process.poll() is not None)
            self.assertIsNone(process.poll(), self.log_of(name))
        return process

    def start_supervisor(self, *arguments, wait=True):
        return self.start("artel-supervisor", "supervisor", "--data", self.data, "--cluster", self.cluster,
                          "--heartbeat-ms", "100", "--lease-ms", "1000", *arguments, wait=wait)

    def start_worker(self, name, *arguments, program="artel-analyzer", store="store", wait=True):
        return self.start(program, name, "--cluster", self.cluster, "--pass-env", "ARTEL_TEST_*", "--store", os.path.join(self.folder, store), *SANITIZERS, *arguments, wait=wait)

    def is_up(self, name):
        if name == "supervisor":
            return self.artel("nodes", check=False).returncode == 0
        listed = self.artel("--json", "nodes", check=False)
        return listed.returncode == 0 and any(n["name"] == name and n["state"] == "alive" for n in json.loads(listed.stdout)["nodes"])

    def log_of(self, name):
        try:
            with open(self.path(name + ".log"), encoding="utf-8", errors="replace") as file:
                return file.read()[-3000:]
        except OSError:
            return ""

    def kill(self, name, number=signal.SIGKILL):
        self.nodes[name].send_signal(number)
        self.nodes[name].wait()

    def artel(self, *arguments, check=True, timeout=120, prefix=()):
        done = subprocess.run([*prefix, os.path.join(BIN, "artel"), *arguments], env=self.environment, capture_output=True,
                              text=True, errors="replace", timeout=timeout, stdin=subprocess.DEVNULL)
        if check and done.returncode != 0:
            raise AssertionError(f"artel {' '.join(arguments)} → {done.returncode}\n{done.stdout}{done.stderr}")
        return done

    def submit(self, pipeline, *parameters):
        return self.artel("submit", pipeline, *parameters).stdout.split()[0]

    def show(self, run="last"):
        return json.loads(self.artel("--json", "show", run).stdout)

    def step(self, name, run="last"):
        return next(step for step in self.show(run)["steps"] if step["name"] == name)

    def wait_until_ended(self, run="last", deadline_s=60):
        def ended():
            got = self.artel("--json", "show", run, check=False)
            return got.returncode == 0 and (lambda s: s if s["summary"]["state"] != "running" else None)(json.loads(got.stdout))
        return wait_for(f"run {run} ends", ended, deadline_s)

    def facts(self, query, *values):
        with sqlite3.connect(f"file:{self.data}/journal.sqlite?mode=ro", uri=True) as journal:
            return journal.execute(query, values).fetchall()


class RunningClusterCase(ClusterCase):
    """With a supervisor node and one worker node from the beginning."""

    def supervisor_arguments(self):
        return []

    def setUp(self):
        super().setUp()
        self.start_supervisor(*self.supervisor_arguments())
        self.start_worker("one")

    def restart_supervisor(self):
        self.kill("supervisor")
        self.start_supervisor(*self.supervisor_arguments())
        wait_for("the worker is back", lambda: self.is_up("one"))
