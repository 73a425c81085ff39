"""What the benchmarks share: nodes in a folder of their own, questions over the admin socket, medians with their spread, a table and JSON lines.

Every benchmark prints a row per figure, then the same as JSON lines, and exits 1 when a figure with a bound misses it."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

import msgpack
import zmq

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BIN = os.environ.get("ARTEL_BIN") or os.path.join(TOP, "build/dev/bin")
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "stdin": subprocess.DEVNULL}
SUBMIT, SHOW, LIST_NODES, PING, AWAIT = 0x40, 0x44, 0x4A, 0x50, 0x7F
REFUSED, RUN_ACCEPTED, RUN_SHOWN, PONG = 0x03, 0x41, 0x45, 0x51
RUNNING, SUCCEEDED = 0, 1
NOOP = "use: core.noop, resources: {cpu: 0}"


class Figures:
    """Rows of one benchmark: least, median and most of several rounds, with a bound where there is one."""

    def __init__(self, bench):
        self.bench, self.rows = bench, []
        print(f"{bench}: cores {os.cpu_count()}, load {os.getloadavg()[0]:.2f}")
        print(f"{'':58} {'least':>12} {'median':>12} {'most':>12}", flush=True)

    def add(self, name, values, unit, at_most=None, at_least=None):
        values = list(values) if isinstance(values, (list, tuple)) else [values]
        middle = statistics.median(values)
        holds = (at_most is None or middle <= at_most) and (at_least is None or middle >= at_least)
        bound = f"   at most {at_most:,}" if at_most is not None else f"   at least {at_least:,}" if at_least is not None else ""
        print(f"{name:58} {min(values):12,.3f} {middle:12,.3f} {max(values):12,.3f} {unit}{bound}{'' if holds else '   MISSED'}", flush=True)
        row = {"bench": self.bench, "figure": name, "unit": unit, "least": min(values), "median": middle, "most": max(values), "rounds": len(values)}
        if bound:
            row.update({"at_most" if at_most is not None else "at_least": at_most if at_most is not None else at_least, "holds": holds})
        self.rows.append(row)
        return middle

    def finish(self):
        for row in self.rows:
            print(json.dumps(row))
        return 0 if all(row.get("holds", True) for row in self.rows) else 1


def wait_until(condition, patience_s=120.0, every_s=0.005):
    end = time.monotonic() + patience_s
    while not condition():
        if time.monotonic() > end:
            raise SystemExit("waited too long")
        time.sleep(every_s)


def status_kb(pid, field="VmRSS"):
    """A figure of /proc/PID/status; VmRSS is the resident memory."""
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return next(int(line.split()[1]) for line in file if line.startswith(field + ":"))


def cpu_s(pid):
    """CPU seconds of a process so far, of all its threads, to the nanosecond."""
    total = 0
    for task in os.listdir(f"/proc/{pid}/task"):
        try:
            with open(f"/proc/{pid}/task/{task}/schedstat", encoding="ascii") as file:
                total += int(file.read().split()[0])
        except OSError:
            pass
    return total / 1e9


class Admin:
    """A client of the admin socket: one question, one answer."""

    def __init__(self, endpoint, timeout_s=120):
        self.socket = zmq.Context.instance().socket(zmq.DEALER)
        self.socket.linger = 0
        self.socket.reconnect_ivl = 1  # it may not be there yet
        self.socket.connect(endpoint)
        self.timeout_ms, self.last = int(timeout_s * 1000), 0

    def send(self, kind, body):
        self.last += 1
        self.socket.send(msgpack.packb([2, kind, "bench", 77, self.last, 0, msgpack.packb(body)]))
        return self.last

    def receive(self):
        if not self.socket.poll(self.timeout_ms):
            raise SystemExit("the supervisor node does not answer")
        frame = msgpack.unpackb(self.socket.recv(), strict_map_key=False)
        return frame[1], frame[4], msgpack.unpackb(frame[6], strict_map_key=False)

    def ask(self, kind, body, answer=None):
        self.send(kind, body)
        got, _, said = self.receive()
        if got == REFUSED and answer != REFUSED:
            raise SystemExit(f"refused: {said}")
        return said

    def submit(self, text, name="bench.yaml"):
        run = os.urandom(16)
        run = int(time.time() * 1000).to_bytes(6, "big") + run[6:]
        self.ask(SUBMIT, [run, text, name, {}, "bench", "", None, False])
        return run

    def await_run(self, run):
        """Waits for the end of a run; raises when it has not succeeded."""
        while True:
            summary = self.ask(AWAIT, [ulid(run), 20_000])[0]
            if summary[2] != RUNNING:
                if summary[2] != SUCCEEDED:
                    raise SystemExit(f"a run ended in state {summary[2]}")
                return summary

    def close(self):
        self.socket.close()


def ulid(run):
    """Crockford's base 32 of the 16 bytes of a run's id."""
    value, letters = int.from_bytes(run, "big"), "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    return "".join(letters[value >> shift & 31] for shift in range(125, -1, -5))


class Cluster:
    """A supervisor node and worker nodes of this host, gone at the end."""

    def __init__(self, supervisor=(), workers=((),), program="artel-trainer", tcp=False, environment=None):
        self.folder = tempfile.TemporaryDirectory(prefix="artel-bench.")
        self.data, self.nodes, self.program = os.path.join(self.folder.name, "data"), {}, program
        self.endpoint = f"tcp://127.0.0.1:{free_port()}" if tcp else f"ipc://{self.folder.name}/cluster.sock"
        self.environment, self.arguments = environment, list(supervisor)
        self.start_supervisor()
        self.admin = Admin(f"ipc://{self.data}/admin.sock")
        for number, arguments in enumerate(workers):
            self.start_worker(f"w{number}", *arguments)
        self.wait_for_nodes(len(workers))

    def start(self, program, name, *arguments):
        self.nodes[name] = subprocess.Popen([os.path.join(BIN, program), "--name", name, "--cluster", self.endpoint, "--log-level", "warn", *arguments], env=self.environment, **QUIET)
        return self.nodes[name]

    def start_supervisor(self):
        return self.start("artel-supervisor", "supervisor", "--data", self.data, *self.arguments)

    def start_worker(self, name, *arguments):
        return self.start(self.program, name, "--store", os.path.join(self.folder.name, "store"), *arguments)

    def wait_for_nodes(self, count):
        wait_until(lambda: self.admin.ask(PING, [""])[3] >= count)

    def pid(self, name):
        return self.nodes[name].pid

    def run(self, text):
        """Seconds from the submission to the durable end."""
        begin = time.perf_counter()
        self.admin.await_run(self.admin.submit(text))
        return time.perf_counter() - begin

    def artel(self, *arguments):
        done = subprocess.run([os.path.join(BIN, "artel"), "--data", self.data, *arguments], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise SystemExit(done.stdout + done.stderr)
        return done.stdout

    def stop(self, name, kill=False):
        process = self.nodes.pop(name)
        process.kill() if kill else process.terminate()
        process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.admin.close()
        for name in reversed(list(self.nodes)):
            self.stop(name, kill=True)
        self.folder.cleanup()


def free_port():
    import socket
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def number_of(index, default):
    """The command line's argument of that place, a number."""
    return int(sys.argv[index]) if len(sys.argv) > index else default
