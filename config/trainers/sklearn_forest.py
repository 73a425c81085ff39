#!/usr/bin/python3
"""A random forest as an Artel trainer. Reads a CSV whose last column is the class; TRAIN_DATA, TRAIN_NAME, TRAIN_SEED and TRAIN_TREES are its parameters."""

import csv
import json
import os
import pickle
import time

import sklearn
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import accuracy_score, f1_score
from sklearn.model_selection import train_test_split

began = time.monotonic()
name, seed, trees = os.environ["TRAIN_NAME"], int(os.environ["TRAIN_SEED"]), int(os.environ.get("TRAIN_TREES", "50"))
with open(os.environ["TRAIN_DATA"], encoding="utf-8", newline="") as file:
    rows = list(csv.reader(file))[1:]
features, target = [[float(value) for value in row[:-1]] for row in rows], [row[-1] for row in rows]
train_x, test_x, train_y, test_y = train_test_split(features, target, test_size=0.2, random_state=seed)

forest = RandomForestClassifier(n_estimators=0, warm_start=True, random_state=seed, n_jobs=1)
folder = os.path.join(os.environ["ARTEL_OUTPUT"], name, os.environ["ARTEL_RUN"])
os.makedirs(folder)
with open(os.path.join(folder, "metrics.jsonl"), "w", encoding="utf-8") as metrics:
    for count in sorted({*range(10, trees, 10), trees}):
        forest.set_params(n_estimators=count).fit(train_x, train_y)
        accuracy = forest.score(train_x, train_y)
        metrics.write(json.dumps({"step": count, "train_accuracy": accuracy}) + "\n")
        print(f"@artel progress {count} {trees} train_accuracy={accuracy:.4f}", flush=True)


def scores(model, x, y):
    said = model.predict(x)
    return {"accuracy": accuracy_score(y, said), "macro_f1": f1_score(y, said, average="macro")}


told = {"train": scores(forest, train_x, train_y), "validation": {}, "test": scores(forest, test_x, test_y),
        "baseline": scores(DummyClassifier().fit(train_x, train_y), test_x, test_y)}
with open(os.path.join(folder, "model.pickle"), "wb") as file:
    pickle.dump(forest, file)
with open(os.path.join(folder, "artel.json"), "w", encoding="utf-8") as file:
    json.dump({"format": 1, "task": "external", "name": name, "version": os.environ["ARTEL_RUN"], "seed": seed, "parameters": {"trees": trees},
               "headline": {"score": "accuracy", "higher_is_better": True}, "scores": told, "libraries": {"scikit-learn": sklearn.__version__},
               "data": {"path": os.environ["TRAIN_DATA"], "rows": len(rows), "train": len(train_y), "validation": 0, "test": len(test_y)}}, file)
with open(os.path.join(folder, "run.json"), "w", encoding="utf-8") as file:
    json.dump({"seconds": time.monotonic() - began}, file)
print("@artel result " + json.dumps({"model": name, "score": "accuracy", "test": told["test"]["accuracy"], "baseline": told["baseline"]["accuracy"]}))
