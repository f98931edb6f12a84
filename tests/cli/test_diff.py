"""`orderloom diff` over folders, packs and revisions of git, as text, JSON and Markdown."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from orderloom.dsl.packs import pack_sources

Run = Callable[..., Result]

ZONES = next(source.text for source in pack_sources("retail") if source.path.endswith("parcel-rates.yaml"))
OTHER = ZONES.replace("(300..600] ", "(300..550] ").replace("(600..1000]", "(550..1000]")


@pytest.fixture
def versioned(shop: Path) -> Path:
    """A workspace with rates of its own, which git has in its first revision."""
    (shop / "rules/parcel-rates.yaml").write_text(ZONES)
    (shop / "link.yaml").symlink_to("/etc/passwd")
    git(shop, "init", "-q", "-b", "main")
    git(shop, "add", ".")
    git(shop, "commit", "-q", "-m", "first")
    return shop


def git(folder: Path, *words: str) -> None:
    who = ("-c", "user.name=Ann", "-c", "user.email=ann@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(["git", "-C", str(folder), *who, *words], check=True, capture_output=True)


def test_nothing_differs_from_itself(run: Run, versioned: Path) -> None:
    for sides in ((versioned, versioned), ("retail", "retail")):
        result = run("diff", *sides)
        assert (result.exit_code, result.output) == (0, f"{sides[0]} -> {sides[1]}: no difference in behaviour\n")
    assert run("diff", "HEAD", versioned, "--dir", versioned).exit_code == 0


def test_a_revision_against_the_folder(run: Run, versioned: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (versioned / "rules/parcel-rates.yaml").write_text(OTHER)
    monkeypatch.chdir(versioned)
    result = run("diff", "HEAD")
    assert result.exit_code == 1
    assert result.output == (
        "HEAD -> .: 1 decides otherwise\n\n"
        "decision parcel-zone  (rules/parcel-rates.yaml:3)\n"
        "  miles (550..600]: {zone: 4, rate_per_lb: 0.66645, ground_days: 2, two_day_days: 2} -> "
        "{zone: 5, rate_per_lb: 0.8558, ground_days: 3, two_day_days: 2}\n"
        "    for example miles = 600\n"
        "    was rules/parcel-rates.yaml:12, now rules/parcel-rates.yaml:13\n"
        "  asked by promising retail: zone\n"
    )
    assert "zone: 5" in run("decide", "parcel-zone", "-i", "miles=600").output
    git(versioned, "stash", "-q")
    assert "zone: 4" in run("decide", "parcel-zone", "-i", "miles=600").output


def test_two_revisions_in_a_folder_below(run: Run, versioned: Path, tmp_path: Path) -> None:
    (versioned / "rules/parcel-rates.yaml").write_text(OTHER)
    git(versioned, "commit", "-q", "-a", "-m", "second")
    result = run("diff", "HEAD~1", "HEAD", "--dir", versioned, "--format", "json")
    found = json.loads(result.output)
    assert result.exit_code == 1 and found["differs"]
    assert [each["what"] for each in found["decides"]] == ["decision parcel-zone"]
    assert found["decides"][0]["verdict"]["cases"][0]["given"] == {"miles": "600"}
    (tmp_path / "repo").mkdir()
    versioned.rename(tmp_path / "repo/shop")
    (tmp_path / "repo/shop/.git").rename(tmp_path / "repo/.git")
    git(tmp_path / "repo", "add", "-A")
    git(tmp_path / "repo", "commit", "-q", "-m", "moved")
    assert run("diff", "HEAD", "HEAD:shop", "--dir", tmp_path / "repo/shop").exit_code == 0
    assert run("diff", "HEAD~2:", "HEAD", "--dir", tmp_path / "repo/shop").exit_code == 1


def test_markdown_is_for_a_review(run: Run, versioned: Path) -> None:
    (versioned / "rules/parcel-rates.yaml").write_text(OTHER)
    lines = run("diff", "HEAD", versioned, "--dir", versioned, "--format", "markdown").output.splitlines()
    assert lines[0] == f"## `HEAD` → `{versioned}`: 1 decides otherwise"
    assert "| when | before | after | for example | rows |" in lines
    assert any(line.startswith("| `miles (550..600]` | `{zone: 4,") for line in lines)


@pytest.mark.parametrize(
    ("name", "because"),
    [
        ("nowhere", "nowhere: "),
        ("", "a version without a name"),
        ("--output=x", "No such option"),
        ("HEAD:rules", "there is no orderloom.yaml in HEAD:rules"),
        ("../nope", "there is no folder or revision ../nope"),
    ],
)
def test_what_is_no_version_is_refused(run: Run, versioned: Path, name: str, because: str) -> None:
    result = run("diff", name, versioned, "--dir", versioned)
    assert result.exit_code == 2 and because in result.output


def test_a_version_with_errors_cannot_be_compared(run: Run, versioned: Path) -> None:
    (versioned / "rules/parcel-rates.yaml").write_text(ZONES.replace("<= 150", "<< 150"))
    result = run("diff", "HEAD", versioned, "--dir", versioned)
    assert result.exit_code == 2 and "has errors" in result.output and "parcel-rates.yaml:10" in result.output


def test_a_setting_that_stands_nowhere_has_no_empty_place(run: Run, versioned: Path) -> None:
    manifest = versioned / "orderloom.yaml"
    manifest.write_text(manifest.read_text().replace("currency: USD", "currency: EUR"))
    for form in ("text", "markdown"):
        result = run("diff", "HEAD", versioned, "--dir", versioned, "--format", form)
        assert result.exit_code == 1 and "currency: USD -> EUR\n" in result.output, result.output
