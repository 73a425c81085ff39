"""As celery_client.py, for Dramatiq."""

import json
import sys
import time

import dramatiq
from dramatiq import group
from dramatiq_app import clean_up, evaluate, marked, noop, train


def rate(count):
    begin = time.perf_counter()
    waiting = group(noop.message() for _ in range(count)).run()
    for _ in waiting.get_results(block=True, timeout=600_000):
        pass
    return count / (time.perf_counter() - begin)


def latency(count):
    took = []
    for _ in range(count):
        begin = time.perf_counter()
        noop.send().get_result(block=True, timeout=60_000)
        took.append((time.perf_counter() - begin) * 1000)
    return took


def makespan(count):
    begin = time.perf_counter()
    for _ in group(train.message(i) for i in range(count)).run().get_results(block=True, timeout=60_000):
        pass
    for actor in (evaluate, clean_up):
        actor.send().get_result(block=True, timeout=60_000)
    return time.perf_counter() - begin


def main():
    print(json.dumps({"version": dramatiq.__version__}), flush=True)
    for line in sys.stdin:
        what, *arguments = json.loads(line)
        if what == "marked":
            marked.send(*arguments)
            said = None
        else:
            said = {"rate": rate, "latency": latency, "makespan": makespan}[what](*arguments)
        print(json.dumps(said), flush=True)


main()
