#!/usr/bin/python3
"""compare_with_sklearn.py PROGRAM [CASES]: random cases, each score beside scikit-learn's; fails when one differs by more than 1e-6."""

import json
import math
import random
import subprocess
import sys
import warnings

import numpy as np
from sklearn import metrics

TOLERANCE = 1e-6
warnings.simplefilter("ignore")


def classification(chance):
    classes, rows = chance.choice([2, 2, 3, 5]), chance.randint(2, 60)
    truth = [chance.randrange(classes) for _ in range(rows)]
    weights = [[chance.choice([0.0, 0.5, chance.random(), chance.random()]) + 1e-9 for _ in range(classes)] for _ in range(rows)]
    said = np.array([[w / sum(row) for w in row] for row in weights])
    labels, best = list(range(classes)), said.argmax(axis=1)
    wanted = {"accuracy": metrics.accuracy_score(truth, best), "macro_f1": metrics.f1_score(truth, best, average="macro"),
              "log_loss": metrics.log_loss(truth, said, labels=labels, eps=1e-15)}
    if len(set(truth)) == classes:
        wanted["roc_auc"] = metrics.roc_auc_score(truth, said[:, 1]) if classes == 2 else metrics.roc_auc_score(truth, said, multi_class="ovr")
    return {"truth": truth, "probabilities": said.flatten().tolist(), "classes": classes}, wanted


def regression(chance):
    rows = chance.randint(2, 60)
    truth = [chance.choice([1.0, chance.gauss(0, 10)]) for _ in range(rows)]
    said = [chance.choice([value, value + chance.gauss(0, 3)]) for value in truth]
    return {"truth": truth, "said": said}, {"rmse": math.sqrt(metrics.mean_squared_error(truth, said)), "mae": metrics.mean_absolute_error(truth, said),
                                            "r2": metrics.r2_score(truth, said)}


def clustering(chance):
    rows, width, clusters = chance.randint(4, 40), chance.randint(1, 3), chance.randint(2, 3)
    truth = [chance.randrange(3) for _ in range(rows)]
    said = [i if i < clusters else chance.randrange(clusters) for i in range(rows)]
    points = [[chance.choice([0.0, chance.gauss(0, 1)]) for _ in range(width)] for _ in range(rows)]
    return ({"truth": truth, "said": said, "points": [v for row in points for v in row], "width": width},
            {"ari": metrics.adjusted_rand_score(truth, said), "nmi": metrics.normalized_mutual_info_score(truth, said),
             "silhouette": metrics.silhouette_score(points, said)})


def ranking(chance):
    exponential = chance.random() < 0.5
    queries, ndcg, top, precision, reciprocal = [], [], [], [], []
    for _ in range(chance.randint(1, 6)):
        size = chance.randint(2, 30)
        truth = [chance.choice([0, 0, 1, 2, 3]) for _ in range(size)]
        if not any(truth):
            truth[0] = 1
        # Ties share their places in ndcg_score; average precision has other rules for them, so it gets none.
        score = [chance.random() for _ in range(size)] if chance.random() < 0.5 else None
        ties = score is None
        score = score or [chance.choice([0.25, 0.5, 0.75]) for _ in range(size)]
        queries.append({"truth": truth, "score": score})
        gains = [[2 ** t - 1 if exponential else t for t in truth]]
        ndcg.append(metrics.ndcg_score(gains, [score]))
        top.append(metrics.ndcg_score(gains, [score], k=10))
        order = sorted(range(size), key=lambda i: (-score[i], i))
        precision.append(None if ties else metrics.average_precision_score([t > 0 for t in truth], score))
        reciprocal.append(1 / (1 + next(place for place, i in enumerate(order) if truth[i] > 0)))
    wanted = {"ndcg": np.mean(ndcg), "ndcg_at_10": np.mean(top), "mrr": np.mean(reciprocal), "queries": len(queries)}
    if None not in precision:
        wanted["map"] = np.mean(precision)
    return {"queries": queries, "exponential": exponential}, wanted


def recommendation(chance):
    items, lists = chance.randint(15, 40), []
    for _ in range(chance.randint(1, 5)):
        lists.append({"items": chance.sample(range(items), 12), "held_out": chance.sample(range(items), chance.randint(1, 14))})
    ndcg, recall = [], []
    for each in lists:
        relevance = [[1 if item in each["held_out"] else 0 for item in range(items)]]
        score = [[-each["items"].index(item) if item in each["items"] else -100 - item for item in range(items)]]
        gain = sum(1 / math.log2(place + 2) for place, item in enumerate(each["items"][:10]) if item in each["held_out"])
        ndcg.append(gain / sum(1 / math.log2(place + 2) for place in range(min(10, len(each["held_out"])))))
        if len(each["held_out"]) <= 10:
            assert abs(ndcg[-1] - metrics.ndcg_score(relevance, score, k=10)) < TOLERANCE
        recall.append(len(set(each["items"][:10]) & set(each["held_out"])) / min(10, len(each["held_out"])))
    shown = {item for each in lists for item in each["items"][:10]}
    return {"lists": lists, "items": items}, {"ndcg_at_10": np.mean(ndcg), "recall_at_10": np.mean(recall), "coverage_at_10": len(shown) / items}


def main():
    program, count = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 400
    chance = random.Random(1)
    cases = []
    for make in (classification, regression, clustering, ranking, recommendation):
        for _ in range(count):
            given, wanted = make(chance)
            cases.append((dict(given, kind=make.__name__), wanted))
    told = subprocess.run([program], input="".join(json.dumps(given) + "\n" for given, _ in cases), capture_output=True, text=True, check=True)
    wrong, compared = 0, 0
    for (given, wanted), line in zip(cases, told.stdout.splitlines(), strict=True):
        ours = json.loads(line)
        for name, value in wanted.items():
            compared += 1
            if name not in ours or not abs(ours[name] - value) <= TOLERANCE:
                wrong += 1
                if wrong <= 10:
                    print(f"{name}: ours {ours.get(name)}, scikit-learn's {value}: {json.dumps(given)[:400]}")
    print(f"{compared} scores of {len(cases)} cases compared, {wrong} differ")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
