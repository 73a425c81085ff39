"""Artel's side of the comparison: a supervisor node and worker nodes, through the admin socket like any client. The step that is killed has a backoff of a millisecond, as the others have
none; without a word it would wait for a second."""

import os
import time

from support import Admin, Cluster, NOOP, wait_until

from peers.processes import memory_mb, marks_in, wait_for_marks

TRAININGS = """pipeline: nightly
steps:
  train: {use: core.sleep, with: {duration: 1s}, map: range(%d), labels: [five], resources: {cpu: 0}}
  evaluate: {use: core.noop, needs: [train], resources: {cpu: 0}}
  clean_up: {use: core.noop, needs: [evaluate], resources: {cpu: 0}}
"""


class ArtelPeer:
    name, tasks = "artel", 100_000

    def __enter__(self):
        self.mark = f"artel-bench-{os.getpid()}-{time.monotonic_ns()}"
        # As in service: five slots, a step host for each; and a second node of 1,000 that take the no-op tasks.
        self.cluster = Cluster(workers=[["--slots", "5", "--label", "five"]], environment=dict(os.environ, BENCH_MARK=self.mark))
        self.marks = os.path.join(self.cluster.folder.name, "marks")
        return self

    def __exit__(self, *_):
        self.cluster.__exit__()

    def memory_mb(self):
        return memory_mb(self.mark)

    def rate(self, count):
        if "wide" not in self.cluster.nodes:
            self.cluster.start_worker("wide", "--slots", "1000", "--hosts", "1", "--label", "wide")
            self.cluster.wait_for_nodes(2)
        return count / self.cluster.run(f"pipeline: noop\nsteps:\n  noop: {{{NOOP}, instances: {count}, labels: [wide]}}\n")

    def latency(self, count):
        text = f"pipeline: one\nsteps:\n  s: {{{NOOP}, labels: [five]}}\n"
        return [self.cluster.run(text) * 1000 for _ in range(count)]

    def makespan(self, count):
        self.cluster.run(TRAININGS.replace("1s", "10ms") % count)  # its step hosts are up, as the others' processes are
        return self.cluster.run(TRAININGS % count)

    def begin_marked(self, seconds):
        open(self.marks, "w", encoding="ascii").close()
        text = f"pipeline: marked\nsteps:\n  s: {{backoff: {{min: 1ms, max: 1ms, jitter: 0}}, shell: \"echo $PPID $(date +%s.%N) >>{self.marks}; sleep {seconds}\"}}\n"
        return self.cluster.admin.submit(text)

    def killed_process(self):
        """The step host that runs it."""
        return self.kill_and_wait(lambda: os.kill(int(marks_in(self.marks)[0][0]), 9))

    def killed_worker(self):
        self.cluster.start_worker("other", "--slots", "5")
        self.cluster.wait_for_nodes(3)

        def kill():
            steps = self.cluster.artel("--json", "show", "last")
            name = next(each for each in ("w0", "wide", "other") if f'"node": "{each}"' in steps or f'"node":"{each}"' in steps)
            self.cluster.stop(name, kill=True)
        return self.kill_and_wait(kill)

    def kill_and_wait(self, kill):
        self.begin_marked(30)
        wait_until(lambda: marks_in(self.marks))
        killed = time.time()
        kill()
        took = wait_for_marks(self.marks, 2, 60)
        self.cluster.artel("cancel", "last")
        return None if took is None else took - killed
