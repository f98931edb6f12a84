"""What a test reports for readers is printed below the results, also when tests run in several processes."""

from __future__ import annotations

import pytest

REPORT = "report"  #: a test records its lines under this name, by `record_property`


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for result in terminalreporter.getreports("passed"):
        for name, text in result.user_properties:
            if name == REPORT:
                terminalreporter.write_line(str(text))
