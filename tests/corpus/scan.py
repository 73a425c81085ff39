#!/usr/bin/env python3
"""scan.py PATH > TRUTH.json: counts a 1C configuration with regular expressions and the standard XML reader alone, line by
line, knowing nothing of the analysis: a second opinion on it for `run`. Slow (a minute for a million lines), and edges are
syntactic, so a lower bound."""

import json
import os
import re
import sys
import xml.etree.ElementTree as xml
from collections import Counter

KINDS = {  # folder: (kind, collections in code)
    "Catalogs": ("Catalog", "Справочники"), "Documents": ("Document", "Документы"), "Enums": ("Enum", "Перечисления"),
    "InformationRegisters": ("InformationRegister", "РегистрыСведений"),
    "AccumulationRegisters": ("AccumulationRegister", "РегистрыНакопления"),
    "AccountingRegisters": ("AccountingRegister", "РегистрыБухгалтерии"),
    "CalculationRegisters": ("CalculationRegister", "РегистрыРасчета"),
    "ChartsOfCharacteristicTypes": ("ChartOfCharacteristicTypes", "ПланыВидовХарактеристик"),
    "ChartsOfAccounts": ("ChartOfAccounts", "ПланыСчетов"),
    "ChartsOfCalculationTypes": ("ChartOfCalculationTypes", "ПланыВидовРасчета"),
    "ExchangePlans": ("ExchangePlan", "ПланыОбмена"), "BusinessProcesses": ("BusinessProcess", "БизнесПроцессы"),
    "Tasks": ("Task", "Задачи"), "DataProcessors": ("DataProcessor", "Обработки"), "Reports": ("Report", "Отчеты"),
    "Constants": ("Constant", "Константы"), "DocumentJournals": ("DocumentJournal", "ЖурналыДокументов"),
    "Sequences": ("Sequence", "Последовательности"), "FilterCriteria": ("FilterCriterion", "КритерииОтбора"),
    "SettingsStorages": ("SettingsStorage", "ХранилищаНастроек"),
}
QUERY = re.compile(r"(?<!\w)(ВЫБРАТЬ|SELECT)(?!\w)", re.I)
DIRECTIVE = re.compile(r"^\s*&([^\W\d]\w*)", re.M)
METHOD = re.compile(r"(?<![.\w])(?:(Асинх|Async)\s+)?(Процедура|Procedure|Функция|Function)\s+(\w+)\s*\(", re.I)
END = re.compile(r"(?<![.\w])(КонецПроцедуры|EndProcedure|КонецФункции|EndFunction)(?!\w)", re.I)
EXPORT = re.compile(r"\s*(Экспорт|Export)(?!\w)", re.I)
SINGULAR = {  # in queries and full names
    "Справочник": "Catalog", "Документ": "Document", "Перечисление": "Enum", "РегистрСведений": "InformationRegister",
    "РегистрНакопления": "AccumulationRegister", "РегистрБухгалтерии": "AccountingRegister", "РегистрРасчета": "CalculationRegister",
    "ПланВидовХарактеристик": "ChartOfCharacteristicTypes", "ПланСчетов": "ChartOfAccounts",
    "ПланВидовРасчета": "ChartOfCalculationTypes", "ПланОбмена": "ExchangePlan", "БизнесПроцесс": "BusinessProcess",
    "Задача": "Task", "Обработка": "DataProcessor", "Отчет": "Report", "Константа": "Constant",
    "ЖурналДокументов": "DocumentJournal", "Последовательность": "Sequence", "КритерийОтбора": "FilterCriterion",
}
DOTTED = re.compile(r"(?<![.\w&])([^\W\d]\w*)\s*\.\s*([^\W\d]\w*)\s*(\(?)")


def local(tag):
    return tag.rsplit("}", 1)[-1]


def read(path):
    with open(path, "rb") as file:
        data = file.read()
    return None if data.startswith(b"\xff\xff\xff\x7f") else data.decode("utf-8-sig", errors="replace")


def bare(text):
    """Code with strings as "" and comments and preprocessor lines blank; as many lines as before; the strings' texts; how many
    of them have several lines, how many are queries."""
    lines, strings, several, queries = [], [], 0, 0
    in_string, literal, spans, deleted = False, "", False, False
    for line in re.split("\r\n|\r|\n", text):
        word = re.match(r"\s*#\s*(\w+)", line)
        word = word[1].lower() if word else ""
        if deleted or word in ("удаление", "delete"):
            deleted = word not in ("конецудаления", "enddelete")
            lines.append("")
            continue
        made, at = "", 0
        if in_string:
            start = re.match(r"\s*\|", line)
            if not start:  # a comment or an empty line between the parts of a string
                lines.append("")
                continue
            at, spans, literal = start.end(), True, literal + "\n"
        elif word:
            lines.append("")
            continue
        while at < len(line):
            if in_string:
                part = re.compile(r'(?:[^"]|"")*').match(line, at)
                literal, at = literal + part[0], part.end()
                if at < len(line):
                    in_string, at, made = False, at + 1, made + '"'
                    strings.append(literal)
                    several += spans
                    queries += bool(QUERY.search(literal))
            elif line[at] == '"':
                in_string, literal, spans, at, made = True, "", False, at + 1, made + '"'
            elif line.startswith("//", at):
                break
            else:
                part = re.compile(r'[^"/]+|/').match(line, at)
                made, at = made + part[0], part.end()
        lines.append(made)
    return "\n".join(lines), strings, several, queries


def signature_end(code, at):
    depth = 0
    for i in range(at, len(code)):
        depth += (code[i] == "(") - (code[i] == ")")
        if depth == 0:
            return i
    return len(code) - 1


class Module:
    def __init__(self, path, owner, name, text):
        self.path, self.owner, self.name = path, owner, name
        self.code, self.strings, self.several, self.queries = bare(text)
        self.dates = len(re.findall(r"'[^'\n]*'", re.sub(r'"[^"\n]*"', "", self.code)))
        self.methods = []  # (kind, name, exported, async, lines of the signature, parameters, body start, body end, line)
        for found in METHOD.finditer(self.code):
            close = signature_end(self.code, found.end() - 1)
            inside = self.code[found.end():close]
            end = END.search(self.code, close)
            export = EXPORT.match(self.code, close + 1)
            last = export.end() if export else close
            self.methods.append({"function": found[2].lower() in ("функция", "function"), "name": found[3], "export": bool(export),
                                 "async": bool(found[1]), "several": "\n" in self.code[found.start(2):last],
                                 "parameters": [p for p in split(inside) if p.strip()],
                                 "from": close, "to": end.start() if end else len(self.code)})


def split(inside):
    parts, depth = [""], 0
    for char in re.sub(r'"[^"]*"', '""', inside):
        depth += (char in "([") - (char in ")]")
        if char == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += char
    return parts


def objects_of(root, edt):
    """Full names that the configuration lists, and descriptors by full name."""
    top = xml.parse(os.path.join(root, "Configuration/Configuration.mdo" if edt else "Configuration.xml")).getroot()
    listed = []
    if edt:
        for child in top:
            if re.fullmatch(r"\w+\.\w+", (child.text or "").strip()) and child.text.split(".")[0].lower()[:3] == local(child.tag).lower()[:3]:
                listed.append(child.text.strip())
            elif local(child.tag) == "languages":
                listed.append("Language." + child.findtext("name"))
    else:
        children = [c for c in top[0] if local(c.tag) == "ChildObjects"][0]
        listed = [local(c.tag) + "." + c.text.strip() for c in children]
    return listed


def metadata_counts(root, edt, kind, folder, names):
    counts = Counter()
    for name in names:
        path = os.path.join(root, folder, name, name + ".mdo") if edt else os.path.join(root, folder, name + ".xml")
        top = xml.parse(path).getroot()
        if edt:
            for child in top:
                counts[{"attributes": "attributes", "tabularSections": "tabular_sections", "forms": "forms", "commands": "commands",
                        "dimensions": "dimensions", "resources": "resources"}.get(local(child.tag), "")] += 1
                if local(child.tag) == "tabularSections":
                    counts["columns"] += len(child.findall("attributes"))
            counts["posting"] += kind == "Document" and top.findtext("posting", "" if top.findtext("objectBelonging") else "Allow") == "Allow"
        else:
            for part in top[0]:
                if local(part.tag) == "Properties":
                    counts["posting"] += any(local(p.tag) == "Posting" and p.text == "Allow" for p in part)
                if local(part.tag) != "ChildObjects":
                    continue
                for child in part:
                    counts[{"Attribute": "attributes", "TabularSection": "tabular_sections", "Form": "forms", "Command": "commands",
                            "Dimension": "dimensions", "Resource": "resources"}.get(local(child.tag), "")] += 1
                    if local(child.tag) == "TabularSection":
                        counts["columns"] += sum(local(c.tag) == "Attribute" for g in child if local(g.tag) == "ChildObjects" for c in g)
    return counts


def find_root(path):
    for below in ("", "src", "src/cf", "cf"):
        root = os.path.join(path, below)
        if os.path.exists(os.path.join(root, "Configuration/Configuration.mdo")):
            return root, True
        if os.path.exists(os.path.join(root, "Configuration.xml")):
            return root, False
    sys.exit(f"scan.py: no configuration in {path}; give the folder of a project or of a configuration")


def modules_of(root, listed):
    kinds = {folder: kind for folder, (kind, _) in KINDS.items()}
    for name in listed:
        kind = name.split(".")[0]
        for folder in (kind + "s", kind[:-1] + "ies", kind):
            if os.path.isdir(os.path.join(root, folder)):
                kinds.setdefault(folder, kind)
    for folder, _, files in os.walk(root):
        for file in sorted(files):
            if not file.endswith(".bsl"):
                continue
            parts = os.path.relpath(folder, root).split(os.sep)
            owner = kinds.get(parts[0], parts[0]) + "." + parts[1] if len(parts) > 1 else "Configuration"
            text = read(os.path.join(folder, file))
            yield Module(os.path.relpath(os.path.join(folder, file), root), owner, file[:-4], text or "")


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: scan.py PATH > TRUTH.json")
    root, edt = find_root(sys.argv[1])
    listed = objects_of(root, edt)
    modules = list(modules_of(root, listed))
    found = {"total_objects": len(listed), "modules": len(modules)}
    texts = [read(os.path.join(root, m.path)) or "" for m in modules]
    methods = [m for module in modules for m in module.methods]
    found["functions"] = sum(m["function"] for m in methods)
    found["procedures"] = len(methods) - found["functions"]
    found["exports"] = sum(m["export"] for m in methods)
    found["async"] = sum(m["async"] for m in methods)
    found["multi_line_signatures"] = sum(m["several"] for m in methods)
    parameters = [p for m in methods for p in m["parameters"]]
    found["parameters"] = len(parameters)
    found["by_value"] = sum(bool(re.match(r"\s*(Знач|Val)\s", p, re.I)) for p in parameters)
    found["with_default"] = sum("=" in p for p in parameters)
    found["strings"] = sum(len(m.strings) for m in modules)
    found["multiline_strings"] = sum(m.several for m in modules)
    found["query_strings"] = sum(m.queries for m in modules)
    found["date_literals"] = sum(m.dates for m in modules)
    line = lambda word: sum(len(re.findall(r"^[ \t]*#[ \t]*(?:" + word + r")(?!\w)", t.replace("\r", "\n"), re.M | re.I)) for t in texts)
    found["regions"] = line("Область|Region")
    found["preprocessor_if"], found["preprocessor_else"] = line("Если|If"), line("Иначе|Else")
    found["preprocessor_elsif"] = line("ИначеЕсли|ElsIf")
    directives = Counter(d for m in modules for d in DIRECTIVE.findall(m.code))
    found["directives"] = dict(sorted(directives.items()))
    names = {}
    for each in listed:
        names.setdefault(each.split(".")[0], []).append(each.split(".", 1)[1])
    for folder, kind in (("Catalogs", "Catalog"), ("Documents", "Document"), ("InformationRegisters", "InformationRegister")):
        counts = metadata_counts(root, edt, kind, folder, names.get(kind, []))
        counts.pop("", None)
        if kind != "Document":
            counts.pop("posting", None)
        found[folder] = dict(sorted(counts.items()))
    exports = {m.owner.split(".", 1)[1].lower(): {x["name"].lower() for x in m.methods if x["export"]}
               for m in modules if m.owner.startswith("CommonModule.")}
    spelled = {name.lower(): name for name in names.get("CommonModule", [])}
    collections = {}
    for folder, (kind, russian) in KINDS.items():
        collections[folder.lower()] = collections[russian.lower()] = {n.lower(): kind + "." + n for n in names.get(kind, [])}
    singular = {}
    for russian, kind in SINGULAR.items():
        singular[russian.lower()] = singular[kind.lower()] = {n.lower(): kind + "." + n for n in names.get(kind, [])}
    calls, modules_used, methods_used, objects_used = 0, set(), set(), set()
    for module in modules:
        own = module.owner.split(".", 1)[-1].lower() if module.owner.startswith("CommonModule.") else ""
        for use in DOTTED.finditer(module.code):
            first, second = use[1].lower(), use[2].lower()
            if use[3] and second in exports.get(first, ()) and first != own:
                calls += 1
                modules_used.add((module.owner, "CommonModule." + spelled.get(first, use[1])))
                inside = [m for m in module.methods if m["from"] <= use.start() < m["to"]]
                if inside:
                    methods_used.add((module.path, inside[-1]["name"].lower(), first + "." + second))
            elif use[3] and second in exports.get(first, ()):
                calls += 1
            target = collections.get(first, {}).get(second)
            if target and target != module.owner:
                objects_used.add((module.owner, target))
        for text in filter(QUERY.search, module.strings):
            for use in DOTTED.finditer(re.sub("//.*", "", text)):
                target = singular.get(use[1].lower(), {}).get(use[2].lower())
                if target and target != module.owner:
                    objects_used.add((module.owner, target))
    found["edges"] = {"call_sites": calls, "code_to_common_module": sorted(map(list, modules_used)),
                      "code_to_object": sorted(map(list, objects_used)), "method_to_method": sorted(map(list, methods_used))}
    json.dump(found, sys.stdout, ensure_ascii=False, indent=1)


if __name__ == "__main__":
    main()
