"""Tables from text, for the tests beside this file."""

from collections.abc import Callable

import pytest

from orderloom.dsl.feel.scope import Scope
from orderloom.dsl.feel.types import ANY, Type
from orderloom.dsl.tables import InputSpec, OutputSpec, Policy, Table, TableProblem, TableSpec, arrange, build, parse_text


def spec_of(text: str, policy: Policy, inputs: dict[str, Type], outputs: list[OutputSpec] | None) -> TableSpec:
    grid, problems = parse_text(text)
    assert grid is not None and not problems
    left, right = grid.headings[: grid.inputs], grid.headings[grid.inputs :]
    declared = [InputSpec(cell.text, inputs.get(cell.text, ANY)) for cell in left]
    results = outputs if outputs is not None else [OutputSpec(cell.text) for cell in right if cell.text != "note"]
    arranged, problems = arrange(grid, [column.name for column in declared], [column.name for column in results])
    assert arranged is not None, problems
    return TableSpec(policy, tuple(declared), tuple(results), arranged.rows, arranged.annotations)


Problems = tuple[TableProblem, ...]


@pytest.fixture
def draw() -> Callable[..., tuple[Table | None, Problems]]:
    """Builds the table that a text draws: `draw(text, policy, inputs=types by name, outputs=specs, scope=...)`."""

    def build_from(
        text: str,
        policy: str = "unique",
        inputs: dict[str, Type] | None = None,
        outputs: list[OutputSpec] | None = None,
        scope: Scope | None = None,
    ) -> tuple[Table | None, Problems]:
        return build(spec_of(text, Policy(policy), inputs or {}, outputs), scope or Scope())

    return build_from
