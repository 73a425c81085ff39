"""The generated index.html in Chromium: every view of it shows what the data says, in both languages, and no script fails."""

import html
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
import urllib.parse

SOURCE = os.environ["ARTEL_SOURCE"]
sys.path.insert(0, os.path.join(SOURCE, "tests/process"))
from cluster import ClusterCase  # noqa: E402  (beside the process tests, which share it)

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update",
         "--disable-sync", "--virtual-time-budget=5000", "--enable-logging=stderr", "--dump-dom"]


class ReportPageTest(ClusterCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pages = {}

    def analyse(self, *more):
        self.artel("run", os.path.join(SOURCE, "config/pipelines/edt_analysis.yaml"), "-p", f"config_path={SOURCE}/config/samples/edt", "-p",
                   f"output_path={self.path('out')}", *more)
        return self.path("out/docs/generated/index.html")

    def shown(self, page, route):
        with tempfile.TemporaryDirectory() as profile:
            ran = subprocess.run(["chromium", *FLAGS, f"--user-data-dir={profile}", "file://" + page + "#/" + urllib.parse.quote(route)],
                                 capture_output=True, text=True, timeout=120, check=False)
        self.assertNotRegex(ran.stderr, "Uncaught|SyntaxError|TypeError|ReferenceError")
        body = ran.stdout[ran.stdout.index("<header"):]
        return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body)))

    def test_every_view_shows_what_the_results_say(self):
        page = self.analyse()
        with open(self.path("out/docs/generated/summary.json"), encoding="utf-8") as file:
            numbers = json.load(file)
        overview = self.shown(page, "overview")
        for label, key in (("Объекты", "total_objects"), ("Методы", "total_functions"), ("Замечаний", "findings")):
            value = numbers[key] + (numbers["total_procedures"] if key == "total_functions" else 0)
            self.assertRegex(overview, rf"\b{value} {label}", overview)
        self.assertIn("Мастерская", self.shown(page, "subsystems"))
        self.assertIn("ГлубокаяВложенность", self.shown(page, "methods"))
        with open(self.path("out/analysis/best_practices_summary.json"), encoding="utf-8") as file:
            rules = json.load(file)["by_rule"]
        practices = self.shown(page, "practices")
        self.assertTrue(rules)
        for rule, count in rules.items():
            self.assertRegex(practices, rf"{rule} {count}\b")
        self.shown(page, "copies")
        catalog = self.shown(page, "o/Catalog.Изделия")
        for text in ("Справочник.Изделия", "Реквизиты", "ФормаЭлемента", "Используется", "ОбщийМодуль.АртельСервер"):
            self.assertIn(text, catalog)

    def test_the_page_begins_in_the_language_that_was_asked_for(self):
        english = self.shown(self.analyse("-p", "docs_lang=en"), "o/Catalog.Изделия")
        self.assertIn("Catalog.Изделия", english)
        self.assertIn("Attributes", english)
        self.assertNotRegex(english, r"\bРеквизиты\b")

    def test_names_and_comments_of_a_configuration_are_never_run(self):
        sources = self.path("sources")
        subprocess.run(["cp", "-r", os.path.join(SOURCE, "config/samples/edt"), sources], check=True)
        descriptor = os.path.join(sources, "src/Catalogs/Изделия/Изделия.mdo")
        with open(descriptor, encoding="utf-8") as file:
            text = file.read()
        evil = "&lt;/script&gt;&lt;script&gt;document.title='run'&lt;/script&gt;&lt;img src=x onerror=document.title='run'&gt;"
        with open(descriptor, "w", encoding="utf-8") as file:
            file.write(re.sub(r"<name>Изделия</name>", f"<name>Изделия</name><comment>{evil}</comment>", text, count=1))
        self.artel("run", os.path.join(SOURCE, "config/pipelines/edt_analysis.yaml"), "-p", f"config_path={sources}", "-p",
                   f"output_path={self.path('out')}")
        shown = self.shown(self.path("out/docs/generated/index.html"), "o/Catalog.Изделия")
        self.assertIn("</script><script>document.title='run'</script>", shown)


if __name__ == "__main__":
    unittest.main(verbosity=2)
