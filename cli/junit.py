"""What came of scenarios as JUnit's XML, which build servers read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from xml.etree.ElementTree import Element, ElementTree, SubElement

from orderloom.adapters.scenarios.run import ScenarioResult

_NEVER = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_junit(file: Path, results: Sequence[ScenarioResult]) -> None:
    """A test case for each scenario, by the file in which it stands. Raises OSError."""
    failed = sum(not result.passed for result in results)
    root = Element("testsuites", tests=str(len(results)), failures=str(failed))
    suite = SubElement(root, "testsuite", name="orderloom test", tests=str(len(results)), failures=str(failed), errors="0")
    for result in results:
        path, _, line = _readable(result.origin).rpartition(":")
        case = SubElement(suite, "testcase", name=_readable(result.name), classname=path, file=path, line=line)
        if not result.passed:
            told = "\n".join(f"{failure.at}: {failure.text}" for failure in result.failures)
            SubElement(case, "failure", message=_readable(result.failures[0].text)).text = _readable(told)
    ElementTree(root).write(file, encoding="unicode", xml_declaration=True)


def _readable(text: str) -> str:
    """The text without the characters that XML cannot hold."""
    return _NEVER.sub("", text)
