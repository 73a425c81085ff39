"""The tasks of the comparison as the replaced system had them: late acknowledgement, one task prefetched, a result backend."""

import os
import time

from celery import Celery

app = Celery("celery_app", broker=os.environ["PEER_BROKER"], backend=os.environ["PEER_BACKEND"])
app.conf.update(task_acks_late=True, task_reject_on_worker_lost=True, worker_prefetch_multiplier=1, task_track_started=True,
                task_serializer="json", result_serializer="json", accept_content=["json"], worker_send_task_events=True, broker_connection_retry_on_startup=True)


@app.task
def noop():
    return None


@app.task
def train(number):
    time.sleep(1)
    return number


@app.task
def evaluate(trained):
    return len(trained)


@app.task
def clean_up(_):
    return None


@app.task
def marked(path, seconds):
    """Writes when it began, then goes on for a while."""
    with open(path, "a", encoding="ascii") as file:
        file.write(f"{os.getpid()} {time.time()}\n")
    time.sleep(seconds)
