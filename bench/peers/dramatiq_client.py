"""The client side for Dramatiq (client_loop.py)."""

import time

import dramatiq
from dramatiq import group
from client_loop import serve
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


def start(*arguments):
    marked.send(*arguments)


serve(dramatiq.__version__, rate=rate, latency=latency, makespan=makespan, marked=start)
