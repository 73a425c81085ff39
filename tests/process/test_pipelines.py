"""What a pipeline can say, on real nodes; what lasts is also held against a supervisor node killed in its middle."""

import json
import os
import re
import unittest

import jsonschema
import yaml

from cluster import SOURCE, ClusterCase, RunningClusterCase, wait_for

SHAPE = """
pipeline: shape
params:
  limit: {type: integer, default: 10}
  marks: {type: path, required: true}
steps:
  count:
    shell: "while [ ! -e ${params.marks}/gate ]; do sleep 0.05; done; echo '@artel result {\\"rows\\": 12, \\"files\\": [\\"a\\", \\"b c\\"]}'"
  breaks: {shell: "exit 3", allow_failure: true}
  large: {shell: "echo large >>${params.marks}/log", needs: [count], when: steps.count.result.rows > params.limit}
  small: {shell: "echo small >>${params.marks}/log", needs: [count], when: steps.count.result.rows <= params.limit}
  either: {command: [sh, -c, "echo $1 >>${params.marks}/log", sh, "${steps.count.result.files[1] + '!'}"], needs: [large, small], trigger: none_failed}
  never: {shell: "echo never >>${params.marks}/log", needs: [small]}
  alarm: {shell: "echo ${steps.breaks.error} >>${params.marks}/log", needs: [breaks], trigger: any_failed}
  quiet: {shell: "echo quiet >>${params.marks}/log", needs: [count], trigger: any_failed}
"""


class Yaml12(yaml.SafeLoader):
    """Reads `on` as the text that it is, as we do."""


Yaml12.yaml_implicit_resolvers = {first: [(tag, pattern) for tag, pattern in all_of if tag != "tag:yaml.org,2002:bool" or first in "tTfF"]
                                  for first, all_of in yaml.SafeLoader.yaml_implicit_resolvers.items()}


class PipelineFileTest(ClusterCase):
    def test_the_pipelines_of_the_documentation_are_valid(self):
        with open(os.path.join(SOURCE, "docs", "PIPELINES.md"), encoding="utf-8") as file:
            blocks = [block for block in re.findall("```yaml\n(.*?)```", file.read(), re.S) if "pipeline:" in block]
        self.assertGreaterEqual(len(blocks), 2)
        for block in blocks:
            self.assertIn("is valid", self.artel("validate", self.write("doc.yaml", block)).stdout)

    def test_the_schema_for_editors_has_the_keys_that_are_read_and_takes_what_is_valid(self):
        schema = json.loads(self.artel("schema").stdout)
        jsonschema.Draft202012Validator.check_schema(schema)
        checker = jsonschema.Draft202012Validator(schema)
        for page in ("PIPELINES.md", "MIGRATING.md", "SCHEDULES.md"):
            with open(os.path.join(SOURCE, "docs", page), encoding="utf-8") as file:
                for block in re.findall("```yaml\n(.*?)```", file.read(), re.S):
                    checker.validate(yaml.load(block, Yaml12))
        with open(os.path.join(SOURCE, "config", "pipelines", "edt_analysis.yaml"), encoding="utf-8") as file:
            checker.validate(yaml.load(file, Yaml12))
        properties = schema["properties"]
        step = schema["$defs"]["step"]["properties"]
        schedule = schema["$defs"]["schedule"]["anyOf"][1]["properties"]
        places = [("zzz: 1", properties), ("supervision: {zzz: 1}", properties["supervision"]["properties"]), ("schedule: {zzz: 1}", schedule),
                  ("params: {x: {zzz: 1}}", schema["$defs"]["parameter"]["anyOf"][1]["properties"]), ("on_exit: {b: {zzz: 1}}", step)]
        group = schema["$defs"]["group"]["anyOf"][1]["properties"]
        backoff = schema["$defs"]["backoff"]["properties"]
        places += [("groups: {g: {zzz: 1}}", group), ("groups: {g: {backoff: {zzz: 1}}}", backoff), ("on_exit: {b: {backoff: {zzz: 1}}}", backoff)]
        for key in ("resources", "limits", "on_oom"):
            places.append((f"on_exit: {{b: {{{key}: {{zzz: 1}}}}}}", step[key]["properties"]))
        places.append(("on_exit: {b: {cache: {zzz: 1}}}", step["cache"]["anyOf"][1]["properties"]))
        places.append(("on_exit: {b: {retries: {zzz: 1}}}", schema["$defs"]["retries"]["anyOf"][1]["properties"]))
        for text, known in places:
            whole = f"pipeline: p\n{text}\nsteps:\n  a: {{use: core.noop}}\n"
            said = self.artel("validate", self.write("z.yaml", whole), check=False).stderr
            self.assertEqual(set(re.search(r"\(known: (.*)\)", said)[1].split(", ")), set(known), text)
            self.assertFalse(checker.is_valid(yaml.load(whole, Yaml12)), text)

    def test_a_pipeline_is_drawn_as_text_dot_and_mermaid(self):
        pipeline = self.write("p.yaml", """
pipeline: p
steps:
  "a": {use: core.noop, matrix: {k: [1, 2]}}
  b-c: {use: core.noop, needs: [a], when: "steps.a.state == \\"succeeded\\""}
  d: {use: core.noop, needs: [a, b-c], trigger: all_done, allow_failure: true}
""")
        self.assertEqual(self.artel("graph", pipeline).stdout.split("\n"), [
            "p", "1", "  a ×2", "2", "  b-c ← a  (when steps.a.state == \"succeeded\")", "3", "  d ← a, b-c  (all_done)  may fail", ""])
        dot = self.artel("graph", pipeline, "--format", "dot").stdout
        self.assertIn('s0 -> s1 [label="when steps.a.state == \\"succeeded\\""];', dot)
        self.assertIn('s2 [label="d", style="rounded,dashed"];', dot)
        self.assertIn('s0 -->|"when steps.a.state == #quot;succeeded#quot;"| s1', self.artel("graph", pipeline, "--format", "mermaid").stdout)
        self.assertEqual([one["trigger"] for one in json.loads(self.artel("--json", "graph", pipeline).stdout)["steps"]], ["all_success", "all_success", "all_done"])
        handled = self.write("h.yaml", "pipeline: p\nsteps:\n  a: {use: core.noop}\non_exit:\n  x: {use: core.noop}\n  y: {use: core.noop, needs: [x]}\n")
        self.assertEqual(self.artel("graph", handled).stdout, "p\n1\n  a\non_exit 1\n  x\non_exit 2\n  y ← x\n")
        self.assertIn('subgraph cluster_on_exit {\n    label="on_exit";\n    s1; s2;', self.artel("graph", handled, "--format", "dot").stdout)
        self.assertIn("subgraph on_exit\n    s1; s2\n  end", self.artel("graph", handled, "--format", "mermaid").stdout)
        grouped = self.write("g.yaml", "pipeline: p\ngroups: {g: {strategy: one_for_all}}\nsteps:\n  a: {use: core.noop, group: g}\n  b: {use: core.noop, needs: [g]}\n")
        self.assertEqual(self.artel("graph", grouped).stdout, "p\n1\n  a  [g]\n2\n  b ← a\n[g: one_for_all]\n")
        self.assertIn('subgraph cluster_g0 {\n    label="g: one_for_all";\n    s0;', self.artel("graph", grouped, "--format", "dot").stdout)
        self.assertIn('subgraph g0["g: one_for_all"]\n    s0\n  end', self.artel("graph", grouped, "--format", "mermaid").stdout)
        self.assertEqual(self.artel("graph", self.path("nowhere.yaml"), check=False).returncode, 3)


GROUP = """
pipeline: group
params: {marks: {type: path, required: true}}
groups: {g: {strategy: one_for_all, backoff: {min: 300ms, max: 300ms, jitter: 0}}}
steps:
  a: {shell: "echo a $ARTEL_ATTEMPT >>${params.marks}/log", group: g}
  b: {shell: "[ $ARTEL_ATTEMPT != 1 ] || { while [ ! -e ${params.marks}/gate ]; do sleep 0.05; done; exit 7; }; echo b >>${params.marks}/log", group: g, needs: [a], retries: 1}
  c: {shell: "[ $ARTEL_ATTEMPT != 1 ] || sleep 600; echo c >>${params.marks}/log", group: g, needs: [a]}
  d: {shell: "echo d >>${params.marks}/log", needs: [g]}
"""


class PipelineTest(RunningClusterCase):
    def test_a_group_starts_anew_as_a_whole_also_when_the_supervisor_is_killed_in_its_middle(self):
        run = self.submit(self.write("p.yaml", GROUP), "-p", f"marks={self.folder}")
        wait_for("b and c run", lambda: {self.step("b")["state"], self.step("c")["state"]} == {"running"})
        self.kill("supervisor")
        self.write("gate", "")
        self.start_supervisor(*self.supervisor_arguments())
        shown = self.wait_until_ended(run)
        self.assertEqual(shown["summary"]["state"], "succeeded")
        with open(self.path("log"), encoding="utf-8") as log:
            lines = log.read().split("\n")[:-1]
        self.assertEqual((lines[:2], sorted(lines[2:4]), lines[4:]), (["a 1", "a 2"], ["b", "c"], ["d"]))
        self.assertEqual({step["name"]: (step["failures"], step["crashes"], step["attempts"]) for step in shown["steps"]},
                         {"a": (0, 0, 2), "b": (1, 0, 2), "c": (0, 0, 2), "d": (0, 0, 1)})
        self.assertEqual([(row[0], row[1].decode() if isinstance(row[1], bytes) else row[1]) for row in self.facts("SELECT number, text FROM facts WHERE kind = 23")], [(1, "g")])

    def test_rules_conditions_and_results_decide_the_same_when_the_supervisor_is_killed_in_their_middle(self):
        run = self.submit(self.write("p.yaml", SHAPE), "-p", f"marks={self.folder}")
        wait_for("alarm has run", lambda: self.step("alarm")["state"] == "succeeded")
        self.restart_supervisor()
        self.write("gate", "")
        shown = self.wait_until_ended(run)
        states = {step["name"]: step["state"] for step in shown["steps"]}
        self.assertEqual(states, {"count": "succeeded", "breaks": "failed", "large": "succeeded", "small": "skipped", "either": "succeeded",
                                  "never": "skipped", "alarm": "succeeded", "quiet": "skipped"})
        self.assertEqual(shown["summary"]["state"], "succeeded")
        with open(self.path("log"), encoding="utf-8") as log:
            self.assertEqual(sorted(log.read().split("\n")), ["", "b c!", "exit code 3", "large"])
        self.assertIn("its condition is false: steps.count.result.rows <= params.limit", self.artel("explain", run, "small").stdout)
        self.assertIn("'small' was skipped", self.artel("explain", run, "never").stdout)

    def test_every_combination_of_a_matrix_runs_once_also_when_the_supervisor_is_killed_in_their_middle(self):
        run = self.submit(self.write("p.yaml", """
pipeline: p
params: {marks: {type: path, required: true}}
steps:
  train:
    matrix: {model: [tree, forest, "a b"], depth: [2, 3], exclude: [{model: tree, depth: 3}]}
    command: [sh, -c, 'while [ ! -e "$1/gate" ]; do sleep 0.05; done; mkdir -p "$ARTEL_OUTPUT"; echo "$2 $3 $4 $ARTEL_INSTANCE" >"$ARTEL_OUTPUT/said"', sh, "${params.marks}", "${matrix.model}", "${matrix.depth + 1}", "${instance * 10}"]
    output: ${params.marks}/out/${matrix.model}-${matrix.depth}
    labels: [analyzer]
    resources: {cpu: 0.1}
"""), "-p", f"marks={self.folder}")
        wait_for("some run", lambda: self.step("train")["state"] == "running")
        self.restart_supervisor()
        self.write("gate", "")
        self.assertEqual(self.wait_until_ended(run)["summary"]["state"], "succeeded")
        said = {}
        for place in os.listdir(self.path("out")):
            with open(self.path("out", place, "said"), encoding="utf-8") as file:
                said[place] = file.read().strip()
        self.assertEqual(said, {"tree-2": "tree 3 0 0", "forest-2": "forest 3 10 1", "forest-3": "forest 4 20 2", "a b-2": "a b 3 30 3", "a b-3": "a b 4 40 4"})

    def test_every_item_of_a_list_is_worked_on_once_also_when_the_supervisor_is_killed_in_their_middle(self):
        run = self.submit(self.write("p.yaml", """
pipeline: p
params: {marks: {type: path, required: true}}
steps:
  list: {shell: "echo '@artel result {\\"files\\": [\\"a\\", \\"b c\\", \\"d\\"]}'"}
  work:
    needs: [list]
    map: steps.list.result.files
    max_parallel: 2
    command: [sh, -c, 'while [ ! -e "$1/gate" ]; do sleep 0.05; done; echo "$2" >>"$1/log"; echo "@artel result {\\"length\\": $${#2}}"', sh, "${params.marks}", "${item}"]
    resources: {cpu: 0.1}
  join: {shell: "echo ${sum([steps.work.results[0].length, steps.work.results[1].length, steps.work.results[2].length])} ${len(steps.work.results)} >>${params.marks}/log", needs: [work]}
"""), "-p", f"marks={self.folder}")
        wait_for("two run", lambda: self.step("work")["by_state"][3] == 2)
        self.assertIn("as max_parallel allows (2)", self.artel("explain", run, "work[2]").stdout)
        self.restart_supervisor()
        self.write("gate", "")
        shown = self.wait_until_ended(run)
        self.assertEqual(shown["summary"]["state"], "succeeded")
        self.assertEqual((shown["summary"]["instances"], self.step("work")["instances"]), (5, 3))
        with open(self.path("log"), encoding="utf-8") as log:
            lines = log.read().split("\n")
        self.assertEqual((sorted(lines[:3]), lines[3:]), (["a", "b c", "d"], ["5 3", ""]))

    def test_the_first_failure_stops_the_others_also_when_the_supervisor_is_killed_in_their_middle(self):
        run = self.submit(self.write("p.yaml", """
pipeline: p
params: {marks: {type: path, required: true}}
steps:
  work:
    map: "[1, 2, 3]"
    fail_fast: true
    command: [sh, -c, 'while [ "$2" != 2 ] || [ ! -e "$1/gate" ]; do sleep 0.05; done; exit 7', sh, "${params.marks}", "${item}"]
    resources: {cpu: 0.1}
"""), "-p", f"marks={self.folder}")
        wait_for("all run", lambda: self.step("work")["by_state"][3] >= 2)
        self.restart_supervisor()
        self.write("gate", "")
        self.assertEqual(self.wait_until_ended(run)["summary"]["state"], "failed")
        self.assertEqual((self.step("work")["by_state"][6], self.step("work")["by_state"][9]), (1, 2))
        self.assertIn("fail_fast stops them all", self.artel("explain", run, "work[0]").stdout)

    def test_only_failures_that_retries_name_are_restarted_also_when_the_supervisor_is_killed_in_between(self):
        run = self.submit(self.write("p.yaml", """
pipeline: p
steps:
  busy:  {shell: "exit $((78 - ARTEL_ATTEMPT))", retries: {max: 5, on: [75-78]}, backoff: {min: 1s, max: 1s, jitter: 0}}
  wrong: {shell: "exit 2", retries: {max: 5, except: [2]}}
  slow:  {shell: "[ $ARTEL_ATTEMPT != 1 ] || sleep 1000", timeout: 3s, retries: {max: 5, on: [timeout]}, backoff: {min: 10ms, max: 10ms}}
"""))
        wait_for("one waits for its restart", lambda: self.step("busy")["failures"] >= 1)
        self.restart_supervisor()
        shown = self.wait_until_ended(run)
        attempts = {step["name"]: (step["state"], step["attempts"]) for step in shown["steps"]}
        self.assertEqual(attempts, {"busy": ("failed", 4), "wrong": ("failed", 1), "slow": ("succeeded", 2)})
        self.assertIn("exit code 2 (not restarted: its retries are for others)", self.artel("explain", run, "wrong").stdout)

    def test_an_attempt_that_ran_out_of_memory_gets_more_the_next_time_also_when_the_supervisor_is_killed_in_between(self):
        run = self.submit(self.write("p.yaml", """
pipeline: p
steps:
  a:
    # The first attempt holds on to too much until it is killed for it.
    command: [/usr/bin/python3, -c, "import os, signal; held = b'x' * (150 << 20); os.environ['ARTEL_ATTEMPT'] == '1' and signal.pause()"]
    resources: {memory: 100MB}
    on_oom: {memory_factor: 3}
    backoff: {min: 2s, max: 2s, jitter: 0}
"""))
        wait_for("it ran out of memory", lambda: self.step("a")["crashes"] == 1)
        self.restart_supervisor()
        self.assertEqual(self.wait_until_ended(run)["summary"]["state"], "succeeded")
        self.assertEqual((self.step("a")["attempts"], self.step("a")["crashes"]), (2, 1))

    def test_a_run_that_takes_too_long_fails_also_when_the_supervisor_is_killed_meanwhile(self):
        run = self.submit(self.write("p.yaml", "pipeline: p\ntimeout: 3s\nsteps:\n  a: {use: core.sleep, with: {duration: 1000s}}\n"))
        self.restart_supervisor()
        shown = self.wait_until_ended(run)
        self.assertEqual((shown["summary"]["state"], shown["reason"]), ("failed", "it ran out of time: its timeout is 3000 ms"))
        self.assertEqual(self.step("a")["state"], "cancelled")

    def test_a_dry_run_tells_what_would_run_where_and_for_how_long_and_starts_nothing(self):
        pipeline = self.write("p.yaml", """
pipeline: p
params: {n: {type: integer, default: 3}}
steps:
  list: {shell: "echo '@artel result {\\"n\\": 3}'"}
  work: {use: core.sleep, with: {duration: 100ms}, needs: [list], map: range(steps.list.result.n), max_parallel: 1}
  big:  {shell: "true", needs: [work], when: steps.list.result.n > 9}
  far:  {shell: "true", needs: [work], labels: [moon]}
""")
        fresh = json.loads(self.artel("--json", "dry-run", pipeline, check=False).stdout)
        self.assertEqual((fresh["earlier_runs"], fresh["steps"][0]["takes_ms"]), (0, None))
        good = self.write("good.yaml", open(pipeline, encoding="utf-8").read().replace(", labels: [moon]", ""))
        self.wait_until_ended(self.submit(good))
        self.restart_supervisor()
        done = self.artel("--json", "dry-run", good)
        told = json.loads(done.stdout)
        self.assertEqual([(step["name"], step["instances"], step["nodes"]) for step in told["steps"]], [("list", 1, ["one"]), ("work", 3, ["one"]), ("far", 1, ["one"])])
        times = {step["name"]: step for step in told["steps"]}
        self.assertEqual(times["work"]["after_ms"], times["list"]["takes_ms"])
        self.assertEqual(times["far"]["after_ms"], times["list"]["takes_ms"] + 3 * times["work"]["takes_ms"])
        self.assertGreaterEqual(times["work"]["takes_ms"], 100)
        self.assertIn("'big' would be skipped:", told["left_out"])
        self.assertEqual(len(json.loads(self.artel("--json", "runs").stdout)["runs"]), 1)
        stuck = self.artel("dry-run", pipeline, check=False)
        self.assertEqual(stuck.returncode, 1)
        self.assertIn("'far' would be ready:", stuck.stdout)
        self.assertIn("node 'one' does not carry the label 'moon'", stuck.stdout)
        self.assertIn("it would not end", stuck.stdout)

    def test_a_cached_result_is_taken_by_a_later_run_also_after_a_restart_unless_told_not_to(self):
        pipeline = self.write("p.yaml", """
pipeline: p
params: {day: {required: true}}
steps:
  a: {shell: "echo ran >>FOLDER/log; echo '@artel result {\\"day\\": \\"${params.day}\\"}'", cache: {version: 1}}
  b: {shell: "echo ${steps.a.result.day} >>FOLDER/days", needs: [a]}
""".replace("FOLDER", self.folder))
        first = self.submit(pipeline, "-p", "day=mon")
        self.wait_until_ended(first)
        self.restart_supervisor()
        second = self.submit(pipeline, "-p", "day=mon")
        self.wait_until_ended(second)
        self.assertEqual(self.step("a", second)["note"], f"cached from run {first}")
        self.assertIn(f"cached from run {first}", self.artel("show", second).stdout)
        self.wait_until_ended(self.submit(pipeline, "-p", "day=tue"))
        self.wait_until_ended(self.submit(pipeline, "-p", "day=mon", "--no-cache"))
        with open(self.path("log"), encoding="utf-8") as log, open(self.path("days"), encoding="utf-8") as days:
            self.assertEqual((log.read().count("ran"), days.read().split()), (3, ["mon", "mon", "tue", "mon"]))

    def test_a_pool_and_a_counter_bound_what_runs_at_once_also_after_a_restart(self):
        pipeline = self.write("p.yaml", """
pipeline: p
steps:
  a: {shell: "touch FOLDER/${instance}; while [ ! -e FOLDER/gate ]; do sleep 0.05; done", instances: 3, pools: [db], resources: {cpu: 0.1}}
""".replace("FOLDER", self.folder))
        done = self.artel("submit", pipeline, check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn("step 'a': pools: this cluster has no pool 'db'; 'artel pool set db LIMIT' makes it", done.stderr)
        self.artel("pool", "set", "db", "2", "--reason", "two connections")
        self.start_worker("two", "--slots", "4")
        run = self.submit(pipeline)
        wait_for("two run", lambda: self.step("a")["by_state"][3] == 2)
        self.restart_supervisor()
        self.assertEqual(json.loads(self.artel("--json", "pool", "list").stdout)["pools"], [{"name": "db", "limit": 2, "used": 2}])
        self.assertIn("pool 'db' has 2 of 2 taken, the step asks for 1", self.artel("explain", run, "a[2]").stdout)
        self.write("gate", "")
        self.assertEqual(self.wait_until_ended(run)["summary"]["state"], "succeeded")
        counted = self.submit(self.write("c.yaml", "pipeline: c\nsteps:\n  a: {shell: 'true', instances: 2, resources: {counters: {licences: 1}}}\n"))
        wait_for("it waits", lambda: "has 0 licences in all" in self.artel("explain", counted, "a[0]").stdout)
        self.start_worker("three", "--counter", "licences=1")
        self.assertEqual(self.wait_until_ended(counted)["summary"]["state"], "succeeded")
        self.assertEqual({bytes(text) if isinstance(text, bytes) else text.encode() for text, in self.facts("SELECT text FROM facts WHERE kind = 2 AND run = 2")}, {b"three"})

    def test_what_no_node_can_take_stops_waiting_also_when_the_supervisor_is_killed_meanwhile(self):
        run = self.submit(self.write("p.yaml", "pipeline: p\nsteps:\n  b: {use: core.noop, labels: [none], wait_timeout: 2s}\n"))
        self.restart_supervisor()
        self.assertEqual(self.wait_until_ended(run)["summary"]["state"], "failed")
        self.assertIn("it has not started within its wait_timeout of 2000 ms: no node had room for it", self.artel("explain", run, "b").stdout)

    def test_handlers_hear_how_it_ended_also_when_the_supervisor_is_killed_in_their_middle(self):
        run = self.submit(self.write("p.yaml", """
pipeline: p
params: {marks: {type: path, required: true}}
steps:
  work: {shell: "exit 3"}
on_success:
  cheer: {shell: "echo cheer >>${params.marks}/log"}
on_failure:
  mourn: {command: [sh, -c, 'while [ ! -e "$1/gate" ]; do sleep 0.05; done; echo "mourn $2 ($3)" >>$1/log', sh, "${params.marks}", "${run.error}", "${steps.work.error}"]}
on_exit:
  sweep: {shell: "echo sweep ${run.state} >>${params.marks}/log"}
"""), "-p", f"marks={self.folder}")
        wait_for("mourn runs", lambda: self.step("mourn")["state"] == "running")
        self.restart_supervisor()
        self.assertIn("it stands under on_exit", self.artel("explain", run, "sweep").stdout)
        self.write("gate", "")
        shown = self.wait_until_ended(run)
        self.assertEqual((shown["summary"]["state"], shown["reason"]), ("failed", "step 'work' failed"))
        with open(self.path("log"), encoding="utf-8") as log:
            self.assertEqual(log.read(), "mourn step 'work' failed (exit code 3)\nsweep failed\n")

    def test_a_text_that_can_not_be_computed_fails_its_step_and_says_why(self):
        run = self.submit(self.write("p.yaml", """
pipeline: p
steps:
  a: {shell: "echo '@artel result {\\"rows\\": 1}'"}
  b: {shell: "echo ${steps.a.result.row}", needs: [a], retries: 5}
"""))
        shown = self.wait_until_ended(run)
        self.assertEqual(shown["summary"]["state"], "failed")
        self.assertIn("there is no 'row' in {\"rows\":1}; did you mean 'rows'?", self.step("b")["error"])
        self.assertEqual(self.step("b")["attempts"], 0)

    def test_a_mistake_in_an_expression_of_parameters_is_told_to_who_submits(self):
        pipeline = self.write("p.yaml", "pipeline: p\nparams: {n: x}\nsteps:\n  a: {shell: \"echo ${int(params.n)}\"}\n")
        said = self.artel("submit", pipeline, check=False)
        self.assertEqual(said.returncode, 2)
        self.assertIn("step 'a': ${int(params.n)}: expected a number, found \"x\"", said.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
