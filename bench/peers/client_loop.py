"""What the clients of the peers have in common: a command per line on stdin, JSON, and an answer per line on stdout. Each runs under the Python whose system is measured."""

import json
import sys


def serve(version, **functions):
    print(json.dumps({"version": version}), flush=True)
    for line in sys.stdin:
        what, *arguments = json.loads(line)
        print(json.dumps(functions[what](*arguments)), flush=True)
