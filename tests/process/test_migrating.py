"""The page for those who come from elsewhere: its pipelines do what it says, and its table of trigger rules holds."""

import json
import os
import re
import unittest

from cluster import SOURCE, ClusterCase

PAGE = os.path.join(SOURCE, "docs", "MIGRATING.md")


def page():
    with open(PAGE, encoding="utf-8") as file:
        return file.read()


class MigratingTest(ClusterCase):
    def setUp(self):
        super().setUp()
        self.start_supervisor()
        self.start_worker("one", "--slots", "8")

    def check(self, step, promise):
        """`{"sum": 16}`, `skipped`, `succeeded ×3` or `succeeded, 3 attempts`."""
        if promise.startswith("{"):
            self.assertEqual(json.loads(step["result"] or "{}"), json.loads(promise), step["name"])
            return
        state, times, attempts = re.fullmatch(r"(\w+)(?: ×(\d+))?(?:, (\d+) attempts)?", promise).groups()
        self.assertEqual((step["state"], step["instances"]), (state, int(times or 1)), step["name"])
        if attempts:
            self.assertEqual(step["attempts"], int(attempts), step["name"])

    def test_the_pipelines_of_the_page_do_what_it_says(self):
        blocks = re.findall("```yaml\n(.*?)```", page(), re.S)
        self.assertEqual(len(blocks), 8)
        for block in blocks:
            promises = dict(re.findall(r"(\w+): ((?:\{[^}]*\}|[^;\n])+)", block.split("#", 1)[1].split("\n", 1)[0]))
            self.assertTrue(promises, block)
            shown = self.wait_until_ended(self.submit(self.write("p.yaml", block)))
            steps = {step["name"]: step for step in shown["steps"]}
            for name, promise in promises.items():
                self.check(steps[name], promise.strip())

    def test_the_table_of_trigger_rules_holds(self):
        rows = [[cell.strip() for cell in line.strip("|\n").split("|")] for line in page().split("\n") if re.match(r"\| (needs|[SFK] [SFK]) \|", line)]
        rules, rows = rows[0][1:], rows[1:]
        self.assertEqual((len(rules), len(rows)), (8, 6))
        text = "pipeline: rules\nsteps:\n"
        work = {"S": "{use: core.noop}", "F": "{use: core.fail, with: {until_attempt: 9}}", "K": "{use: core.noop, when: 'false'}"}
        for letter, body in work.items():
            text += f"  {letter}1: {body}\n  {letter}2: {body}\n"
        expected = {}
        for needs, *cells in rows:
            first, second = needs.split()
            for rule, cell in zip(rules, cells):
                name = f"{first}{second}_{rule}"
                expected[name] = cell
                text += f"  {name}: {{use: core.noop, needs: [{first}1, {second}2], trigger: {rule}}}\n"
        run = self.submit(self.write("p.yaml", text))
        shown = self.wait_until_ended(run)
        skipped = dict(self.facts("SELECT instance, number FROM facts WHERE kind = 8"))
        found = {}
        for number, step in enumerate(shown["steps"]):
            if step["name"] in expected:
                found[step["name"]] = "runs" if step["state"] == "succeeded" else "skipped" if skipped[number] == 1 else "not reached"
        self.assertEqual(found, expected)


if __name__ == "__main__":
    unittest.main(verbosity=2)
