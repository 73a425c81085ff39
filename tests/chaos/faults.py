"""What befalls the cluster: one fault after the other, some at the same time, from a seed."""

import os
import random
import signal
import subprocess
import time
from collections import Counter


class Faults:
    def __init__(self, supervisor, workers, net, data, seed):
        self.supervisor, self.workers, self.net, self.data = supervisor, workers, net, data
        self.chance = random.Random(seed)
        self.counts = Counter()
        self.to_undo = []  # (when, what to do)
        self.filling = os.path.join(data, "filling")

    def run(self, seconds):
        kinds = [(self.kill_worker, 4), (self.kill_supervisor, 3), (self.stop_worker, 3), (self.stop_supervisor, 1), (self.cut, 3),
                 (self.fill_disk, 1), (self.kill_host, 3), (self.leave, 1)]
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.undo(time.monotonic())
            self.chance.choices([k for k, _ in kinds], weights=[w for _, w in kinds])[0]()
            pause = time.monotonic() + self.chance.uniform(0.3, 3)
            while time.monotonic() < pause:
                time.sleep(0.05)
                self.undo(time.monotonic())
        self.undo(float("inf"))

    def undo(self, now):
        due = [entry for entry in self.to_undo if entry[0] <= now]
        self.to_undo = [entry for entry in self.to_undo if entry[0] > now]
        for _, what in due:
            what()

    def later(self, low, high, what):
        self.to_undo.append((time.monotonic() + self.chance.uniform(low, high), what))

    def one(self):
        return self.chance.randrange(len(self.workers))

    def kill_worker(self):
        self.counts["kill -9 of a worker node"] += self.workers[self.one()].signal(signal.SIGKILL)

    def kill_supervisor(self):
        self.counts["kill -9 of the supervisor node"] += self.supervisor.signal(signal.SIGKILL)

    def leave(self):
        self.counts["SIGTERM of a worker node"] += self.workers[self.one()].signal(signal.SIGTERM)

    def stop_worker(self):
        node = self.workers[self.one()]
        if node.signal(signal.SIGSTOP):
            self.counts["SIGSTOP of a worker node"] += 1
            self.later(0.2, 5, lambda: node.signal(signal.SIGCONT))

    def stop_supervisor(self):
        if self.supervisor.signal(signal.SIGSTOP):
            self.counts["SIGSTOP of the supervisor node"] += 1
            self.later(0.2, 4, lambda: self.supervisor.signal(signal.SIGCONT))

    def cut(self):
        n = self.one() + 1
        self.counts["link cut"] += 1
        self.net.link(n, "down")
        self.later(0.1, 5, lambda: self.net.link(n, "up"))

    def fill_disk(self):
        room = os.statvfs(self.data)
        self.counts["full disk"] += 1
        subprocess.run(["fallocate", "-l", str(max(1, room.f_bavail * room.f_frsize)), self.filling], check=False, capture_output=True)
        self.later(0.5, 4, lambda: os.path.exists(self.filling) and os.remove(self.filling))

    def kill_host(self):
        hosts = subprocess.run(["pgrep", "-f", "artel-step-host --control"], capture_output=True, text=True, check=False).stdout.split()
        ours = [int(pid) for pid in hosts if self.is_ours(int(pid))]
        if ours:
            self.counts["kill -9 of a step host"] += 1
            try:
                os.kill(self.chance.choice(ours), signal.SIGKILL)
            except ProcessLookupError:
                pass

    def is_ours(self, pid):
        try:
            with open(f"/proc/{pid}/environ", "rb") as file:
                return self.supervisor.environment["ARTEL_TEST_MARK"].encode() in file.read()
        except OSError:
            return False
