"""The client side: a command per line on stdin, JSON, and an answer per line on stdout. Runs under the Python whose Celery is measured."""

import json
import sys
import time

import celery
from celery import chain, chord, group
from celery_app import clean_up, evaluate, marked, noop, train


def rate(count):
    """Tasks a second: all submitted, all results read."""
    begin = time.perf_counter()
    group(noop.s() for _ in range(count)).apply_async().get(timeout=600)
    return count / (time.perf_counter() - begin)


def latency(count):
    """Milliseconds from a submission to its result, one at a time."""
    took = []
    for _ in range(count):
        begin = time.perf_counter()
        noop.delay().get(timeout=60, interval=0.0005)
        took.append((time.perf_counter() - begin) * 1000)
    return took


def makespan(count):
    begin = time.perf_counter()
    chain(chord([train.s(i) for i in range(count)], evaluate.s()), clean_up.s()).apply_async().get(timeout=60, interval=0.001)
    return time.perf_counter() - begin


def main():
    print(json.dumps({"version": celery.__version__}), flush=True)
    for line in sys.stdin:
        what, *arguments = json.loads(line)
        if what == "marked":
            marked.delay(*arguments)
            said = None
        else:
            said = {"rate": rate, "latency": latency, "makespan": makespan}[what](*arguments)
        print(json.dumps(said), flush=True)


main()
