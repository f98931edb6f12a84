"""What makes scenarios a habit: coverage, JUnit, running again when a file is saved, boundary cases."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import Result

from orderloom.adapters.scenarios.play import Failure
from orderloom.adapters.scenarios.run import ScenarioResult
from orderloom.cli.again import watch
from orderloom.cli.junit import write_junit
from orderloom.cli.workspace import open_for_orders
from orderloom.dsl.packs import pack_sources

Run = Callable[..., Result]


def test_coverage_has_tables_that_expressions_call_and_rules(run: Run, shop: Path) -> None:
    run("test", shop, "--pack")  # what fired in another run of the same rules does not count
    found = json.loads(run("test", shop, "--format", "json").output)["coverage"]
    of = {(share["of"], share["kind"]): share for share in found}
    zone = of["parcel-zone", "rows"]
    assert 0 < zone["all"] - len(zone["missed"]) < zone["all"] == 7
    assert zone["percent"] == 100 * (7 - len(zone["missed"])) // 7
    missed = {each["what"]: each["at"] for each in of["cheapest", "rules"]["missed"]}
    path, line = missed["exclude: a store does not ship oversize items"].split(":")
    assert "oversize" in (shop / path).read_text().splitlines()[int(line) - 1]
    assert "service hand-over" not in {each["what"] for each in of["retail", "rules"]["missed"]}
    assert {each["what"] for each in of["holds", "rules"]["missed"]} == {"hold amount-review", "hold fraud-review"}
    text = run("test", shop, "--coverage", "--missed").output
    assert f"parcel-zone         rows           {7 - len(zone['missed'])}    7" in text
    assert "row 7 of parcel-zone" in text
    missing = [line.split(":")[0].strip() for line in text.splitlines() if line.startswith("        ")]
    own = [(shop / path).exists() for path in missing]
    assert own == sorted(own, reverse=True) and {True, False} == set(own)  # the workspace's own first


def test_what_needs_no_scenario_goes_on_where_one_is_broken(run: Run, shop: Path) -> None:
    (shop / "items.csv").write_text("id,title,weight,unit_price,unit_cost\nTEE,T-shirt,0.4,20,8\n")
    (shop / "scenarios" / "odd.yaml").write_text("kind: scenario\nname: odd\nclok: never\n")
    assert run("validate", shop).exit_code == 1
    done = run("import", "items", shop / "items.csv", "--dir", shop)
    assert done.exit_code == 0 and "left out, as orderloom validate finds mistakes there: scenarios/odd.yaml" in done.output
    assert run("work", "--once", "--dir", shop).exit_code == 0
    (shop / "scenarios" / "more.yaml").write_text("kind: decision\nname: more\ngiven: { a: number }\nvalue: a\n")
    assert "more" in open_for_orders(shop).program.decisions  # whatever folder it is in
    (shop / "rules" / "odd.yaml").write_text("kind: decision\nname: odd\n")
    assert "rules/odd.yaml" in (stopped := run("import", "items", shop / "items.csv", "--dir", shop)).output
    assert stopped.exit_code == 1


def test_junit_has_a_case_for_each_scenario(run: Run, shop: Path) -> None:
    file = shop / "scenarios/pickup.yaml"
    file.write_text(file.read_text().replace("order.status: delivered", "order.status: lost <in space>", 1))
    result = run("test", shop, "--junit", shop / "out.xml")
    assert result.exit_code == 1
    suite = ElementTree.parse(shop / "out.xml").getroot()[0]
    assert suite.attrib["tests"] == "4" and suite.attrib["failures"] == "1"
    [failed] = [case for case in suite if len(case)]
    assert failed.attrib["file"] == "scenarios/pickup.yaml"
    assert failed[0].attrib["message"] == "order.status: expected lost <in space>, found delivered"


def test_junit_is_xml_whatever_a_scenario_is_called(tmp_path: Path) -> None:
    name = "a\x1b[31m\x00<b> & \ufffe \U0001f600"
    write_junit(tmp_path / "out.xml", [ScenarioResult(name, "", "scenarios/a\x07.yaml:3", (), (Failure("1", "\x08lost"),), ())])
    case = ElementTree.parse(tmp_path / "out.xml").getroot()[0][0]
    assert (case.attrib["name"], case.attrib["file"]) == ("a[31m<b> &  \U0001f600", "scenarios/a.yaml")


@pytest.mark.parametrize("more", [("--junit", "x.xml", "--coverage"), ("--only", "a"), ("--missed",), ("--watch",)])
def test_what_is_about_scenarios_is_refused_where_a_table_is_shown(run: Run, shop: Path, more: tuple[str, ...]) -> None:
    done = run("test", shop, "--boundaries", "parcel-zone", *more)
    assert done.exit_code == 2 and "--boundaries runs no scenarios; leave out" in done.output
    assert all(option in done.output for option in more if option.startswith("--"))


def test_a_list_that_is_not_as_expected_is_set_against_what_is_there(run: Run, shop: Path) -> None:
    file = shop / "scenarios/pickup.yaml"
    text = file.read_text()
    file.write_text(text[: text.index("then:")] + "then:\n  - units: [{ unit: 1 }, { unit: 9, status: lost }]\n")
    lines = run("test", shop, "--only", "collected in time").output.splitlines()
    at = next(number for number, line in enumerate(lines) if "units: expected 2, found 1" in line)
    assert lines[at + 1].strip().startswith("{ unit: 1, node:")
    assert lines[at + 2].strip() == "- { unit: 9, status: lost }"


def test_it_runs_again_when_a_file_is_another(shop: Path, capsys) -> None:
    runs: list[int] = []
    file = shop / "scenarios/pickup.yaml"

    def pause(_: float) -> None:
        if len(runs) == 1:
            file.write_text(file.read_text() + "\n# more\n")
        elif len(runs) == 2:
            (shop / "rules/new.yaml").write_text("kind: decision\nname: late-fee\nvalue: 5\n")
        else:
            raise KeyboardInterrupt

    watch(shop, lambda: runs.append(1), pause)
    assert len(runs) == 3
    assert capsys.readouterr().out == "\nscenarios/pickup.yaml changed\n\nrules/new.yaml changed\n\n"


def test_a_workspace_that_breaks_while_it_is_watched_is_waited_for(shop: Path) -> None:
    runs: list[int] = []

    def broken() -> None:
        runs.append(1)
        raise SystemExit(1)

    def pause(_: float) -> None:
        if len(runs) > 1:
            raise KeyboardInterrupt
        (shop / "rules/new.yaml").write_text("kind: nonsense\n")

    watch(shop, broken, pause)
    assert len(runs) == 2


def test_boundary_cases_stand_at_each_side_of_every_edge(run: Run, shop: Path) -> None:
    rows = json.loads(run("test", shop, "--boundaries", "parcel-zone", "--format", "json").output)
    miles = [row["miles"] for row in rows]
    assert miles[:5] == ["149", "150", "151", "300", "301"] and miles[-1] == "1801"
    for row in rows:
        asked = json.loads(run("decide", "parcel-zone", "-i", f"miles={row['miles']}", "--dir", shop, "--format", "json").output)
        assert asked["rows"][0]["place"] == row["row"]
    units = json.loads(run("test", shop, "--boundaries", "process-for-unit", "--format", "json").output)
    assert {row["decides"] for row in units} >= {'"pick-up-in-store"', '"ship-to-customer"', '"drop-ship"', '"backorder"'}
    assert any(source.path.endswith("changes.yaml") for source in pack_sources("retail"))
    assert run("test", shop, "--boundaries", "retail").exit_code == 0
    strange = run("test", shop, "--boundaries", "parcel-zon")
    assert strange.exit_code == 2 and "did you mean parcel-zone?" in strange.output
