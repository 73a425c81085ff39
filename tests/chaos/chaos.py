#!/usr/bin/env python3
"""chaos.py MINUTES [--seed N] [--keep]: a real cluster under fire, then the verdict. Needs root; exits 77 where namespaces may not be made."""

import argparse
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

import checker
from faults import Faults
from hosts import BIN, Net, Node
from load import Load

WORKERS = 3


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("minutes", type=float)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--pause", type=float, default=0.3, help="seconds between two submissions of a person, on average")
    parser.add_argument("--keep", action="store_true", help="leave the folder behind")
    return parser.parse_args()


def journal_path(folder):
    return os.path.join(folder, "data", "journal.sqlite")


def wait_for_the_end(load, folder, patience_s):
    """All accepted runs have ended, or time is up."""
    end = time.monotonic() + patience_s
    while time.monotonic() < end:
        try:
            if not checker.lost(checker.Journal(journal_path(folder), whole=False), load.accepted):
                return
        except sqlite3.Error:  # the node is just being started
            pass
        time.sleep(0.5)


def make_keys(folder, names):
    """Keys of the supervisor node and of the named nodes, and the access file."""
    for name in ["supervisor", *names]:
        subprocess.run([os.path.join(BIN, "artel"), "keys", "new", name, "-o", folder], check=True, capture_output=True)
    public = lambda name: subprocess.run([os.path.join(BIN, "artel"), "keys", "show", f"{folder}/{name}.pub"], check=True, capture_output=True, text=True).stdout.strip()
    with open(f"{folder}/access.yaml", "w", encoding="utf-8") as file:
        file.write("nodes:\n" + "".join(f"  {name}: '{public(name)}'\n" for name in names))


def play(given, folder, net):
    chance = random.Random(given.seed)
    environment = dict(os.environ, ARTEL_TEST_MARK=folder, ARTEL_DATA=os.path.join(folder, "data"))
    admin = f"ipc://{folder}/data/admin.sock"
    cluster = "tcp://10.78.0.1:7400"
    pause = lambda: chance.uniform(0.1, 1.5)
    make_keys(folder, [f"w{n}" for n in range(1, WORKERS + 1)])
    supervisor = Node(net.name(0), [os.path.join(BIN, "artel-supervisor"), "--name", "supervisor", "--data", folder + "/data", "--cluster", cluster,
                                    "--admin", admin, "--heartbeat-ms", "200", "--lease-ms", "1500", "--key", folder + "/supervisor.key", "--access", folder + "/access.yaml"], environment, folder + "/supervisor.log", pause)
    workers = [Node(net.name(n), [os.path.join(BIN, "artel-analyzer"), "--name", f"w{n}", "--cluster", cluster, "--slots", "6", "--cpu", "6", "--pass-env",
                                  "ARTEL_TEST_*", "--key", f"{folder}/w{n}.key", "--server-key", folder + "/supervisor.pub"], environment, f"{folder}/w{n}.log", pause) for n in range(1, WORKERS + 1)]
    load = Load(folder, admin, environment, given.seed, given.pause)
    faults = Faults(supervisor, workers, net, folder + "/data", given.seed)
    faults.run(given.minutes * 60)
    load.finish()
    wait_for_the_end(load, folder, 180)
    codes = [node.finish() for node in workers] + [supervisor.finish()]
    return load, faults, codes, supervisor.starts, sum(node.starts for node in workers)


def verdict(folder, load, codes):
    journal = checker.Journal(journal_path(folder))
    lost = checker.lost(journal, load.accepted)
    duplicates, finished, number_of = checker.duplicates(journal, folder)
    overwritten, files = checker.overwritten(journal, folder, finished, number_of)
    orphans = checker.orphans(folder, {os.getpid()})
    found = {"lost": lost, "duplicate effects": duplicates + overwritten, "orphan processes": orphans}
    if not load.accepted or not files:
        found["a load that shows nothing"] = [f"{len(load.accepted)} runs were accepted, {files} files published"]
    if journal.integrity != "ok":
        found["damaged journal"] = [journal.integrity]
    # The product's own check holds every fact against the state before it.
    checked = subprocess.run([os.path.join(BIN, "artel"), "journal", "check", journal_path(folder)], capture_output=True, text=True, check=False)
    if checked.returncode != 0:
        found["facts that can not follow each other"] = (checked.stdout + checked.stderr).splitlines()
    if any(code is None or code < 0 for code in codes):
        found["nodes that did not stop in good order"] = [str(codes)]
    return journal, found, files


def report(given, folder, load, faults, starts, journal, found, files):
    print(f"chaos: {given.minutes:g} minutes, seed {given.seed}: {len(load.accepted)} runs accepted, {len(journal.facts)} facts, {files} published files")
    for pipeline, counts in sorted(checker.states(journal).items()):
        print(f"  {pipeline}: " + ", ".join(f"{count} {state}" for state, count in sorted(counts.items())))
    print("  faults: " + ", ".join(f"{count} × {kind}" for kind, count in sorted(faults.counts.items())))
    print(f"  starts: {starts[0]} of the supervisor node, {starts[1]} of worker nodes")
    for what, which in found.items():
        print(f"{what} = " + ("∅" if not which else f"{len(which)}\n  " + "\n  ".join(which[:20])))
    bad = any(found.values())
    if bad:
        print(f"the nodes' logs, the journal and the outputs are in {folder}; again with --seed {given.seed}")
    return bad


def main():
    given = arguments()
    folder = tempfile.mkdtemp(prefix="artel-chaos.")
    for name in ("data", "marks", "out"):
        os.makedirs(os.path.join(folder, name))
    net = Net(str(os.getpid()), WORKERS)
    mounted = net.ok and subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1500m", "tmpfs", folder + "/data"], check=False).returncode == 0
    if not mounted:
        net.remove()
        print("chaos: needs root, network namespaces and tmpfs; not to be had here")
        return 77
    bad = True
    try:
        load, faults, codes, *starts = play(given, folder, net)
        journal, found, files = verdict(folder, load, codes)
        bad = report(given, folder, load, faults, starts, journal, found, files)
    finally:
        for line in checker.orphans(folder, {os.getpid()}):
            os.kill(int(line.split()[1]), signal.SIGKILL)
        if not (bad or given.keep):
            subprocess.run(["umount", folder + "/data"], check=False)
            subprocess.run(["rm", "-rf", folder], check=False)
        net.remove()
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
