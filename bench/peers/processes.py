"""What is common to the systems that are compared: the memory of all processes of one, and the marks that a task leaves when it begins."""

import os
import time


def processes_of(mark):
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/environ", "rb") as file:
                if mark.encode() in file.read():
                    yield int(pid)
        except OSError:
            pass


def memory_mb(mark):
    """Proportional set size of all processes with the mark in their environment: what is shared counts once."""
    total = 0
    for pid in processes_of(mark):
        try:
            with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
                total += next(int(line.split()[1]) for line in file if line.startswith("Pss:"))
        except (OSError, StopIteration):
            pass
    return total / 1024


def marks_in(path):
    """[process, time it began], one for each time that the task began."""
    try:
        with open(path, encoding="ascii") as file:
            return [line.split() for line in file.read().splitlines() if len(line.split()) == 2]
    except OSError:
        return []


def wait_for_marks(path, count, patience_s):
    """The time of the last of so many; none when they do not come."""
    end = time.monotonic() + patience_s
    while time.monotonic() < end:
        found = marks_in(path)
        if len(found) >= count:
            return float(found[count - 1][1])
        time.sleep(0.002)
    return None
