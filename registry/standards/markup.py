"""Texts written as HTML → the same texts as paragraphs. What is not the mark-up of a text is left as it stands."""

import re
from html import unescape

from registry.standards.tabular import without_controls

_TEXT_TAGS = (
    "p|br|div|span|ul|ol|li|b|i|u|s|em|strong|small|sub|sup|a|h[1-6]|table|thead|tbody|tr|td|th|font|blockquote"
)
_TAG = re.compile(rf"<(?P<close>/?)(?P<name>{_TEXT_TAGS})(?:[\s/][^<>]{{0,2000}})?>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:nbsp|amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{3,8});", re.IGNORECASE)
_HREF = re.compile(r"""href\s*=\s*["']?(https?://[^\s"'<>]+)""", re.IGNORECASE)
_ENDS_A_LINE = re.compile(r"p|div|li|ul|ol|h[1-6]|tr|table|blockquote", re.IGNORECASE)


def as_plain_text(text: str) -> str:
    """The text alone, the address of a link in parentheses. A tag that no text needs (a script) stays words."""
    if "<" not in text and "&" not in text:
        return text
    addresses: list[str] = []

    def replace(match: re.Match[str]) -> str:
        name, is_closing = match["name"].lower(), bool(match["close"])
        if name == "a":
            return _follow(match[0], is_closing, addresses)
        if name == "br" or (is_closing and _ENDS_A_LINE.fullmatch(name)):
            return "\n"
        if name == "li":
            return "\n- "
        return " " if is_closing and name in {"td", "th"} else ""

    plain = _ENTITY.sub(lambda match: unescape(match[0]), _TAG.sub(replace, text))
    return without_controls(plain)


def _follow(tag: str, is_closing: bool, addresses: list[str]) -> str:
    if not is_closing:
        found = _HREF.search(tag)
        addresses.append(found[1] if found else "")
        return ""
    address = addresses.pop() if addresses else ""
    return f" ({address})" if address else ""
