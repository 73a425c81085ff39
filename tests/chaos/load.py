"""The load: people who submit pipelines of every kind, and again until an answer comes."""

import os
import random
import subprocess
import threading
import time

from hosts import BIN

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RULES = "retries: 30, crash_limit: 60, backoff: {min: 50ms, max: 400ms}"
# Every attempt makes a mark when it begins and one when it has done its work; a single write each.
MARK = "echo $ARTEL_RUN $ARTEL_STEP $ARTEL_INSTANCE $ARTEL_ATTEMPT"

PIPELINES = {
    "chain": f"""
  a: {{shell: "{MARK} begun >>${{params.marks}}; sleep 0.2; {MARK} done >>${{params.marks}}", {RULES}}}
  b: {{shell: "{MARK} begun >>${{params.marks}}; sleep 0.05; {MARK} done >>${{params.marks}}", needs: [a], instances: 4, {RULES}}}
  c: {{shell: "{MARK} begun >>${{params.marks}}; {MARK} done >>${{params.marks}}", needs: [b], {RULES}}}""",
    "outputs": f"""
  write:
    shell: "{MARK} begun >>${{params.marks}}; for f in 1 2 3 4 5; do echo $ARTEL_ATTEMPT >$ARTEL_OUTPUT/$f; sleep 0.1; done; {MARK} done >>${{params.marks}}"
    output: "${{params.out}}/${{run.id}}/${{instance}}"
    instances: 3
    {RULES.replace(', ', chr(10) + '    ', 2)}""",
    "small": f"""
  noop: {{use: core.noop, instances: 300, {RULES}}}
  after: {{use: core.sleep, with: {{duration: 100ms}}, needs: [noop], {RULES}}}""",
    "greedy": f"""
  oom: {{command: [python3, -c, "b = b'x' * 200_000_000; import time; time.sleep(9)"], limits: {{memory: 50MB}}, crash_limit: 2, backoff: {{min: 50ms, max: 100ms}}, allow_failure: true}}
  fails: {{shell: "{MARK} begun >>${{params.marks}}; test $ARTEL_ATTEMPT -ge 3", {RULES}}}
  after: {{use: core.noop, needs: [oom, fails], {RULES}}}""",
    "stubborn": f"""
  s: {{shell: "trap '' TERM; {MARK} begun >>${{params.marks}}; setsid sleep 1000 & sleep 1000", timeout: 700ms, grace: 200ms, retries: 1, backoff: {{min: 50ms, max: 100ms}}, allow_failure: true}}""",
}


def new_id(chance):
    number = (int(time.time() * 1000) << 80) | chance.getrandbits(80)
    return "".join(CROCKFORD[number >> 5 * i & 31] for i in range(25, -1, -1))


class Load:
    def __init__(self, folder, admin, environment, seed, pause_s):
        self.folder, self.admin, self.environment, self.pause_s = folder, admin, environment, pause_s
        self.chance = random.Random(seed)
        self.accepted, self.given_up, self.cancelled = {}, set(), set()
        self.wanted = True
        for name, steps in PIPELINES.items():
            with open(os.path.join(folder, name + ".yaml"), "w", encoding="utf-8") as file:
                file.write(f"pipeline: {name}\nsupervision: {{max_restarts: 100000, within: 1h}}\n"
                           f"params:\n  marks: {{type: path, required: true}}\n  out: {{type: path, required: true}}\nsteps:{steps}\n")
        self.threads = [threading.Thread(target=self._submit, args=(random.Random(seed + n),), daemon=True) for n in range(2)]
        for thread in self.threads:
            thread.start()

    def artel(self, *arguments):
        return subprocess.run([os.path.join(BIN, "artel"), "--admin", self.admin, "--timeout", "5", *arguments], env=self.environment,
                              capture_output=True, text=True, stdin=subprocess.DEVNULL)

    def _submit(self, chance):
        while self.wanted:
            name = chance.choices(list(PIPELINES), weights=[6, 5, 3, 1, 1])[0]
            run = new_id(chance)
            # Once asked for, a run is asked for until somebody answers: who knows whether it was accepted.
            while True:
                done = self.artel("submit", os.path.join(self.folder, name + ".yaml"), "--id", run, "-p", f"marks={self.folder}/marks/{run}",
                                  "-p", f"out={self.folder}/out")
                if done.returncode == 0:
                    self.accepted[run] = name
                    break
                if "will not run" in done.stderr or not self.wanted and "nothing was accepted" in done.stderr:
                    self.given_up.add(run)
                    break
                time.sleep(0.1)
            if chance.random() < 0.03:
                self.artel("cancel", run)
                self.cancelled.add(run)
            time.sleep(self.pause_s * chance.random() * 2)

    def finish(self):
        self.wanted = False
        for thread in self.threads:
            thread.join()
