"""What nodes write: formats, levels by room, files that are begun anew."""

import glob
import json
import os
import subprocess
import unittest

from cluster import BIN, ClusterCase, wait_for


class LogsTest(ClusterCase):
    PIPELINE = "pipeline: p\nsteps:\n  s: {shell: 'exit 3'}\n"

    def lines(self, name):
        with open(self.path(name + ".log"), encoding="utf-8") as file:
            return [json.loads(line) for line in file]

    def test_every_line_of_a_node_is_one_object_with_its_event_run_and_step(self):
        self.start_supervisor("--log-format", "json")
        self.start_worker("one", "--log-format", "json")
        run = self.submit(self.write("p.yaml", self.PIPELINE))
        self.wait_until_ended(run)
        failed = next(line for line in self.lines("supervisor") if line["event"] == "step_failed")
        self.assertEqual((failed["run"], failed["step"], failed["attempt"], failed["restart"], failed["node"]), (run, "s", 1, False, "supervisor"))
        ended = next(line for line in self.lines("supervisor") if line["event"] == "run_ended")
        self.assertEqual((ended["trace"], ended["state"]), (failed["trace"], "failed"))
        joined = next(line for line in self.lines("supervisor") if line["event"] == "node_joined")
        self.assertEqual((joined["node"], joined["about_node"]), ("supervisor", "one"))
        self.assertLessEqual({"node_starts", "joined_cluster"}, {line["event"] for line in self.lines("one")})

    def test_levels_are_set_by_room_and_a_wrong_one_is_refused(self):
        self.start_supervisor("--log-format", "json", "--log-level", "error,coordination=debug")
        self.start_worker("one")
        self.wait_until_ended(self.submit(self.write("p.yaml", self.PIPELINE)))
        self.assertLessEqual({"step_started", "run_ended"}, {line["event"] for line in self.lines("supervisor")})
        self.assertNotIn("node_starts", {line["event"] for line in self.lines("supervisor")})
        for arguments, word in ((("--log-level", "lod"), "expected debug"), (("--log-format", "xml"), "expected text"), (("--log-size", "5MB"), "--log-file"), (("--log-size", "big", "--log-file", "x"), "50MB"),
                                (("--log-file", "/dev/null/x.log"), "log file")):
            ran = subprocess.run([os.path.join(BIN, "artel-supervisor"), "--data", self.path("other"), "--cluster", f"ipc://{self.path('o.sock')}", *arguments], capture_output=True, text=True, timeout=30, check=False)
            self.assertIn(ran.returncode, (2, 3), (arguments, ran.stderr))
            self.assertIn(word, ran.stderr)

    def test_a_file_is_begun_anew_at_its_size_and_so_many_are_kept(self):
        log = self.path("own.log")
        self.start_supervisor("--log-file", log, "--log-size", "4KB", "--log-files", "2", "--log-level", "debug")
        self.start_worker("one")
        pipeline = self.write("many.yaml", "pipeline: p\nsteps:\n  s: {use: core.noop, instances: 200}\n")
        for _ in range(3):
            self.wait_until_ended(self.submit(pipeline))
        wait_for("files were begun anew", lambda: len(glob.glob(self.path("own*.log"))) == 3)
        self.assertTrue(all(os.path.getsize(file) <= 4096 for file in glob.glob(self.path("own*.log"))))


if __name__ == "__main__":
    unittest.main(verbosity=2)
