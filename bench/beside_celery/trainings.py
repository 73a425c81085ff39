"""The five trainings as Celery tasks; each returns its seconds."""

import os
import time

import numpy as np
from celery import Celery

FOLDER = os.environ["BENCH_FOLDER"]
app = Celery("trainings", broker=f"redis+socket://{FOLDER}/redis.sock", backend=f"redis+socket://{FOLDER}/redis.sock")
app.conf.update(task_acks_late=True, worker_prefetch_multiplier=1)


def load(name):
    return np.loadtxt(os.path.join(FOLDER, name + ".csv"), delimiter=",", skiprows=1, dtype=np.float32)


def parts(rows):
    dice = np.random.default_rng(1).random(rows)
    return dice >= 0.3, (dice >= 0.2) & (dice < 0.3), dice < 0.2


def boost(name, rounds, objective, **more):
    import xgboost
    table = load(name)
    x, y = table[:, :-1], table[:, -1]
    train, validation, test = (xgboost.DMatrix(x[mask], label=y[mask]) for mask in parts(len(y)))
    parameters = {"objective": objective, "eta": 0.1, "max_depth": 6, "tree_method": "hist", "nthread": 1, "seed": 1, **more}
    booster = xgboost.train(parameters, train, rounds, evals=[(train, "t"), (validation, "v")], verbose_eval=False)
    booster.predict(test), booster.predict(train)
    booster.save_model(os.path.join(FOLDER, name + ".celery.json"))


def rank(rounds):
    import xgboost
    table = load("ranking")
    query = table[:, -1].astype(int)
    dice = np.random.default_rng(1).random(query.max() + 1)[query]
    matrices = []
    for mask in (dice >= 0.3, (dice >= 0.2) & (dice < 0.3), dice < 0.2):
        one = xgboost.DMatrix(table[mask, :-2], label=table[mask, -2])
        one.set_group(np.unique(query[mask], return_counts=True)[1])
        matrices.append(one)
    booster = xgboost.train({"objective": "rank:ndcg", "eta": 0.1, "max_depth": 6, "tree_method": "hist", "nthread": 1, "seed": 1, "eval_metric": "ndcg@10"}, matrices[0], rounds,
                            evals=[(matrices[0], "t"), (matrices[1], "v")], verbose_eval=False)
    booster.predict(matrices[2]), booster.predict(matrices[0])
    booster.save_model(os.path.join(FOLDER, "ranking.celery.json"))


def solve(of, other, regularisation, confidence):
    square, width, made = other.T @ other, other.shape[1], []
    for items in of:
        each = other[items]
        made.append(np.linalg.solve(square + regularisation * np.eye(width) + confidence * each.T @ each, (1 + confidence) * each.sum(axis=0)))
    return np.array(made)


def recommend():
    pairs = load("recommendation").astype(int)
    pairs = pairs[~parts(len(pairs))[2]]
    users, items = pairs.max(axis=0) + 1
    of_users = [pairs[pairs[:, 0] == u, 1] for u in range(users)]
    of_items = [pairs[pairs[:, 1] == i, 0] for i in range(items)]
    item = np.random.default_rng(1).normal(0, 0.1, (items, 32))
    for _ in range(15):
        user = solve(of_users, item, 10, 5)
        item = solve(of_items, user, 10, 5)
    np.savez(os.path.join(FOLDER, "recommendation.celery.npz"), user=user, item=item)


def cluster():
    from sklearn.cluster import KMeans
    points = load("clustering")
    model = KMeans(5, n_init=10, random_state=1).fit(points[~parts(len(points))[2]])
    np.save(os.path.join(FOLDER, "clustering.celery.npy"), model.cluster_centers_)


@app.task
def train(name, rounds):
    began = time.monotonic()
    if name == "classification":
        boost(name, rounds, "multi:softprob", num_class=4)
    elif name == "regression":
        boost(name, rounds, "reg:squarederror")
    elif name == "ranking":
        rank(rounds)
    elif name == "clustering":
        cluster()
    else:
        recommend()
    return [name, time.monotonic() - began]
