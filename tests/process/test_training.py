"""Retraining as a user runs it: real models of real tables, killed in their middle, opened by Python's xgboost, exported to MLflow's files."""

import csv
import glob
import http.server
import json
import os
import random
import signal
import socket
import threading
import unittest

import xgboost
import yaml

from cluster import ClusterCase, SOURCE, processes_mentioning, wait_for

RETRAIN = os.path.join(SOURCE, "config/pipelines/ml_retrain.yaml")
LONG = """
pipeline: long
steps:
  t:
    use: ml.train
    with: {task: classification, name: shapes, data: DATA, target: kind, version: "${run.id}", seed: 7, threads: 1, parameters: "rounds=ROUNDS, early_stopping=0"}
    output: OUT
    backoff: {min: 10ms, max: 10ms}
"""


class Tracking:
    """As much of MLflow's REST interface as is spoken to, with what it has been told. Cuts the connection after `cut_after` more requests."""

    def __init__(self):
        self.experiments, self.runs, self.cut_after, self.most_metrics = {}, {}, None, 0
        owner = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if owner.cut_after is not None:
                    owner.cut_after -= 1
                    if owner.cut_after < 0:
                        self.connection.close()
                        return
                status, answer = owner.answer(self.path.removeprefix("/api/2.0/mlflow/"), body)
                data = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def stop(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def answer(self, what, body):
        if what == "experiments/search":
            return 200, {"experiments": [{"experiment_id": i, "name": name} for name, i in self.experiments.items() if body["filter"] == f"name = '{name}'"]}
        if what == "experiments/create":
            return 200, {"experiment_id": self.experiments.setdefault(body["name"], str(len(self.experiments) + 1))}
        if what == "runs/search":
            version = body["filter"].split("'")[1]
            found = [run for run in self.runs.values() if dict(run["tags"])["artel.version"] == version and not run["deleted"] and run["experiment"] in body["experiment_ids"]]
            return 200, {"runs": [{"info": {"run_id": run["id"], "status": run["status"]}} for run in found]} if found else {}
        if what == "runs/create":
            run = {"id": f"r{len(self.runs)}", "experiment": body["experiment_id"], "status": "RUNNING", "deleted": False, "metrics": [], "params": [],
                   "tags": [(each["key"], each["value"]) for each in body["tags"]]}
            self.runs[run["id"]] = run
            return 200, {"run": {"info": {"run_id": run["id"]}}}
        run = self.runs[body["run_id"]]
        if what == "runs/delete":
            run["deleted"] = True
        elif what == "runs/update":
            run["status"] = body["status"]
        elif what == "runs/log-batch":
            self.most_metrics = max(self.most_metrics, len(body.get("metrics", [])))
            run["metrics"] += body.get("metrics", [])
            run["params"] += [(each["key"], each["value"]) for each in body.get("params", [])]
        else:
            return 404, {"error_code": "ENDPOINT_NOT_FOUND", "message": what}
        return 200, {}


class TrainingTest(ClusterCase):
    def table(self, name="shapes.csv", rows=3000, seed=1):
        chance = random.Random(seed)
        with open(self.path(name), "w", newline="", encoding="utf-8") as file:
            out = csv.writer(file)
            out.writerow(["x", "y", "colour", "price", "kind"])
            for _ in range(rows):
                x, y, colour = chance.random(), chance.random(), chance.choice(["red", "green", "blue"])
                out.writerow([f"{x:.6f}", f"{y:.6f}", colour, f"{10 * x + y * y + (colour == 'red'):.6f}",
                              "inside" if x * x + y * y < 0.8 else "far" if colour == "blue" else "outside"])
        return self.path(name)

    def long(self, out, rounds):
        text = LONG.replace("DATA", self.path("shapes.csv")).replace("OUT", self.path(out)).replace("ROUNDS", str(rounds))
        return self.submit(self.write(f"{out}.yaml", text))

    def model(self, out):
        [folder] = glob.glob(self.path(out, "shapes", "*"))
        with open(os.path.join(folder, "model.json"), "rb") as file:
            return folder, file.read()

    def test_a_training_that_is_killed_in_its_middle_ends_with_the_same_model(self):
        self.table()
        self.start_supervisor()
        self.start_worker("one", program="artel-trainer")
        run = self.long("killed", 600)

        def begun():
            return self.step("t", run)["state"] == "running" and "train_loss" in self.artel("show", run).stdout
        wait_for("it has come some way", begun)
        hosts = [pid for pid in processes_mentioning(self.folder) if open(f"/proc/{pid}/comm").read().strip() == "artel-step-host"]
        for pid in hosts:
            os.kill(pid, signal.SIGKILL)
        shown = self.wait_until_ended(run, 200)
        self.assertEqual(shown["summary"]["state"], "succeeded", shown)
        self.assertEqual((self.step("t", run)["crashes"], self.step("t", run)["attempts"]), (1, 2))
        self.assertEqual(self.wait_until_ended(self.long("undisturbed", 600), 200)["summary"]["state"], "succeeded")
        self.assertEqual(self.model("killed")[1], self.model("undisturbed")[1])

    def test_python_s_xgboost_opens_a_model_and_says_the_same(self):
        self.table()
        self.start_supervisor()
        self.start_worker("one", program="artel-trainer")
        self.assertEqual(self.wait_until_ended(self.long("out", 20))["summary"]["state"], "succeeded")
        folder, _ = self.model("out")
        with open(os.path.join(folder, "artel.json"), encoding="utf-8") as file:
            about = json.load(file)
        booster = xgboost.Booster(model_file=os.path.join(folder, "model.json"))
        encoder = {each["name"]: each for each in about["model"]["encoder"]["columns"]}
        with open(self.path("shapes.csv"), encoding="utf-8") as file:
            rows = list(csv.DictReader(file))[:200]
        colours = encoder["colour"]["categories"]
        data = [[float(row["x"]), float(row["y"]), colours.index(row["colour"]), float(row["price"])] for row in rows]
        theirs = booster.predict(xgboost.DMatrix(data, feature_names=list(encoder), feature_types=["q", "q", "c", "q"], enable_categorical=True), validate_features=False)
        ours = list(csv.DictReader(self.artel("predict", folder, self.path("shapes.csv")).stdout.splitlines()))[:200]
        self.assertEqual((len(ours), len(theirs)), (200, 200))
        for row, their in zip(ours, theirs):
            for label, share in zip(about["model"]["classes"], their):
                self.assertAlmostEqual(float(row[f"p({label})"]), float(share), places=6)

    def retrain(self, *more, check=True):
        return self.artel("run", RETRAIN, "-p", f"model_path={self.path('models')}", "-p", f"feature_path={self.path('features')}", *more, check=check)

    def analyse(self):
        self.artel("run", os.path.join(SOURCE, "config/pipelines/edt_analysis.yaml"), "-p", f"config_path={SOURCE}/config/samples/edt", "-p", f"output_path={self.path('out')}")
        return self.path("out/dataset/ml_training_dataset.jsonl")

    def test_five_models_trained_of_the_sample_s_data_set_all_beat_what_needs_no_training(self):
        said = self.retrain("-p", f"dataset={self.analyse()}").stdout
        self.assertIn("trained 5", said)
        listed = json.loads(self.artel("--json", "experiments", "list", "--models", self.path("models")).stdout)
        self.assertEqual(sorted(each["name"] for each in listed), ["classification", "clustering", "ranking", "recommendation", "regression"])
        for each in listed:
            reached, baseline = each["scores"]["test"][each["score"]], each["scores"]["baseline"][each["score"]]
            self.assertTrue(reached < baseline if each["score"] == "rmse" else reached > baseline, each)
            self.assertTrue(each["in_service"], each)
        wait_for("no process is left", lambda: not processes_mentioning(self.folder))

    def test_a_model_that_can_not_be_trained_does_not_stop_the_others_and_only_those_asked_for_are_trained(self):
        bad = self.write("bad.csv", "x,price\n1,2\n2,inf\n")
        schema = self.write("price.yaml", "columns: {price: [numeric, target]}")
        kinds = self.write("kinds.yaml", "columns: {kind: target}")
        table = self.table()
        done = self.retrain("-p", "models=regression,classification", "-p", f"regression_data={bad}", "-p", f"regression_schema={schema}", "-p", f"classification_data={table}",
                            "-p", f"classification_schema={kinds}", "-p", "classification_parameters=rounds=20", "-p", f"dataset={self.write('none.jsonl', '')}", check=False)
        self.assertIn("bad.csv:3: column 'price': 'inf' is no finite number", done.stdout)
        self.assertIn("promoted 1, trained 1", done.stdout)
        self.assertEqual(sorted(os.listdir(self.path("models"))), ["classification", "evaluation.json"])

    def test_trainers_of_the_user_s_own_are_judged_and_promoted_and_are_experiments_like_the_others(self):
        chance = random.Random(3)
        points = [(chance.random(), chance.random()) for _ in range(400)]
        self.write("classes.csv", "x,y,kind\n" + "".join(f"{x},{y},{'a' if x > y else 'b'}\n" for x, y in points))
        self.write("numbers.csv", "x,y,z\n" + "".join(f"{x},{y},{x + 2 * y}\n" for x, y in points))
        self.start_supervisor()
        self.start_worker("one", program="artel-trainer")
        pipeline = os.path.join(SOURCE, "config/trainers/own_trainer.yaml")
        for program, data, name in (("sklearn_forest.py", "classes.csv", "forest"), ("xgboost_trees.py", "numbers.csv", "trees")):
            for trees in (30, 10):
                run = self.submit(pipeline, "-p", f"program={SOURCE}/config/trainers/{program}", "-p", f"data={self.path(data)}", "-p", f"name={name}",
                                  "-p", f"model_path={self.path('models')}", "-p", f"trees={trees}")
                shown = self.wait_until_ended(run)
                self.assertEqual(shown["summary"]["state"], "succeeded", shown["reason"])
        listed = json.loads(self.artel("--json", "experiments", "list", "--models", self.path("models")).stdout)
        self.assertEqual(sorted((each["name"], each["parameters"]["trees"], each["in_service"]) for each in listed),
                         [("forest", 10, False), ("forest", 30, True), ("trees", 10, False), ("trees", 30, True)])

    def test_experiments_are_exported_as_mlflow_s_own_files(self):
        self.table()
        self.start_supervisor()
        self.start_worker("one", program="artel-trainer")
        self.wait_until_ended(self.long("models", 20))
        self.artel("experiments", "export", "--models", self.path("models"), "-o", self.path("mlruns"))
        [experiment] = glob.glob(self.path("mlruns", "*"))
        with open(os.path.join(experiment, "meta.yaml"), encoding="utf-8") as file:
            meta = yaml.safe_load(file)
        self.assertEqual((meta["name"], meta["experiment_id"], meta["lifecycle_stage"]), ("shapes", os.path.basename(experiment), "active"))
        [run] = [name for name in os.listdir(experiment) if name != "meta.yaml"]
        self.assertRegex(run, "^[0-9a-f]{32}$")
        with open(os.path.join(experiment, run, "meta.yaml"), encoding="utf-8") as file:
            meta = yaml.safe_load(file)
        self.assertEqual((meta["run_id"], meta["run_uuid"], meta["status"], meta["source_type"]), (run, run, 3, 4))
        with open(os.path.join(experiment, run, "metrics", "train_loss"), encoding="utf-8") as file:
            lines = [line.split() for line in file]
        self.assertEqual([int(line[2]) for line in lines], list(range(1, 21)))
        with open(os.path.join(experiment, run, "params", "rounds"), encoding="utf-8") as file:
            self.assertEqual(file.read(), "20")
        again = self.artel("experiments", "export", "--models", self.path("models"), "-o", self.path("mlruns"))
        self.assertIn("0 of 1 experiments", again.stdout)

    def test_experiments_are_logged_to_a_server_once_also_when_it_is_cut_off_in_their_middle(self):
        self.table()
        self.start_supervisor()
        self.start_worker("one", program="artel-trainer")
        self.wait_until_ended(self.long("models", 1200))
        server = Tracking()
        self.addCleanup(server.stop)
        arguments = ("experiments", "export", "--models", self.path("models"), "--server", server.address)
        server.cut_after = 5
        cut = self.artel(*arguments, check=False)
        self.assertEqual(cut.returncode, 3)
        self.assertIn(f"MLflow server {server.address}", cut.stderr)
        server.cut_after = None
        self.assertIn("1 of 1 experiments", self.artel(*arguments).stdout)
        self.assertIn("0 of 1 experiments", self.artel(*arguments).stdout)
        [run] = [run for run in server.runs.values() if not run["deleted"]]
        self.assertEqual(len(server.runs), 2)
        self.assertEqual(run["status"], "FINISHED")
        losses = [each["step"] for each in run["metrics"] if each["key"] == "train_loss"]
        self.assertEqual(losses, list(range(1, 1201)))
        self.assertEqual(dict(run["params"])["rounds"], "1200")
        self.assertLessEqual(server.most_metrics, 1000)
        with socket.socket() as held:  # bound, and nobody listens
            held.bind(("127.0.0.1", 0))
            nobody = self.artel("experiments", "export", "--models", self.path("models"), "--server", f"http://127.0.0.1:{held.getsockname()[1]}", check=False)
        self.assertIn("does not answer", nobody.stderr)
        self.assertEqual(nobody.returncode, 3)

    def test_bad_wishes_of_models_are_refused_with_what_is_wrong(self):
        def said(*arguments):
            done = self.artel(*arguments, check=False)
            self.assertNotEqual(done.returncode, 0)
            return done.stderr
        self.assertIn("holds no model: expected a folder with artel.json", said("predict", self.folder, "x.csv"))
        self.assertIn("is no folder of models; name it with --models", said("experiments", "list", "--models", self.path("none")))
        os.mkdir(self.path("models"))
        self.assertIn("no experiment 'x'", said("experiments", "show", "x", "--models", self.path("models")))


if __name__ == "__main__":
    unittest.main()
