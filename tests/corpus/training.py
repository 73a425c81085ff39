#!/usr/bin/python3
"""training.py [NAME=PATH ...]: our trainers beside Python's xgboost and scikit-learn, on the same rows of the same parts.

Without names: data sets that python3-sklearn carries (digits, cancer, wine). Others by their path:
  letter=letter.csv         classification, target lettr       (R: mlbench LetterRecognition)
  diamonds=diamonds.csv     regression, target price           (R: ggplot2)
  concrete=concrete.csv     regression, target compressive_strength   (R: modeldata)
  lambdarank=FOLDER         ranking: LightGBM's example, rank.train, rank.train.query, rank.test, rank.test.query
  movielens=FOLDER          recommendation: MovieLens 100k with u1.base, u1.test … u5.test
Fails when a score of ours is more than 1 % worse. Needs ARTEL_BIN, python3-sklearn and python3-xgboost."""

import csv
import json
import math
import os
import random
import subprocess
import sys
import tempfile
import warnings

import numpy as np
import xgboost
from sklearn import cluster, datasets, metrics, preprocessing

BIN = os.environ["ARTEL_BIN"]
WORSE_AT_MOST = 0.01
PIPELINE = """
pipeline: one
steps:
  t: {use: ml.train, with: WITH, output: OUT, timeout: 1h}
"""
warnings.simplefilter("ignore")


class Workshop:
    def __init__(self, folder):
        self.folder = folder
        self.count = 0

    def train(self, **given):
        """Scores of a training, from its artel.json."""
        self.count += 1
        out = os.path.join(self.folder, f"out{self.count}")
        path = os.path.join(self.folder, f"{self.count}.yaml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(PIPELINE.replace("WITH", json.dumps(dict(given, version="v", name="m"))).replace("OUT", out))
        done = subprocess.run([os.path.join(BIN, "artel"), "run", path, "--data", os.path.join(self.folder, "data")], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise SystemExit(done.stdout[-2000:] + done.stderr)
        with open(os.path.join(out, "m", "v", "artel.json"), encoding="utf-8") as file:
            return json.load(file)["scores"]

    def table(self, name, head, rows):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([head, *rows])
        return path


def parts_of(count):
    chance = random.Random(1)
    return ["test" if (dice := chance.random()) < 0.2 else "validation" if dice < 0.3 else "train" for _ in range(count)]


def rows_in(parts, *names):
    return [i for i, part in enumerate(parts) if part in names]


def boosted(x, y, parts, parameters, kinds=None):
    """Python's xgboost with our defaults; what it says of the test rows."""
    def matrix(name):
        rows = rows_in(parts, name)
        return xgboost.DMatrix(x[rows], label=y[rows], feature_types=kinds, enable_categorical=kinds is not None)
    booster = xgboost.train(dict({"eta": 0.1, "max_depth": 6, "tree_method": "hist", "nthread": 2, "seed": 1}, **parameters), matrix("train"), num_boost_round=1000,
                            evals=[(matrix("validation"), "v")], early_stopping_rounds=50, verbose_eval=False)
    return booster.predict(matrix("test"), iteration_range=(0, booster.best_iteration + 1))


def columns_of(head, rows):
    """As numbers, categories by number; and their kinds for xgboost."""
    made, kinds = [], []
    for k, _ in enumerate(head):
        values = [row[k] for row in rows]
        try:
            made.append([float(value) for value in values])
            kinds.append("q")
        except ValueError:
            names = sorted(set(values))
            made.append([names.index(value) for value in values])
            kinds.append("c")
    return np.array(made, dtype=float).T, kinds


def supervised(workshop, name, head, rows, target, task):
    parts = parts_of(len(rows))
    path = workshop.table(f"{name}.csv", [*head, "part"], [[*row, part] for row, part in zip(rows, parts)])
    ours = workshop.train(task=task, data=path, target=target, split_column="part", threads=2)["test"]
    at = head.index(target)
    x, kinds = columns_of(head[:at] + head[at + 1:], [row[:at] + row[at + 1:] for row in rows])
    test = rows_in(parts, "test")
    if task == "regression":
        y = np.array([float(row[at]) for row in rows])
        theirs = math.sqrt(metrics.mean_squared_error(y[test], boosted(x, y, parts, {"objective": "reg:squarederror"}, kinds)))
        return ("rmse", ours["rmse"], theirs, False)
    names = sorted({row[at] for row in rows})
    y = np.array([names.index(row[at]) for row in rows])
    said = boosted(x, y, parts, {"objective": "multi:softprob", "num_class": len(names)} if len(names) > 2 else {"objective": "binary:logistic"}, kinds)
    theirs = metrics.accuracy_score(y[test], said.argmax(axis=1) if len(names) > 2 else said > 0.5)
    return ("accuracy", ours["accuracy"], theirs, True)


def clusters(workshop, name, head, rows, target, scale):
    parts = parts_of(len(rows))
    path = workshop.table(f"{name}-clusters.csv", [*head, "part"], [[*row, part] for row, part in zip(rows, parts)])
    count = len({row[-1] for row in rows})
    ours = workshop.train(task="clustering", data=path, target=target, split_column="part", parameters=f"clusters={count}, scale={scale}, beginnings=20")["train"]
    train = rows_in(parts, "train")
    x = np.array([[float(value) for value in rows[i][:-1]] for i in train])
    if scale == "standard":
        x = preprocessing.StandardScaler().fit_transform(x)
    theirs = metrics.adjusted_rand_score([rows[i][-1] for i in train], cluster.KMeans(count, n_init=20, random_state=1).fit_predict(x))
    return ("ari", ours["ari"], theirs, True)


def carried(name):
    load = {"digits": datasets.load_digits, "cancer": datasets.load_breast_cancer, "wine": datasets.load_wine}[name]()
    head = [f"f{i}" for i in range(load.data.shape[1])] + ["target"]
    return head, [[*map(repr, map(float, row)), str(label)] for row, label in zip(load.data, load.target)]


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    return head, rows


def lambdarank(workshop, folder):
    def part(name):
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            lines = file.read().split("\n")
        with open(os.path.join(folder, name + ".query"), encoding="utf-8") as file:
            sizes = [int(line) for line in file if line.strip()]
        numbered, at = [], 0
        for number, size in enumerate(sizes):
            numbered += [line.split(" ", 1)[0] + f" qid:{number} " + line.split(" ", 1)[1] for line in lines[at:at + size]]
            at += size
        path = os.path.join(workshop.folder, name + ".libsvm")
        with open(path, "w", encoding="utf-8") as file:
            file.write("\n".join(numbered) + "\n")
        return path
    ours = workshop.train(task="ranking", data=part("rank.train"), test=part("rank.test"), target="label", query="qid")["test"]
    return ("ndcg_at_10", ours["ndcg_at_10"], 0.7615, True)


def movielens(workshop, folder):
    sums = []
    for fold in range(1, 6):
        paths = []
        for end in ("base", "test"):
            with open(os.path.join(folder, f"u{fold}.{end}"), encoding="utf-8") as file:
                rows = [line.split()[:3] for line in file]
            paths.append(workshop.table(f"u{fold}.{end}.csv", ["user", "item", "rating"], rows))
        sums.append(workshop.train(task="recommendation", data=paths[0], test=paths[1], user="user", item="item", target="rating")["test"]["rmse"])
    return ("rmse", sum(sums) / len(sums), 0.9164, False)


def main():
    given = dict(word.split("=", 1) for word in sys.argv[1:])
    worse = 0
    with tempfile.TemporaryDirectory(prefix="artel-corpus-") as folder:
        workshop = Workshop(folder)
        jobs = [] if given else [("digits", lambda: supervised(workshop, "digits", *carried("digits"), "target", "classification")),
                                 ("cancer", lambda: supervised(workshop, "cancer", *carried("cancer"), "target", "classification")),
                                 ("digits, clusters", lambda: clusters(workshop, "digits", *carried("digits"), "target", "none")),
                                 ("wine, clusters", lambda: clusters(workshop, "wine", *carried("wine"), "target", "standard"))]
        for name, target, task in (("letter", "lettr", "classification"), ("diamonds", "price", "regression"), ("concrete", "compressive_strength", "regression")):
            if name in given:
                jobs.append((name, lambda n=name, t=target, k=task: supervised(workshop, n, *read(given[n]), t, k)))
        if "lambdarank" in given:
            jobs.append(("lambdarank", lambda: lambdarank(workshop, given["lambdarank"])))
        if "movielens" in given:
            jobs.append(("movielens", lambda: movielens(workshop, given["movielens"])))
        for name, job in jobs:
            score, ours, theirs, higher = job()
            bad = ours < theirs * (1 - WORSE_AT_MOST) if higher else ours > theirs * (1 + WORSE_AT_MOST)
            worse += bad
            print(f"{name:18} {score:12} ours {ours:10.4f}   reference {theirs:10.4f}   {'WORSE' if bad else 'good'}", flush=True)
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main())
