#!/usr/bin/python3
"""Instructions that a no-op step costs in the core's own code, counted by callgrind: repeatable where seconds are not. Fails when a path is more than 5 % away from figures.json, in either
direction: what got dearer has to be explained, what got cheaper to be kept. `count.py PROGRAM --write` writes the figures anew."""

import json
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
FIGURES = os.path.join(HERE, "figures.json")
STEPS, TOLERANCE = 20_480, 0.05
# To its end: lambdas within have names that begin the same, and would turn counting off again.
FUNCTIONS = {"codec": "*walk_codec(unsigned int)", "placement": "*walk_placement(unsigned int, unsigned int)", "coordinator": "*walk_coordinator(*, unsigned int)"}


def count(program, path):
    """Instructions a step within the function walk_PATH of bench-core, and what it calls."""
    said = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", f"--toggle-collect={FUNCTIONS[path]}", program, path, str(STEPS)], capture_output=True, text=True, check=False)
    found = re.search(r"Collected : (\d+)", said.stderr)
    if said.returncode != 0 or not found:
        raise SystemExit(f"callgrind of {program} {path} failed:\n{said.stdout}{said.stderr}")
    return int(found[1]) / STEPS


def main():
    program, write = sys.argv[1], sys.argv[2:] == ["--write"]
    with open(FIGURES, encoding="utf-8") as file:
        known = json.load(file)
    counted = {path: round(count(program, path)) for path in known}
    good = True
    for path, now in counted.items():
        off = now / known[path] - 1
        good = good and abs(off) <= TOLERANCE
        print(f"{path:12} {now:8,} instructions a step, {known[path]:8,} as kept ({off * 100:+.1f} %)")
    if write:
        with open(FIGURES, "w", encoding="utf-8") as file:
            file.write(json.dumps(counted, indent=2) + "\n")
    elif not good:
        print(f"more than {TOLERANCE * 100:.0f} % away: find out why (callgrind_annotate shows where), or keep the new figure: {sys.argv[0]} {program} --write")
    return 0 if good or write else 1


if __name__ == "__main__":
    sys.exit(main())
