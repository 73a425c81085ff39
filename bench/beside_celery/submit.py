"""Submits the group, waits for all, prints the seconds of each."""

import json

from celery import group
from trainings import train

ROUNDS = {"classification": 60, "regression": 150, "ranking": 100}
names = ["classification", "ranking", "regression", "recommendation", "clustering"]
print(json.dumps(dict(group(train.s(name, ROUNDS.get(name, 0)) for name in names)().get(timeout=600))))
