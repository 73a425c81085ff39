#!/usr/bin/python3
"""Boosted trees with Python's xgboost as an Artel trainer. Reads a CSV whose last column is a number; parameters as in sklearn_forest.py."""

import csv
import json
import math
import os
import time

import xgboost

began = time.monotonic()
name, seed, trees = os.environ["TRAIN_NAME"], int(os.environ["TRAIN_SEED"]), int(os.environ.get("TRAIN_TREES", "50"))
with open(os.environ["TRAIN_DATA"], encoding="utf-8", newline="") as file:
    rows = [[float(value) for value in row] for row in list(csv.reader(file))[1:]]
test = rows[::5]
train = [row for i, row in enumerate(rows) if i % 5 != 0]
matrices = {part: xgboost.DMatrix([row[:-1] for row in of], label=[row[-1] for row in of]) for part, of in (("train", train), ("test", test))}

folder = os.path.join(os.environ["ARTEL_OUTPUT"], name, os.environ["ARTEL_RUN"])
os.makedirs(folder)
booster = xgboost.Booster({"objective": "reg:squarederror", "eta": 0.1, "nthread": 1, "seed": seed}, [matrices["train"]])
with open(os.path.join(folder, "metrics.jsonl"), "w", encoding="utf-8") as metrics:
    for count in range(trees):
        booster.update(matrices["train"], count)
        loss = float(booster.eval(matrices["train"], "m", count).rsplit(":", 1)[1])
        metrics.write(json.dumps({"step": count + 1, "train_loss": loss}) + "\n")
        print(f"@artel progress {count + 1} {trees} train_loss={loss:.4f}", flush=True)


def rmse(said, of):
    return {"rmse": math.sqrt(sum((each - row[-1]) ** 2 for each, row in zip(said, of)) / len(of))}


mean = sum(row[-1] for row in train) / len(train)
told = {"train": rmse(booster.predict(matrices["train"]), train), "validation": {}, "test": rmse(booster.predict(matrices["test"]), test), "baseline": rmse([mean] * len(test), test)}
booster.save_model(os.path.join(folder, "model.json"))
with open(os.path.join(folder, "artel.json"), "w", encoding="utf-8") as file:
    json.dump({"format": 1, "task": "external", "name": name, "version": os.environ["ARTEL_RUN"], "seed": seed, "parameters": {"trees": trees},
               "headline": {"score": "rmse", "higher_is_better": False}, "scores": told, "libraries": {"xgboost": xgboost.__version__},
               "data": {"path": os.environ["TRAIN_DATA"], "rows": len(rows), "train": len(train), "validation": 0, "test": len(test)}}, file)
with open(os.path.join(folder, "run.json"), "w", encoding="utf-8") as file:
    json.dump({"seconds": time.monotonic() - began}, file)
print("@artel result " + json.dumps({"model": name, "score": "rmse", "test": told["test"]["rmse"], "baseline": told["baseline"]["rmse"]}))
