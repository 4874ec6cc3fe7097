"""Adds to the structure tree what WeasyPrint 70 forgets while it still knows the HTML.

The language of a passage, the scope of a table header and the words of a link are in the HTML and nowhere in the PDF
it writes, and it offers no hook: we wrap its tree builder, whose recursion goes through the module's own name. The lock
holds WeasyPrint under 71 and tests/core/test_pdf.py fails if a new version no longer calls the wrapper.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pydyf
from weasyprint.layout.absolute import AbsolutePlaceholder
from weasyprint.pdf import tags

_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_ROOTS = {"html", "body"}
Builder = Callable[..., Iterator[Any]]


def _complete(box: Any, element: Any) -> None:
    source = box.element
    if source is None or box.element_tag in _ROOTS:
        return
    language = source.get("lang", "")
    if _LANGUAGE_TAG.fullmatch(language):
        element["Lang"] = pydyf.String(language)
    if element["S"] == "/TH" and "Scope" not in element["A"]:
        element["A"]["Scope"] = "/Row" if source.get("scope") == "row" else "/Column"
    if box.link_annotation:
        words = " ".join("".join(source.itertext()).split())
        box.link_annotation["Contents"] = pydyf.String(source.get("title") or words or box.link_annotation["Contents"])


def _wrap(build: Builder) -> Builder:
    def build_completed(box: Any, *args: Any) -> Iterator[Any]:
        known = box._box if isinstance(box, AbsolutePlaceholder) else box
        for element in build(box, *args):
            _complete(known, element)
            yield element

    return build_completed


def install() -> None:
    """Wrap the builder once in the life of the process."""
    if tags._build_box_tree.__name__ != "build_completed":
        tags._build_box_tree = _wrap(tags._build_box_tree)
