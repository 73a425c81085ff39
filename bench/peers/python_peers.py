"""Celery and Dramatiq: a broker, a worker with five processes, and a client under the same Python."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from peers.processes import memory_mb, marks_in, processes_of, wait_for_marks
from support import QUIET, free_port, wait_until

HERE = os.path.dirname(os.path.abspath(__file__))
PATIENCE_S = 15  # longer is told as none
DEBIAN = "/usr/bin/python3"


class Redis:
    name, process = "Redis", None

    def start(self, folder, environment):
        port = free_port()
        self.url = f"redis://127.0.0.1:{port}/0"
        self.backend = self.url
        self.process = subprocess.Popen(["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--dir", folder], env=environment, **QUIET)
        wait_until(lambda: subprocess.run(["redis-cli", "-p", str(port), "ping"], capture_output=True, text=True, check=False).stdout.strip() == "PONG")

    def stop(self):
        if self.process is not None:
            self.process.terminate()
            self.process.wait()


class RabbitMQ:
    """Results are in Redis: RabbitMQ's own way of handing them back knows no chords."""

    name, process, results = "RabbitMQ", None, None

    def start(self, folder, environment):
        port = free_port()
        self.results = Redis()
        self.results.start(folder, environment)
        self.url, self.backend = f"amqp://guest:guest@127.0.0.1:{port}//", self.results.url
        self.environment = dict(environment, RABBITMQ_NODENAME=f"bench{port}@localhost", RABBITMQ_NODE_PORT=str(port), RABBITMQ_DIST_PORT=str(free_port()), RABBITMQ_MNESIA_BASE=f"{folder}/db",
                                RABBITMQ_LOG_BASE=folder, RABBITMQ_PID_FILE=f"{folder}/pid", RABBITMQ_ENABLED_PLUGINS_FILE=f"{folder}/plugins", HOME=folder, RABBITMQ_NODE_IP_ADDRESS="127.0.0.1")
        self.process = subprocess.Popen(["/usr/lib/rabbitmq/bin/rabbitmq-server"], env=self.environment, start_new_session=True, **QUIET)

        def up():
            import socket
            if self.process.poll() is not None:
                raise OSError("rabbitmq-server has ended by itself")
            with socket.socket() as one:
                return one.connect_ex(("127.0.0.1", port)) == 0
        wait_until(up, every_s=0.2)

    def stop(self):
        if self.results is not None:
            self.results.stop()
        if self.process is None:
            return
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        for pid in list(processes_of(self.environment["RABBITMQ_NODENAME"])):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass


class PeerFailed(Exception):
    """A peer does not do what it was asked; the others are measured all the same."""


class PythonPeer:
    """Of a kind ("celery", "dramatiq"), with a broker, under a Python."""

    tasks = 3_000

    def __init__(self, name, kind, broker, python):
        self.name, self.kind, self.broker, self.python = f"{name} + {broker.name}", kind, broker, python

    def __enter__(self):
        self.client, self.workers, self.folder = None, [], ""
        try:
            return self.begin()
        except BaseException as why:  # what has been started must not go on beside the others
            self.__exit__()
            if isinstance(why, KeyboardInterrupt):
                raise
            raise PeerFailed(f"{self.name}: could not be started ({why})") from why

    def begin(self):
        self.folder = tempfile.mkdtemp(prefix="artel-bench.")
        self.mark, self.marks = f"peer-bench-{os.getpid()}-{time.monotonic_ns()}", f"{self.folder}/marks"
        environment = dict(os.environ, BENCH_MARK=self.mark)
        self.broker.start(self.folder, environment)
        self.environment = dict(environment, PEER_BROKER=self.broker.url, PEER_BACKEND=self.broker.backend, PYTHONPATH=HERE, C_FORCE_ROOT="1")
        self.start_worker()
        # The client is no part of the system: its memory does not count.
        self.client = subprocess.Popen([self.python, f"{HERE}/{self.kind}_client.py"], env={key: value for key, value in self.environment.items() if key != "BENCH_MARK"}, stdin=subprocess.PIPE,
                                       stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=self.folder)
        self.version = json.loads(self.client.stdout.readline())["version"]
        self.ask("rate", 1)  # it is up
        return self

    def start_worker(self):
        command = {"celery": [self.python, "-m", "celery", "-A", "celery_app", "worker", "-c", "5", "-l", "ERROR", "-n", f"w{len(self.workers)}@localhost"],
                   "dramatiq": [self.python, "-m", "dramatiq", "dramatiq_app", "--processes", "5", "--threads", "1"]}[self.kind]
        self.workers.append(subprocess.Popen(command, env=self.environment, cwd=self.folder, start_new_session=True, **QUIET))

    def ask(self, *what):
        self.client.stdin.write(json.dumps(what) + "\n")
        self.client.stdin.flush()
        line = self.client.stdout.readline()
        if not line:
            raise PeerFailed(f"{self.name}: its client has ended while it was asked: {what[0]}")
        return json.loads(line)

    def memory_mb(self):
        return memory_mb(self.mark)

    def rate(self, count):
        return self.ask("rate", count)

    def latency(self, count):
        return self.ask("latency", count)

    def makespan(self, count):
        return self.ask("makespan", count)

    def killed_process(self):
        return self.kill_and_wait(lambda pid: os.kill(pid, signal.SIGKILL))

    def killed_worker(self):
        self.start_worker()
        time.sleep(5)  # it says nowhere that it is ready

        def kill(pid):
            group = os.getpgid(pid)
            for worker in self.workers:
                if worker.pid == group or os.getpgid(worker.pid) == group:
                    os.killpg(group, signal.SIGKILL)
        return self.kill_and_wait(kill)

    def kill_and_wait(self, kill):
        open(self.marks, "w", encoding="ascii").close()
        self.ask("marked", self.marks, 30)
        if wait_for_marks(self.marks, 1, PATIENCE_S) is None:
            return None
        killed = time.time()
        kill(int(marks_in(self.marks)[0][0]))
        took = wait_for_marks(self.marks, 2, PATIENCE_S)
        if took is None:
            print(f"{self.name}: not again within {PATIENCE_S} s", file=sys.stderr)
        return None if took is None else took - killed

    def __exit__(self, *_):
        if self.client is not None:
            self.client.kill()
            self.client.wait()
        for worker in self.workers:
            try:
                os.killpg(worker.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            worker.wait()
        self.broker.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def from_pypi(packages):
    """A Python with these packages, kept for the next time; a word when they can not be had."""
    where = os.path.join(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "artel-bench", packages[0].split("[")[0])
    python = f"{where}/bin/python"
    if os.path.exists(f"{where}/complete"):
        return python
    shutil.rmtree(where, ignore_errors=True)
    made = subprocess.run([DEBIAN, "-m", "venv", where], capture_output=True, text=True, check=False)
    if made.returncode == 0:
        made = subprocess.run([python, "-m", "pip", "install", "-q", "--disable-pip-version-check", *packages], capture_output=True, text=True, check=False)
    if made.returncode != 0:
        said = (made.stderr or made.stdout).strip().splitlines()
        print(f"skipped: {packages[0]} of PyPI ({said[-1] if said else 'could not be installed'})", file=sys.stderr)
        return None
    open(f"{where}/complete", "w", encoding="ascii").close()
    return python


def python_peers():
    if shutil.which("redis-server") is None or subprocess.run([DEBIAN, "-c", "import celery, redis"], capture_output=True, check=False).returncode != 0:
        raise SystemExit("compare: needs redis-server, python3-celery and python3-redis; ./dev bench compare installs them")
    peers = [PythonPeer("Debian's Celery", "celery", Redis(), DEBIAN)]
    if os.path.exists("/usr/lib/rabbitmq/bin/rabbitmq-server"):
        peers.append(PythonPeer("Debian's Celery", "celery", RabbitMQ(), DEBIAN))
    else:
        print("skipped: RabbitMQ (rabbitmq-server is not installed)", file=sys.stderr)
    for name, kind, packages in (("Celery of PyPI", "celery", ["celery[redis]"]), ("Dramatiq", "dramatiq", ["dramatiq[redis]"])):
        python = from_pypi(packages)
        if python:
            peers.append(PythonPeer(name, kind, Redis(), python))
    return peers
