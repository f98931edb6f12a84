"""What would put a finding right, as edits of the text, and files in which all that can be is put right."""

from orderloom.dsl.fixes.by_code import fix_of
from orderloom.dsl.fixes.fix import Edit, Fix, edited, made
from orderloom.dsl.fixes.repair import Repaired, holds, repaired

__all__ = ["Edit", "Fix", "Repaired", "edited", "fix_of", "holds", "made", "repaired"]
