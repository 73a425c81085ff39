#!/usr/bin/env python3
"""House rules as a test: who may include whom, how long files and functions may be, and that lists that say the same
thing agree. Prints one line per broken rule: file:line: which rule, what to do. Reads only files that git tracks."""

import fnmatch
import os
import re
import shutil
import subprocess
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FILE_LINES_MAX, FUNCTION_LINES_MAX, COLUMNS_MAX = 400, 60, 100

# Room → rooms whose headers it may include beside its own. The longest matching prefix of a path is its room.
CORE = {"messages", "actors/core"}
LOCAL = CORE | {"actors/interfaces", "actors/logging", "config"}
ROOMS = {
    "messages": set(),
    "messages/wire": {"messages"},
    "config": {"messages"},
    "actors/core": {"messages"},
    "actors/native_step": {"messages"},
    "actors/interfaces": CORE,
    "actors/submission_text": CORE | {"messages/wire"},
    "actors/logging": {"messages"},
    "actors/supervision": CORE | {"actors/interfaces", "actors/logging"},
    "actors/journal": LOCAL | {"messages/wire", "actors/submission_text"},
    "actors/transport": LOCAL | {"messages/wire"},
    "actors/coordination": LOCAL | {"messages/wire", "actors/submission_text"},
    "actors/work": LOCAL | {"messages/wire", "actors/native_step"},
    "actors/analysis": {"messages", "messages/wire", "actors/native_step"},
    "actors/analysis/analyzer": LOCAL,
    "actors/training": CORE | {"actors/native_step", "config"},
    "actors/operation": LOCAL,
    "nodes": None,  # mains and wiring: everything
    "tests": None,
    "bench": None,
}
# Headers directly in actors/ belong to these rooms.
LOOSE = {"actors/native_step.hpp": "actors/native_step", "actors/submission_text.hpp": "actors/submission_text"}
# Third-party header prefix → rooms that may include it.
FOREIGN = {
    "zmq": {"actors/transport"},
    "msgpack": {"messages/wire"},
    "sqlite3": {"actors/journal"},
    "caf/": {"actors/interfaces", "actors/supervision", "actors/journal", "actors/transport", "actors/coordination",
             "actors/work", "actors/analysis/analyzer", "actors/operation"},
    "yaml-cpp": {"config"},
    "date/date.h": {"actors/core"},
    "date/tz.h": {"actors/coordination"},
    "pugixml": {"actors/analysis"},
    "openssl/": {"actors/analysis", "actors/work"},
    "xxhash": {"actors/core", "actors/analysis", "actors/journal", "actors/training"},
    "zlib": {"actors/training"},
    "httplib": {"actors/training", "actors/operation"},
    "xgboost": {"actors/training"},
    "Eigen/": {"actors/training"},
    "CLI/": set(),
    "spdlog": {"actors/logging"},
    "boost/": {"actors/operation"},
    "prometheus/": {"actors/operation"},
    "sodium": {"actors/operation"},
}
PURE_FORBIDDEN = re.compile(r"#include <(thread|mutex|random|chrono|iostream|fstream|filesystem|atomic|unistd\.h)>"
                            r"|\b(system_clock|steady_clock|random_device)\b")


def room_of(path):
    if path in LOOSE:
        return LOOSE[path]
    fits = [room for room in ROOMS if path.startswith(room + "/")]
    if fits:
        return max(fits, key=len)
    return "actors/interfaces" if path.startswith("actors/") else None


def tracked(*patterns):
    """Files that git knows or would take; in a tree without git, all outside of build folders."""
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "-z", *patterns], cwd=TOP, capture_output=True, check=False)
    if listed.returncode == 0:
        names = listed.stdout.decode().split("\0")
    else:
        names = [os.path.relpath(os.path.join(folder, file), TOP) for folder, _, files in os.walk(TOP) for file in files
                 if any(fnmatch.fnmatch(file, pattern) for pattern in patterns)]
        names = [name for name in names if not name.startswith(("build/", "bin/"))]
    return sorted(name for name in names if name and os.path.exists(os.path.join(TOP, name)))


def check_includes(path, lines, report):
    room = room_of(path)
    allowed = ROOMS.get(room)
    if allowed is None:
        return
    for number, line in enumerate(lines, 1):
        ours = re.match(r'#include "([^"]+)"', line)
        if ours and not ours[1].startswith("embedded/"):  # made at build time from files beside the source
            other = room_of(ours[1])
            if other != room and other not in allowed and not inside(room, other):
                report(number, f"room {room} may not include {ours[1]} (room {other}); meet in messages/ or interfaces.hpp")
        foreign = re.match(r"#include <([^>]+)>", line)
        if foreign:
            for prefix, rooms in FOREIGN.items():
                if foreign[1].startswith(prefix) and room not in rooms:
                    report(number, f"only {', '.join(sorted(rooms)) or 'nodes'} may include <{foreign[1]}>")
            if foreign[1] == "caf/all.hpp":
                report(number, "caf/all.hpp costs seconds per file; include single headers")
        if room == "actors/core" and PURE_FORBIDDEN.search(line):
            report(number, "the core is pure: time, chance, threads and files are arguments or live elsewhere")


def inside(room, other):
    """Subfolders of the analysis are one house of their own."""
    return bool(other) and room.startswith("actors/analysis") and other == "actors/analysis"


def check_lengths(path, lines, report):
    if len(lines) > FILE_LINES_MAX:
        report(1, f"{len(lines)} lines; a file has at most {FILE_LINES_MAX}: split it by what it is about")
    raw = False  # inside a raw string, whose lines are data
    for number, line in enumerate(lines, 1):
        raw = (raw or 'R"' in line) and not (')"' in line and 'R"' not in line)
        if len(line) > COLUMNS_MAX and not raw and '"' not in line:
            report(number, f"{len(line)} columns; at most {COLUMNS_MAX}")
    begin = None
    for number, line in enumerate(lines, 1):
        # After clang-format a function at namespace or class level begins in column 0 or 2 and its brace closes there.
        if begin is None and re.match(r"( {2})?\S.*\)[^;]*\{$", line) and not re.match(r"\s*(namespace|struct|class|enum|union|if|for|while|switch|extern)\b", line):
            begin = (number, len(line) - len(line.lstrip()))
        elif begin and re.match(r" {%d}\}" % begin[1] if begin[1] else r"\}", line):
            if number - begin[0] + 1 > FUNCTION_LINES_MAX:
                report(begin[0], f"{number - begin[0] + 1} lines; a function has at most {FUNCTION_LINES_MAX}")
            begin = None


def check_catalog(report_at):
    text = open(os.path.join(TOP, "messages/catalog.hpp"), encoding="utf-8").read()
    code = {name: int(number, 16) for number, name in re.findall(r"ARTEL_MESSAGE\((0x[0-9a-f]+),\s*(\w+)\)", text)}
    card = open(os.path.join(TOP, "messages/README.md"), encoding="utf-8").read()
    said = {name: int(number, 16) for number, name in re.findall(r"^\| (0x[0-9a-f]+) \| `(\w+)` \|", card, re.M)}
    for name in sorted(set(code) | set(said)):
        if code.get(name) != said.get(name):
            report_at("messages/README.md", 1, f"'{name}' is {said.get(name)} here and {code.get(name)} in catalog.hpp; they must agree")
    if len(set(code.values())) != len(code):
        report_at("messages/catalog.hpp", 1, "a number is used twice")


def check_keys_are_documented(report_at):
    reader = "".join(open(os.path.join(TOP, "config", name), encoding="utf-8").read() for name in ("pipeline_file.cpp", "step_reader.cpp"))
    page = open(os.path.join(TOP, "docs/PIPELINES.md"), encoding="utf-8").read()
    steps = open(os.path.join(TOP, "config/step_catalog.cpp"), encoding="utf-8").read()
    for key in re.findall(r'\{"(\w+)",\s*\[&', reader) + re.findall(r'\{"((?:core|edt|ml)\.\w+)"', steps):
        if f"`{key}`" not in page:
            report_at("docs/PIPELINES.md", 1, f"'{key}' is not documented")


def check_test_names(report_at):
    """ctest splits lists at semicolons: a test whose name has one is listed, and never runs."""
    for name in tracked("tests/*.cpp"):
        text = open(os.path.join(TOP, name), encoding="utf-8").read()
        for found in re.finditer(r'TEST_CASE\(\s*((?:"[^"]*"\s*)+)', text):
            if re.search(r"[;\[\]\\]", found[1]):
                report_at(name, text.count("\n", 0, found.start()) + 1, "a test's name may not hold ; [ ] or \\: ctest would not find it")


def check_cards(report_at):
    folders = {os.path.dirname(name) for name in tracked("*.cpp", "*.hpp", "*.py")}
    for folder in sorted(folders):
        if folder.count("/") <= 1 and folder and not os.path.exists(os.path.join(TOP, folder, "README.md")):
            report_at(folder, 1, "a card on every door: README.md is missing")


def check_format(report_at):
    tool = shutil.which("clang-format")
    if not tool:
        return
    for name in tracked("*.cpp", "*.hpp"):
        path = os.path.join(TOP, name)
        made = subprocess.run([tool, path], capture_output=True, check=True).stdout
        with open(path, "rb") as file:
            if made != file.read():
                report_at(name, 1, "not formatted; run: clang-format -i " + name)


EVENT = re.compile(r'inline constexpr event (\w+)\{\s*"(\w+)",\s*level::(\w+),\s*"(\w+)",\s*((?:"[\w ]*"\s*)+),\s*((?:"(?:[^"\\]|\\.)*"\s*)+)\};')
NOTE = re.compile(r'\b(?:note|line_of)\(\s*events::(\w+)((?:[^;"]|"(?:[^"\\]|\\.)*")*);')
EVENTS, LOGS = "actors/logging/events.hpp", "docs/LOGS.md"


def joined(literals):
    return "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', literals))


def check_events(report):
    """The table of log events, its page and what the code notes say the same."""
    with open(os.path.join(TOP, EVENTS), encoding="utf-8") as file:
        source = file.read()
    table = {m[1]: (m[2], m[3], m[4], joined(m[5]), joined(m[6])) for m in EVENT.finditer(source)}
    listed = set(re.findall(r"&(\w+)", source[source.index("event* all[]"):]))
    for name in table.keys() ^ listed:
        report(EVENTS, 1, f"event {name} is not both in the table and in the list of all")
    with open(os.path.join(TOP, LOGS), encoding="utf-8") as file:
        rows = {m[1]: m[0] for m in re.finditer(r"^\| `(\w+)` \|.*\|$", file.read(), re.M)}
    if not table:
        report(EVENTS, 1, "holds no event that this check can read")
    for name, (text, level, room, fields, meaning) in table.items():
        if text != name:
            report(EVENTS, 1, f"event {name} calls itself {text}")
        row = f"| `{name}` | {level} | {room} | {fields.replace(' ', ', ')} | {meaning} |"
        if rows.get(name) != row:
            report(LOGS, 1, "expected the row " + row)
    for name in rows.keys() - table.keys():
        report(LOGS, 1, f"event {name} is not in {EVENTS}")
    noted = {}
    for path in tracked("actors/*.cpp", "actors/*.hpp", "nodes/*.cpp", "nodes/*.hpp"):
        with open(os.path.join(TOP, path), encoding="utf-8") as file:
            for name, arguments in NOTE.findall(file.read()):
                said = noted.setdefault(name, set())
                for field in re.findall(r'\{\s*"(\w+)",', arguments):
                    said.add(field)
                    if name in table and field not in table[name][3].split():
                        report(path, 1, f"event {name} has no field '{field}' in {EVENTS}")
    for name in table.keys() - noted.keys():
        report(EVENTS, 1, f"event {name} is never noted")
    for name in table.keys() & noted.keys():
        for field in set(table[name][3].split()) - noted[name]:
            report(EVENTS, 1, f"field '{field}' of event {name} is never given")


def main():
    broken = []
    for path in tracked("*.cpp", "*.hpp"):
        with open(os.path.join(TOP, path), encoding="utf-8") as file:
            lines = file.read().split("\n")[:-1]
        report = lambda number, text, path=path: broken.append(f"{path}:{number}: {text}")
        check_includes(path, lines, report)
        check_lengths(path, lines, report)
    report_at = lambda path, number, text: broken.append(f"{path}:{number}: {text}")
    for check in (check_catalog, check_keys_are_documented, check_test_names, check_cards, check_events, check_format):
        check(report_at)
    print("\n".join(broken) or "the house is tidy")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
