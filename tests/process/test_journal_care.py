"""artel journal: check, backup, compact, salvage; and what the supervisor node does with a damaged journal."""

import os
import sqlite3
import subprocess
import unittest

from cluster import SOURCE, ClusterCase, wait_for

PIPELINE = "pipeline: p\nsteps:\n  a: {use: core.noop, instances: 3}\n  b: {shell: \"echo hello\", needs: [a]}\n"


class JournalCareTest(ClusterCase):
    def setUp(self):
        super().setUp()
        self.start_supervisor()
        self.start_worker("one")
        self.pipeline = self.write("p.yaml", PIPELINE)
        self.file = os.path.join(self.data, "journal.sqlite")

    def runs(self, count):
        for _ in range(count):
            self.wait_until_ended(self.submit(self.pipeline))

    def journal(self, *arguments, code=0):
        done = self.artel("journal", *arguments, check=False)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def stop(self):
        for name in ("one", "supervisor"):
            self.kill(name, 15)

    def seq(self, run, number):
        """Of a run's fact, counted from 1; those of the audit log lie between."""
        with sqlite3.connect(self.file) as journal:
            rows = journal.execute("SELECT seq FROM facts WHERE run = ? ORDER BY seq", (run,)).fetchall()
        journal.close()
        return rows[number - 1][0]

    def change(self, statement):
        with sqlite3.connect(self.file) as journal:
            journal.execute(statement)
        journal.close()

    def test_check_and_backup_work_beside_the_running_node_and_the_backup_is_a_journal(self):
        self.runs(2)
        self.assertIn("22 facts of 2 runs, 0 of them not ended; nothing is wrong", self.journal("check"))
        copy = self.path("copy.sqlite")
        self.assertIn("22 facts", self.journal("backup", copy))
        self.assertIn("nothing is wrong", self.journal("check", copy))
        self.assertIn("exists already", self.journal("backup", copy, code=1))
        self.stop()
        os.remove(self.file)
        os.rename(copy, self.file)
        self.start_supervisor()
        self.assertEqual(self.artel("runs").stdout.count("succeeded"), 2)

    def test_a_changed_fact_is_found_by_check_refused_by_the_node_and_left_out_by_salvage(self):
        self.runs(1)
        self.submit(self.write("q.yaml", "pipeline: q\nsteps:\n  a: {use: core.noop}\n  b: {use: core.noop, labels: [nowhere], needs: [a]}\n"))
        wait_for("a has ended", lambda: self.step("a")["state"] == "succeeded")
        self.stop()
        broken = self.seq(2, 2)
        self.change(f"UPDATE facts SET at = at + 1 WHERE seq = {broken}")
        self.assertIn(f"fact {broken} (of run 2) does not fit its checksum", self.journal("check", code=1))
        supervisor = self.start_supervisor(wait=False)
        self.assertNotEqual(supervisor.wait(30), 0)
        log = self.log_of("supervisor")
        for expected in (f"fact {broken} (of run 2)", "artel journal check", "artel journal salvage"):
            self.assertIn(expected, log)
        saved = self.path("saved.sqlite")
        said = self.journal("salvage", saved)
        self.assertIn(f"fact {broken} (of run 2) does not fit its checksum", said)
        self.assertIn("nothing is wrong", self.journal("check", saved))
        os.rename(saved, self.file)
        for rest in ("-wal", "-shm"):
            if os.path.exists(self.file + rest):
                os.remove(self.file + rest)
        self.start_supervisor()
        self.assertEqual(self.artel("runs").stdout.count("succeeded"), 1)
        self.assertEqual(self.show()["summary"]["state"], "running")

    def test_a_page_that_is_destroyed_costs_what_was_on_it_and_no_more(self):
        self.runs(40)
        self.stop()
        with sqlite3.connect(self.file) as journal:
            journal.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            pages, size = journal.execute("PRAGMA page_count").fetchone()[0], journal.execute("PRAGMA page_size").fetchone()[0]
        journal.close()
        with open(self.file, "r+b") as file:
            file.seek((pages // 2) * size)
            file.write(os.urandom(size))
        said = self.journal("check", code=1)
        self.assertIn("it is damaged", said)
        saved = self.path("saved.sqlite")
        self.journal("salvage", saved)
        self.assertIn("nothing is wrong", self.journal("check", saved))
        with sqlite3.connect(saved) as journal:
            self.assertGreater(journal.execute("SELECT count(*) FROM runs").fetchone()[0], 15)
        journal.close()

    def test_compact_takes_old_runs_and_their_logs_out_and_waits_for_no_running_node(self):
        self.runs(4)
        first = self.artel("runs").stdout.splitlines()[-1].split()[0]
        self.assertTrue(os.path.isdir(os.path.join(self.data, "output", first)))
        self.assertIn("another supervisor uses the data folder", self.journal("compact", code=3))
        self.stop()
        self.assertIn("2 runs with 20 facts taken out", self.journal("compact", "--keep", "0ms", "--keep-runs", "2"))
        self.assertIn("20 facts of 2 runs", self.journal("check"))
        self.assertFalse(os.path.exists(os.path.join(self.data, "output", first)))
        self.start_supervisor()
        self.assertEqual(self.artel("runs").stdout.count("succeeded"), 2)

    def test_a_running_node_takes_out_what_is_older_than_it_is_to_keep(self):
        self.runs(3)
        self.kill("supervisor", 15)
        self.start_supervisor("--keep", "1ms", "--keep-runs", "1")
        wait_for("one run is left", lambda: self.facts("SELECT count(*) FROM runs") == [(1,)])
        self.runs(1)
        self.assertIn("run_pruned", self.log_of("supervisor"))
        self.assertIn("nothing is wrong", self.journal("check"))

    def test_a_run_that_was_taken_out_in_part_is_shown_to_nobody_and_no_damage(self):
        self.runs(2)
        self.stop()
        # As a kill between two turns leaves it: the beginning is gone, the row says so.
        kept = self.seq(1, 5)
        self.change(f"DELETE FROM facts WHERE run = 1 AND seq < {kept}")
        self.change(f"UPDATE runs SET state = 9, first_seq = {kept} WHERE no = 1")
        self.assertIn("18 facts of 1 runs, 0 of them not ended; nothing is wrong", self.journal("check"))
        saved = self.path("saved.sqlite")
        self.assertIn("12 facts of 1 runs saved", self.journal("salvage", saved))
        self.start_supervisor("--keep", "100d")
        wait_for("the rest is taken out", lambda: self.facts("SELECT count(*) FROM facts") == [(12,)])
        self.assertEqual(self.artel("runs").stdout.count("succeeded"), 1)

    def test_pruning_that_meets_damage_stops_and_what_is_new_is_still_written(self):
        self.runs(3)
        self.stop()
        self.change("CREATE TRIGGER spoil BEFORE DELETE ON facts BEGIN SELECT RAISE(ABORT, 'spoilt'); END")
        self.start_supervisor("--keep", "0ms", "--keep-runs", "1")
        wait_for("it says so", lambda: "journal_not_pruned" in self.log_of("supervisor"))
        self.start_worker("two")
        self.runs(1)
        self.assertEqual(self.artel("runs").stdout.count("succeeded"), 4)

    def test_a_journal_of_version_1_is_checked_and_salvaged_as_it_is(self):
        old = self.path("old.sqlite")
        with open(os.path.join(SOURCE, "tests/unit/data/journal_v1.sql"), encoding="utf-8") as dump:
            with sqlite3.connect(old) as journal:
                journal.executescript(dump.read())
            journal.close()
        self.assertIn("22 facts of 2 runs, 1 of them not ended, 22 facts without a checksum; nothing is wrong", self.journal("check", old))
        self.assertIn("22 facts of 2 runs saved, nothing is lost", self.journal("salvage", self.path("new.sqlite"), old))

    def test_a_damaged_run_that_had_ended_is_left_out_not_begun_anew(self):
        self.runs(2)
        self.stop()
        self.change(f"UPDATE facts SET at = at + 1 WHERE seq = {self.seq(1, 5)}")
        saved = self.path("saved.sqlite")
        self.assertIn("had ended and is not whole: left out", self.journal("salvage", saved))
        self.assertIn("12 facts of 1 runs, 0 of them not ended; nothing is wrong", self.journal("check", saved))

    @unittest.skipUnless(os.geteuid() == 0, "needs root")
    def test_neither_salvage_nor_backup_leaves_half_a_journal_on_a_full_disk(self):
        self.runs(30)
        self.stop()
        small = self.path("small")
        os.mkdir(small)
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", small], check=False).returncode != 0:
            self.skipTest("may not mount here")
        self.addCleanup(subprocess.run, ["umount", small], check=False)
        for verb in ("salvage", "backup"):
            self.assertIn("can not be written", self.journal(verb, os.path.join(small, "new"), code=3))
            self.assertEqual(os.listdir(small), [])

    def test_compact_is_held_up_by_a_running_node_also_through_a_link_and_touches_no_other_database(self):
        os.mkdir(self.path("elsewhere"))
        link = self.path("elsewhere", "journal.sqlite")
        os.symlink(self.file, link)
        self.assertIn("another supervisor uses the data folder", self.journal("compact", link, code=3))
        other = self.path("other.sqlite")
        with sqlite3.connect(other) as database:
            database.execute("CREATE TABLE mine(a)")
        database.close()
        with open(other, "rb") as file:
            before = file.read()
        for verb, arguments in (("compact", [other]), ("check", [other]), ("salvage", [self.path("new"), other])):
            self.assertIn("no journal", self.journal(verb, *arguments, code=1 if verb == "compact" else 2))
        with open(other, "rb") as file:
            self.assertEqual(file.read(), before)

    def test_what_is_no_journal_is_refused_in_a_sentence(self):
        self.assertIn("there is no such file", self.journal("check", self.path("nowhere"), code=4))
        text = self.write("text", "hello " * 1000)
        self.assertIn("file is not a database", self.journal("check", text, code=1))
        self.assertIn("file is not a database", self.journal("salvage", self.path("new"), text, code=1))
        self.assertIn("check that its folder exists", self.journal("backup", self.path("no", "folder"), code=3))
        self.assertIn("--keep 'soon'", self.journal("compact", "--keep", "soon", code=2))


if __name__ == "__main__":
    unittest.main(verbosity=2)
