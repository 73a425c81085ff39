"""Hosts as network namespaces, and the nodes on them: started anew whenever they have died."""

import os
import signal
import subprocess
import threading
import time

BIN = os.environ.get("ARTEL_BIN", os.path.join(os.path.dirname(__file__), "../../bin"))


def ip(*arguments, check=True):
    return subprocess.run(["ip", *arguments], check=check, capture_output=True).returncode == 0


class Net:
    """Namespaces artel-<tag>-0 (the supervisor node's, with a bridge) and 1 … n (one per worker node)."""

    def __init__(self, tag, workers):
        self.tag, self.workers = tag, workers
        self.ok = ip("netns", "add", self.name(0), check=False)
        if not self.ok:
            return
        inner = ["-n", self.name(0)]
        ip(*inner, "link", "add", "br0", "type", "bridge")
        ip(*inner, "addr", "add", "10.78.0.1/24", "dev", "br0")
        ip(*inner, "link", "set", "br0", "up")
        for n in range(1, workers + 1):
            ip("netns", "add", self.name(n))
            ip(*inner, "link", "add", f"to-{n}", "type", "veth", "peer", "name", "eth0", "netns", self.name(n))
            ip(*inner, "link", "set", f"to-{n}", "master", "br0", "up")
            ip("-n", self.name(n), "addr", "add", f"10.78.0.{n + 1}/24", "dev", "eth0")
            ip("-n", self.name(n), "link", "set", "eth0", "up")

    def name(self, n):
        return f"artel-{self.tag}-{n}"

    def link(self, n, state):
        ip("-n", self.name(n), "link", "set", "eth0", state, check=False)

    def remove(self):
        for n in range(self.workers + 1):
            ip("netns", "del", self.name(n), check=False)


class Node:
    """A program on a host that is started anew `pause_s()` after it has ended, until told otherwise."""

    def __init__(self, host, argv, environment, log, pause_s):
        self.host, self.argv, self.environment, self.log, self.pause_s = host, argv, environment, log, pause_s
        self.process, self.wanted, self.starts = None, True, 0
        self.lock = threading.Lock()
        self.thread = threading.Thread(target=self._keep, daemon=True)
        self.thread.start()

    def _keep(self):
        while self.wanted:
            with open(self.log, "ab") as log:
                # The namespace is entered by the exec, so the pid is the node's own.
                process = subprocess.Popen(["ip", "netns", "exec", self.host, *self.argv], env=self.environment, stdin=subprocess.DEVNULL,
                                           stdout=log, stderr=log, start_new_session=True)
            with self.lock:
                self.process = process
                self.starts += 1
            process.wait()
            if self.wanted:
                time.sleep(self.pause_s())

    def signal(self, number):
        with self.lock:
            if self.process and self.process.poll() is None:
                os.kill(self.process.pid, number)
                return True
        return False

    def finish(self, patience_s=20):
        """SIGTERM, and its exit code; None when it had to be killed."""
        self.wanted = False
        self.signal(signal.SIGCONT)
        self.signal(signal.SIGTERM)
        self.thread.join(patience_s)
        if self.thread.is_alive():
            self.signal(signal.SIGKILL)
            self.thread.join()
            return None
        return self.process.returncode
