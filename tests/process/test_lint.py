"""artel lint as CI runs it: exit codes, formats, baselines, changed files; no node, and nothing left behind."""

import json
import os
import signal
import subprocess
import unittest
import xml.etree.ElementTree as xml

from cluster import BIN, SOURCE, ClusterCase, wait_for

BROKEN = "Процедура П() Экспорт\n\tСообщить(1);\n\tПопытка\n\t\tВ();\n\tИсключение\n\tКонецПопытки;\nКонецПроцедуры\n"
CLEAN = "#Область СлужебныеПроцедурыИФункции\nПроцедура П() Экспорт\n\tВ();\nКонецПроцедуры\n#КонецОбласти\n"


class LintTest(ClusterCase):
    def lint(self, *arguments, cwd=None, stdin=None):
        return subprocess.run([os.path.join(BIN, "artel"), "lint", *arguments], env=dict(self.environment, TMPDIR=self.temporary()),
                              cwd=cwd or self.folder, input=stdin, capture_output=True, text=True, timeout=120)

    def temporary(self):
        os.makedirs(self.path("tmp"), exist_ok=True)
        return self.path("tmp")

    def module(self, text, name="Module.bsl"):
        os.makedirs(os.path.dirname(self.path("src", name)), exist_ok=True)
        self.write(os.path.join("src", name), text)
        return "src"

    def load(self, name):
        with open(self.path(name), encoding="utf-8") as file:
            return json.load(file)

    def assert_nothing_left(self):
        self.assertEqual(os.listdir(self.temporary()), [])

    def test_clean_code_is_0_a_reached_threshold_is_1(self):
        self.assertEqual(self.lint(self.module(CLEAN)).returncode, 0)
        broken = self.lint(self.module(BROKEN))
        self.assertEqual(broken.returncode, 1, broken.stderr)
        self.assertIn("src/Module.bsl:5:2: critical empty-except Пустой блок «Исключение»\n", broken.stdout)
        self.assertIn("critical 1", broken.stdout)
        self.assertNotIn("\x1b", broken.stdout)
        self.assertEqual(self.lint("src", "--fail-on", "blocker").returncode, 0)
        self.assertEqual(self.lint("src", "--fail-on", "minor", "--rules", "message-to-user").returncode, 1)
        self.assertEqual(self.lint("src", "--fail-on", "none").returncode, 0)
        self.assert_nothing_left()

    def test_bad_input_is_2_and_one_sentence(self):
        self.module(CLEAN)
        os.makedirs(self.path("empty"))
        self.write("damaged.json", "{}")
        for arguments in (["nosuch"], ["empty"], [], ["src", "--rules", "-nosuch"], ["src", "--lang", "de"], ["src", "--fail-on", "x"],
                          ["src", "--format", "pdf"], ["src", "--format", "json", "--format", "text"], ["src", "--baseline", "nosuch.json"],
                          ["src", "--baseline", "damaged.json"], ["src", "--only-from", "nosuch"], ["src", "--no-such-option"]):
            said = self.lint(*arguments)
            self.assertEqual(said.returncode, 2, arguments)
            self.assertEqual(said.stdout, "", arguments)
            self.assertTrue(said.stderr.strip(), arguments)
        self.assert_nothing_left()

    def test_a_report_that_can_not_be_written_is_3(self):
        self.module(CLEAN)
        self.assertEqual(self.lint("src", "--format", "sarif=src/Module.bsl/x.sarif").returncode, 3)
        self.assertEqual(self.lint("src", "--write-baseline", "src/Module.bsl/x.json").returncode, 3)

    def test_all_formats_of_one_run_agree(self):
        self.module(BROKEN, "CommonModules/М/Ext/Module.bsl")
        said = self.lint("src", "--format", "json", "--format", "sarif=a.sarif", "--format", "sonar=b.json", "--format", "gitlab=c.json",
                         "--format", "junit=d.xml", "--format", "text=e.txt", "--lang", "en")
        self.assertEqual(said.returncode, 1, said.stderr)
        own = json.loads(said.stdout)["findings"]
        self.assertEqual([each["rule_id"] for each in own], ["missing-export-doc", "message-to-user", "empty-except"])
        self.assertEqual([each["ruleId"] for each in self.load("a.sarif")["runs"][0]["results"]], [each["rule_id"] for each in own])
        self.assertEqual([each["ruleId"] for each in self.load("b.json")["issues"]], [each["rule_id"] for each in own])
        self.assertEqual([each["fingerprint"] for each in self.load("c.json")], [each["fingerprint"] for each in own])
        self.assertEqual({each["location"]["path"] for each in self.load("c.json")}, {"src/CommonModules/М/Ext/Module.bsl"})
        self.assertEqual(len(xml.parse(self.path("d.xml")).getroot().findall(".//failure")), len(own))
        with open(self.path("e.txt"), encoding="utf-8") as file:
            self.assertEqual(len(file.readlines()), len(own))

    def test_a_baseline_hides_what_was_there_and_shows_what_is_new(self):
        self.module(BROKEN)
        self.assertEqual(self.lint("src", "--write-baseline", "base.json").returncode, 0)
        with open(self.path("base.json"), "rb") as file:
            first = file.read()
        self.assertEqual(self.lint("src", "--write-baseline", "base.json").returncode, 0)
        with open(self.path("base.json"), "rb") as file:
            self.assertEqual(file.read(), first)
        known = self.lint("src", "--baseline", "base.json", "--fail-on", "info")
        self.assertEqual(known.returncode, 0, known.stdout)
        self.module("// Новая строка.\n\n" + BROKEN)
        self.assertEqual(self.lint("src", "--baseline", "base.json", "--fail-on", "info").returncode, 0)
        self.module(BROKEN.replace("Сообщить(1);", "Сообщить(1);\n\tСообщить(2);"))
        new = self.lint("src", "--baseline", "base.json", "--fail-on", "info")
        self.assertEqual(new.returncode, 1)
        self.assertEqual(new.stdout.count("message-to-user"), 1)

    def test_paths_as_git_quotes_them_and_from_the_repositorys_top_are_understood(self):
        self.module(BROKEN, "Модуль.bsl")
        self.module(BROKEN, "Другой.bsl")
        quoted = '"src/' + "".join(f"\\{byte:03o}" for byte in "Модуль".encode()) + '.bsl"\nreadme.md\n'
        for given, place in ((quoted, self.folder), ("top/src/Модуль.bsl\n", self.folder), ("src/Модуль.bsl\n", self.path("src"))):
            said = self.lint("src" if place == self.folder else ".", "--only-from", "-", stdin=given, cwd=place)
            self.assertEqual(said.returncode, 1, said.stderr)
            self.assertIn("Модуль.bsl:", said.stdout)
            self.assertNotIn("Другой.bsl:", said.stdout)
        self.assertNotIn("readme.md", self.lint("src", "--only-from", "-", stdin=quoted).stderr)

    def test_no_changed_files_are_no_findings_and_a_path_that_names_nothing_is_said(self):
        self.module(BROKEN)
        none = self.lint("src", "--only-from", "-", stdin="")
        self.assertEqual((none.returncode, none.stdout.count("critical empty-except")), (0, 0))
        self.assertIn("no module is at or below 'nosuch'", self.lint("src", "--only", "nosuch").stderr)
        self.module(CLEAN, "Mod.bsl")
        self.assertNotIn("Module.bsl", self.lint("src", "--only", "src/Mod").stdout)

    def test_what_could_not_be_read_is_not_called_clean(self):
        folder = self.path("conf")
        subprocess.run(["cp", "-r", os.path.join(SOURCE, "config/samples/designer"), folder], check=True)
        self.assertEqual(self.lint("conf", "--fail-on", "blocker").returncode, 0)
        os.remove(os.path.join(folder, "CommonModules/АртельСервер.xml"))
        said = self.lint("conf", "--fail-on", "blocker")
        self.assertEqual(said.returncode, 1)
        self.assertIn("could not be read", said.stderr)
        self.assertEqual(self.lint("conf", "--fail-on", "none").returncode, 0)
        os.makedirs(self.path("flat"))
        self.write("flat/Configuration.xml", "<MetaDataObject/>")
        self.write("flat/Catalog.Goods.xml", "<MetaDataObject/>")
        flat = self.lint("flat")
        self.assertEqual(flat.returncode, 2)
        self.assertIn("one flat folder", flat.stderr)

    def test_only_changed_files_are_reported(self):
        self.module(BROKEN, "A.bsl")
        self.module(BROKEN, "B.bsl")
        said = self.lint("src", "--only", "src/A.bsl")
        self.assertIn("src/A.bsl:", said.stdout)
        self.assertNotIn("src/B.bsl:", said.stdout)
        self.assertEqual(self.lint("src", "--only-from", "-", stdin="src/B.bsl\r\nother.txt\n").stdout.count("src/A.bsl:"), 0)

    def test_configurations_in_both_layouts_and_single_files_are_read(self):
        for layout in ("designer", "edt"):
            said = self.lint(os.path.join(SOURCE, "config/samples", layout), "--fail-on", "none", "--format", "json")
            self.assertEqual(said.returncode, 0, said.stderr)
            self.assertTrue(json.loads(said.stdout)["config_name"])
        self.module(BROKEN, "CommonModules/М/Ext/Module.bsl")
        one = self.lint("src/CommonModules/М/Ext/Module.bsl")
        self.assertEqual(one.returncode, 1)
        self.assertIn("src/CommonModules/М/Ext/Module.bsl:5:2: critical empty-except", one.stdout)

    def test_the_list_of_rules_has_both_languages(self):
        self.assertIn("| `query-in-loop` | critical | bug | on | Запрос в цикле |", self.lint("--list-rules").stdout)
        self.assertIn("Query inside a loop", self.lint("--list-rules", "--lang", "en").stdout)

    def test_an_interrupted_run_leaves_nothing_behind(self):
        for number in range(400):
            self.module(BROKEN * 200, f"M{number}.bsl")
        running = subprocess.Popen([os.path.join(BIN, "artel"), "lint", "src"], cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                   env=dict(self.environment, TMPDIR=self.temporary()))
        wait_for("it works", lambda: os.listdir(self.temporary()) or running.poll() is not None)
        running.send_signal(signal.SIGINT)
        running.communicate(timeout=60)
        self.assertIn(running.returncode, (5, 1))  # 1: it had just finished
        self.assert_nothing_left()


if __name__ == "__main__":
    unittest.main(verbosity=2)
