"""The verdict. Reads only what is left: the journal, published outputs, the marks that attempts made, the process table."""

import contextlib
import os
import sqlite3
from collections import Counter, defaultdict

STARTED, FINISHED, PUBLISHED = 2, 3, 4
STATES = ["running", "succeeded", "failed", "cancelled"]


class Journal:
    """`whole`: with the facts; else only the runs."""

    def __init__(self, path, whole=True):
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as journal:
            self.runs = {no: (run, pipeline, state) for no, run, pipeline, state in journal.execute("SELECT no, id, pipeline, state FROM runs")}
            self.integrity = journal.execute("PRAGMA integrity_check").fetchone()[0] if whole else None
            self.facts = journal.execute("SELECT run, kind, instance, attempt, number FROM facts WHERE run > 0 ORDER BY seq").fetchall() if whole else []


def lost(journal, accepted):
    known = {run: state for run, _, state in journal.runs.values()}
    return [f"run {run} was accepted and is not in the journal" for run in accepted if run not in known] + \
           [f"run {run} was accepted and did not end" for run in accepted if known.get(run) == 0]


def duplicates(journal, folder):
    wrong = []
    started, ended = Counter(), Counter()
    finished = {}
    for run, kind, instance, attempt, number in journal.facts:
        if kind == STARTED:
            started[run, instance, attempt] += 1
        if kind == PUBLISHED or kind == FINISHED and number == 0:
            ended[run, instance] += 1
            finished[run, instance] = attempt
    wrong += [f"attempt {key} was started twice" for key, count in started.items() if count > 1]
    wrong += [f"instance {key} succeeded twice" for key, count in ended.items() if count > 1]
    number_of = {run: no for no, (run, _, _) in journal.runs.items()}
    attempts_of = defaultdict(set)
    for no, _, attempt in started:
        attempts_of[no].add(attempt)
    begun = Counter()
    for run in os.listdir(os.path.join(folder, "marks")):
        steps = set()
        with open(os.path.join(folder, "marks", run), encoding="utf-8") as file:
            for line in file:
                words = line.split()
                if len(words) != 5:
                    wrong.append(f"a torn mark in {run}: {line!r}")
                    continue
                if words[4] == "begun":
                    begun[tuple(words[:4])] += 1
                steps.add((words[1], words[2], int(words[3])))
        attempts = attempts_of[number_of.get(run)]
        wrong += [f"{run} {step} began an attempt that was never started" for step in steps if step[2] not in attempts]
    wrong += [f"an attempt began twice: {' '.join(key)}" for key, count in begun.items() if count > 1]
    return wrong, finished, number_of


def overwritten(journal, folder, finished, number_of):
    """Every file of a published output is of the attempt that succeeded."""
    wrong, files = [], 0
    out = os.path.join(folder, "out")
    for run, instance in finished:
        name, pipeline, _ = journal.runs[run]
        if pipeline == "outputs" and not os.path.isdir(os.path.join(out, name, str(instance))):
            wrong.append(f"{name}[{instance}] succeeded and published nothing")
    for run in os.listdir(out):
        for instance in os.listdir(os.path.join(out, run)):
            key = number_of.get(run), int(instance)
            place = os.path.join(out, run, instance)
            names = [name for name in os.listdir(place) if name != ".artel"]
            if key not in finished:
                continue
            if sorted(names) != list("12345"):
                wrong.append(f"{run}[{instance}] succeeded and published only {names}")
            for name in names:
                files += 1
                with open(os.path.join(place, name), encoding="utf-8") as file:
                    if file.read().strip() != str(finished[key]):
                        wrong.append(f"{run}[{instance}]/{name} is not of the attempt that succeeded")
    return wrong, files


def orphans(mark, ignored):
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/environ", "rb") as file:
                if mark.encode() in file.read() and int(pid) not in ignored:
                    with open(f"/proc/{pid}/cmdline", "rb") as line, open(f"/proc/{pid}/stat", encoding="utf-8") as stat:
                        if stat.read().rsplit(")", 1)[1].split()[0] != "Z":
                            found.append(f"process {pid} is left: {line.read().replace(bytes(1), b' ').decode(errors='replace')}")
        except OSError:
            pass
    return found


def states(journal):
    by_pipeline = defaultdict(Counter)
    for _, pipeline, state in journal.runs.values():
        by_pipeline[pipeline][STATES[state]] += 1
    return by_pipeline
