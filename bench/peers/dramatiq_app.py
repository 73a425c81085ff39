"""The tasks of the comparison for Dramatiq, with its result backend."""

import os
import time

import dramatiq
from dramatiq.brokers.redis import RedisBroker
from dramatiq.results import Results
from dramatiq.results.backends import RedisBackend

broker = RedisBroker(url=os.environ["PEER_BROKER"])
broker.add_middleware(Results(backend=RedisBackend(url=os.environ["PEER_BROKER"])))
dramatiq.set_broker(broker)


@dramatiq.actor(store_results=True)
def noop():
    return 0


@dramatiq.actor(store_results=True)
def train(number):
    time.sleep(1)
    return number


@dramatiq.actor(store_results=True)
def evaluate(*_):
    return 0


@dramatiq.actor(store_results=True)
def clean_up(*_):
    return 0


@dramatiq.actor(max_retries=10, min_backoff=1)
def marked(path, seconds):
    with open(path, "a", encoding="ascii") as file:
        file.write(f"{os.getpid()} {time.time()}\n")
    time.sleep(seconds)
