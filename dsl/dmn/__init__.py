"""Decisions in and out of DMN 1.5 models, as modelers keep them."""

from orderloom.dsl.dmn.document import Document, document_of, yaml_of
from orderloom.dsl.dmn.read import dmn_import
from orderloom.dsl.dmn.required import with_required
from orderloom.dsl.dmn.write import dmn_export
from orderloom.dsl.dmn.xml import DmnProblem

__all__ = ["DmnProblem", "Document", "dmn_export", "dmn_import", "document_of", "with_required", "yaml_of"]
