"""XML without surprises: no document types, so no entities; elements by their local name."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError, XMLParser

from msgspec import Struct

MAX_LENGTH = 20_000_000


class DmnProblem(Struct, frozen=True):
    """What could not be taken over, and the name of the decision that it stands in; empty for the whole text."""

    code: str
    message: str
    hint: str = ""
    decision: str = ""


def parse_xml(text: str) -> tuple[Element | None, tuple[DmnProblem, ...]]:
    """The root element, or None and why not."""
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        return None, (DmnProblem("E861", "the model declares a document type", "DMN needs none; remove it"),)
    if len(text) > MAX_LENGTH:
        return None, (DmnProblem("E861", f"the model is longer than {MAX_LENGTH:,} characters"),)
    parser = XMLParser()
    try:
        parser.feed(text)
        return parser.close(), ()
    except ParseError as error:
        return None, (DmnProblem("E861", f"this is no XML: {error}"),)


def local(element: Element) -> str:
    """The element's name without namespace: the versions of DMN differ in that alone."""
    return element.tag.rpartition("}")[2]


def children(element: Element, name: str) -> Iterator[Element]:
    return (child for child in element if local(child) == name)


def child(element: Element, name: str) -> Element | None:
    return next(children(element, name), None)


def text_in(element: Element | None, *path: str) -> str:
    """The text of the element at the end of the path, without the white space around; empty when there is none."""
    for name in path:
        element = child(element, name) if element is not None else None
    return (element.text or "").strip() if element is not None else ""
