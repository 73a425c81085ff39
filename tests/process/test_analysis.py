"""The main job as a user runs it: one command, both layouts, every output there, nothing left running."""

import json
import os
import shutil
import subprocess
import sys
import unittest

import networkx

from cluster import ClusterCase, SOURCE, processes_mentioning, wait_for

PIPELINE = os.path.join(SOURCE, "config/pipelines/edt_analysis.yaml")
OUTPUTS = ["edt_parser/full_parse_with_metadata.json", "edt_parser/parse_statistics.json",
           "analysis/architecture_analysis.json", "analysis/dependency_analysis.json", "analysis/best_practices.json",
           "dataset/ml_training_dataset.json"]


class AnalysisTest(ClusterCase):
    def analyse(self, layout, *more):
        out = self.path("out-" + layout)
        ran = self.artel("run", PIPELINE, "-p", f"config_path={SOURCE}/config/samples/{layout}", "-p", f"output_path={out}", *more)
        return out, ran.stdout

    def test_one_command_analyses_the_sample_in_both_layouts_and_leaves_no_process(self):
        with open(os.path.join(SOURCE, "config/samples/truth.json"), encoding="utf-8") as file:
            truth = json.load(file)
        statistics = {}
        for layout in ("designer", "edt"):
            out, said = self.analyse(layout)
            for name in OUTPUTS:
                self.assertTrue(os.path.getsize(os.path.join(out, name)) > 0, name)
            self.assertTrue(os.listdir(os.path.join(out, "docs/generated")))
            self.assertFalse(os.path.exists(os.path.join(out, ".artel")), "staging is left behind")
            with open(os.path.join(out, "edt_parser/parse_statistics.json"), encoding="utf-8") as file:
                statistics[layout] = json.load(file)
            self.assertIn("succeeded", said)
            self.assertIn("results: " + out, said)
        for key in ("total_objects", "by_kind", "by_module_type", "total_functions", "total_procedures", "files"):
            self.assertEqual(statistics["designer"][key], statistics["edt"][key], key)
        self.assertEqual(statistics["edt"]["total_functions"] + statistics["edt"]["total_procedures"], truth_methods(truth))
        wait_for("no process is left", lambda: not processes_mentioning(self.folder))

    def test_the_corpus_check_finds_every_number_and_edge_of_the_samples_truth_and_nothing_else(self):
        for layout in ("designer", "edt"):
            ran = subprocess.run([sys.executable, os.path.join(SOURCE, "tests/corpus/run"),
                                  os.path.join(SOURCE, "config/samples", layout), os.path.join(SOURCE, "config/samples/truth.json"),
                                  "--results", self.path("corpus-" + layout)], capture_output=True, text=True, check=False)
            self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
            self.assertRegex(ran.stdout, r"(\d+) of \1 rows agree")

    def test_what_an_independent_scan_of_the_sample_counts_and_links_is_in_the_results(self):
        for layout in ("designer", "edt"):
            sample = os.path.join(SOURCE, "config/samples", layout)
            truth = self.path(f"scan-{layout}.json")
            with open(truth, "w", encoding="utf-8") as file:
                subprocess.run([sys.executable, os.path.join(SOURCE, "tests/corpus/scan.py"), sample], stdout=file, check=True)
            with open(truth, encoding="utf-8") as file:
                edges = json.load(file)["edges"]
            for kind in ("code_to_common_module", "code_to_object", "method_to_method"):
                self.assertTrue(edges[kind], kind)
            ran = subprocess.run([sys.executable, os.path.join(SOURCE, "tests/corpus/run"), sample, truth], capture_output=True,
                                 text=True, check=False)
            self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)

    def test_the_corpus_check_fails_on_a_number_that_differs_and_on_an_edge_that_is_missing(self):
        with open(os.path.join(SOURCE, "config/samples/truth.json"), encoding="utf-8") as file:
            truth = json.load(file)
        truth["functions"] += 1
        truth["edges"]["code_to_common_module"].append(["Catalog.A", "CommonModule.B"])
        with open(self.path("wrong.json"), "w", encoding="utf-8") as file:
            json.dump(truth, file)
        ran = subprocess.run([sys.executable, os.path.join(SOURCE, "tests/corpus/run"), os.path.join(SOURCE, "config/samples/edt"),
                              self.path("wrong.json")], capture_output=True, text=True, check=False)
        self.assertEqual(ran.returncode, 1)
        self.assertEqual(ran.stdout.count("DIFFERS"), 3, ran.stdout)
        self.assertIn("missing Catalog.A → CommonModule.B", ran.stdout)

    def test_other_programs_read_the_graph_with_all_its_nodes_and_edges(self):
        out, _ = self.analyse("edt")
        with open(os.path.join(out, "analysis/dependency_analysis.json"), encoding="utf-8") as file:
            graph = json.load(file)["graph"]
        read = networkx.read_graphml(os.path.join(out, "analysis/dependency_graph.graphml"))
        self.assertTrue(read.is_directed())
        self.assertEqual({data["label"] for _, data in read.nodes(data=True)}, {node["id"] for node in graph["nodes"]})
        label = dict(read.nodes(data="label"))
        self.assertEqual(sorted((label[a], label[b], data["via"], data["weight"]) for a, b, data in read.edges(data=True)),
                         sorted((e["source_id"], e["target_id"], e["via"], e["weight"]) for e in graph["edges"]))
        counted = subprocess.run(["gc", "-n", "-e", os.path.join(out, "analysis/dependency_graph.dot")], capture_output=True,
                                 text=True, check=True).stdout.split()
        self.assertEqual([int(counted[0]), int(counted[1])], [len(graph["nodes"]), len(graph["edges"])])

    def test_a_second_run_parses_nothing_again_and_a_run_after_an_edit_parses_one_module(self):
        sources = self.path("sources")
        shutil.copytree(os.path.join(SOURCE, "config/samples/designer"), sources)
        out = self.path("out")
        parsed = []
        for turn in range(3):
            if turn == 2:
                with open(os.path.join(sources, "CommonModules/АртельСервер/Ext/Module.bsl"), "a", encoding="utf-8") as file:
                    file.write("\n// edited\n")
            self.artel("run", PIPELINE, "-p", f"config_path={sources}", "-p", f"output_path={out}")
            with open(os.path.join(out, "edt_parser/run.json"), encoding="utf-8") as file:
                shards = json.load(file)["shards"]
            parsed.append(sum(each["modules"] - each["modules_reused"] for each in shards))
        with open(os.path.join(SOURCE, "config/samples/truth.json"), encoding="utf-8") as file:
            self.assertEqual(parsed, [json.load(file)["modules"], 0, 1])

    def test_a_second_run_can_reuse_the_last_parse_and_says_so(self):
        out, _ = self.analyse("edt")
        _, said = self.analyse("edt", "-p", "skip_parse=true")
        self.assertIn("reused true", said)

    def test_skipping_the_parse_without_an_earlier_one_is_one_clear_error(self):
        failed = self.artel("run", PIPELINE, "-p", f"config_path={SOURCE}/config/samples/edt", "-p",
                            f"output_path={self.path('none')}", "-p", "skip_parse=true", check=False)
        self.assertEqual(failed.returncode, 1)
        self.assertIn("run the parse step first", failed.stdout)
        self.assertNotIn("results:", failed.stdout)


def truth_methods(truth):
    """The truth file's count of methods, wherever it keeps it."""
    if "methods" in truth and isinstance(truth["methods"], int):
        return truth["methods"]
    return truth["functions"] + truth["procedures"]


if __name__ == "__main__":
    unittest.main(verbosity=2)
