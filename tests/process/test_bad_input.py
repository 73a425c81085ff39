"""Bad input gets one clear message that names the thing, the place and what to do, a non-zero exit code, and costs nothing."""

import os
import signal
import socket
import subprocess
import unittest

from cluster import ClusterCase, BIN, SOURCE, wait_for

PIPELINE = os.path.join(SOURCE, "config/pipelines/edt_analysis.yaml")
NOOP = "pipeline: p\nsteps:\n  s: {use: core.noop}\n"


class BadInputTest(ClusterCase):
    def refused(self, code, *arguments):
        """The one message of a command that must fail with `code`."""
        done = self.artel(*arguments, check=False)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def program_refuses(self, code, program, *arguments):
        done = subprocess.run([os.path.join(BIN, program), *arguments], env=self.environment, capture_output=True, text=True,
                              timeout=30, stdin=subprocess.DEVNULL)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def test_without_a_cluster_every_question_says_that_nobody_listens_and_what_to_do(self):
        for verb in (["runs"], ["show"], ["nodes"], ["tree"], ["cancel", "last"], ["explain", "s"], ["logs", "last", "s"]):
            said = self.refused(3, "--timeout", "1", *verb)
            self.assertIn("no supervisor node answers on ipc://", said)
            self.assertIn("artel up", said)

    def test_usage_errors_name_the_word_and_suggest_another(self):
        self.assertIn("did you mean 'submit'?", self.refused(2, "submti", "x"))
        self.assertIn("--nonsense", self.refused(2, "runs", "--nonsense"))
        pipeline = self.write("p.yaml", NOOP)
        self.assertIn("expected NAME=VALUE", self.refused(2, "submit", pipeline, "-p", "novalue"))
        self.assertIn("has no parameter 'x'", self.refused(2, "submit", pipeline, "-p", "x=1"))
        self.assertIn("expected a ULID", self.refused(2, "submit", pipeline, "--id", "short"))
        self.assertIn("can not be read", self.refused(3, "validate", self.path("missing.yaml")))

    def test_a_pipeline_with_a_mistake_is_named_by_file_line_and_column_before_anything_starts(self):
        bad = self.write("bad.yaml", "pipeline: p\nsteps:\n  a: {use: core.noop, needs: [b]}\n  b: {use: core.noop, needs: [a]}\n")
        said = self.refused(2, "run", bad)
        self.assertIn("bad.yaml:3:3: the steps form a cycle: 'a' needs 'b' needs 'a'", said)
        self.assertFalse(os.path.exists(self.data))

    def test_a_missing_configuration_fails_the_run_at_once_and_names_the_path(self):
        said = self.refused(1, "run", PIPELINE, "-p", f"config_path={self.path('nowhere')}", "-p", f"output_path={self.path('out')}")
        self.assertIn(f"config_path '{self.path('nowhere')}' does not exist", said)

    def test_a_folder_without_a_configuration_fails_the_run_and_says_what_is_expected(self):
        os.makedirs(self.path("empty"))
        said = self.refused(1, "run", PIPELINE, "-p", f"config_path={self.path('empty')}", "-p", f"output_path={self.path('out')}")
        self.assertIn(self.path("empty"), said)
        self.assertIn("Configuration", said)

    def test_a_damaged_configuration_is_analysed_as_far_as_it_goes_and_the_damage_recorded(self):
        broken = self.path("broken")
        subprocess.run(["cp", "-r", f"{SOURCE}/config/samples/designer", broken], check=True)
        catalogs = os.path.join(broken, "Catalogs")
        names = sorted(name for name in os.listdir(catalogs) if name.endswith(".xml"))
        with open(os.path.join(catalogs, names[0]), "w", encoding="utf-8") as file:
            file.write("<MetaDataObject><Catalog><Properties><Na")
        modules = [os.path.join(folder, name) for folder, _, files in os.walk(broken) for name in files if name.endswith(".bsl")]
        with open(sorted(modules)[0], "w", encoding="utf-8") as file:
            file.write("Процедура Х(\n  Если Тогда ;;; КонецПроцедуры )")
        out = self.path("out")
        said = self.artel("run", PIPELINE, "-p", f"config_path={broken}", "-p", f"output_path={out}").stdout
        self.assertIn("succeeded", said)
        with open(os.path.join(out, "edt_parser/full_parse_with_metadata.json"), encoding="utf-8") as file:
            parsed = file.read()
        self.assertIn(names[0], parsed)
        self.assertIn('"syntax_errors": [{' if '"syntax_errors": [{' in parsed else '"syntax_errors":[{', parsed)

    def test_an_output_place_that_is_a_file_fails_with_its_path(self):
        place = self.write("file", "x")
        said = self.refused(1, "run", PIPELINE, "-p", f"config_path={SOURCE}/config/samples/edt", "-p", f"output_path={place}")
        self.assertIn(f"output_path '{place}' is a file", said)

    def test_a_port_in_use_is_named_with_what_to_do(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            endpoint = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
            said = self.program_refuses(3, "artel-supervisor", "--data", self.data, "--cluster", endpoint)
        self.assertIn(f"can not listen on {endpoint}", said)
        self.assertIn("another process listens there already", said)

    def test_two_supervisor_nodes_on_one_data_folder_are_refused(self):
        self.start_supervisor()
        said = self.program_refuses(3, "artel-supervisor", "--data", self.data, "--cluster", f"ipc://{self.path('other.sock')}")
        self.assertIn(f"another supervisor uses the data folder '{self.data}'", said)

    def test_a_second_node_of_the_same_name_is_refused_and_the_first_goes_on(self):
        self.start_supervisor()
        self.start_worker("one")
        second = self.start("artel-analyzer", "one", "--cluster", self.cluster, wait=False)
        wait_for("the second gives up", lambda: second.poll() is not None, 40)
        self.assertEqual(second.returncode, 2)
        self.assertIn("a node named 'one' has joined already", self.log_of("one"))
        self.assertTrue(self.is_up("one"))

    def test_nodes_refuse_malformed_endpoints_and_numbers(self):
        self.assertIn("expected tcp://HOST:PORT or ipc:///PATH", self.program_refuses(2, "artel-supervisor", "--data", self.data, "--cluster", "nonsense"))
        self.assertIn("at most 107 bytes", self.program_refuses(2, "artel-supervisor", "--data", self.data, "--cluster", "ipc:///" + "x" * 200))
        self.assertIn("--lease-ms", self.program_refuses(2, "artel-supervisor", "--data", self.data, "--lease-ms", "200", "--heartbeat-ms", "100"))
        self.assertIn("--memory", self.program_refuses(2, "artel-trainer", "--memory", "lots"))
        self.assertIn("can not be executed", self.program_refuses(3, "artel-trainer", "--step-host", "/no/such/program"))
        self.assertIn("log level", self.program_refuses(2, "artel-trainer", "--log-level", "loud"))

    def test_a_damaged_journal_is_named_and_left_as_it_is(self):
        os.makedirs(self.data)
        with open(os.path.join(self.data, "journal.sqlite"), "w", encoding="utf-8") as file:
            file.write("this is no journal" * 100)
        said = self.program_refuses(3, "artel-supervisor", "--data", self.data, "--cluster", self.cluster)
        self.assertIn("journal.sqlite: is damaged or not a journal", said)
        with open(os.path.join(self.data, "journal.sqlite"), encoding="utf-8") as file:
            self.assertTrue(file.read().startswith("this is no journal"))

    def test_unknown_runs_steps_and_attempts_are_named(self):
        self.start_supervisor()
        self.start_worker("one")
        run = self.submit(self.write("p.yaml", NOOP))
        self.wait_until_ended(run)
        self.assertIn("no run has an id that begins with 'ZZZ'", self.refused(4, "show", "ZZZ"))
        self.assertIn("the run has no step 't'", self.refused(4, "explain", "last", "t"))
        self.assertIn("the step has instances [0] to [0]", self.refused(4, "logs", "last", "s[7]"))
        self.assertIn("has had 1 attempts", self.refused(4, "logs", "last", "s", "--attempt", "9"))
        self.assertIn("has ended already", self.refused(1, "cancel", "last"))
        self.assertIn("no node named 'x'", self.refused(4, "tree", "x"))

    def test_up_refuses_a_second_cluster_on_the_same_folder(self):
        up = subprocess.Popen([os.path.join(BIN, "artel"), "up"], env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, text=True)
        try:
            wait_for("up", lambda: "Ctrl-C" in up.stdout.readline())
            self.assertIn("a cluster answers on", self.refused(3, "up"))
        finally:
            up.send_signal(signal.SIGINT)
            up.stdout.read()
            self.assertEqual(up.wait(30), 0)
            up.stdout.close()


if __name__ == "__main__":
    unittest.main(verbosity=2)
