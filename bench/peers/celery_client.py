"""The client side for Celery (client_loop.py)."""

import time

import celery
from celery import chain, chord, group
from celery_app import clean_up, evaluate, marked, noop, train
from client_loop import serve


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


def start(*arguments):
    marked.delay(*arguments)


serve(celery.__version__, rate=rate, latency=latency, makespan=makespan, marked=start)
