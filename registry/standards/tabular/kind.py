"""What a file is, from its first bytes and never from its name."""

import re
from typing import Literal

from registry.standards.tabular.table import UnreadableFile

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Directory entries of an OLE container are UTF-16.
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_NOT_TEXT = (
    b"%PDF",
    b"\x1f\x8b",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"7z\xbc\xaf",
    b"Rar!",
    b"BZh",
    b"{\\rtf",
    b"RIFF",
)
_MARKUP = re.compile(rb"\s*<(?:\?xml|!doctype|html|table|meta|head|body|workbook)\b", re.IGNORECASE)
_JSON = re.compile(rb"\s*(?:\{\s*[\"}]|\[\s*[\[{\"\]])")


def find_kind(content: bytes) -> Literal["csv", "xlsx"]:
    """`xlsx` for any zip (the workbook reader says what is inside), `csv` for text; anything else is refused."""
    if not content.strip(b"\x00\t\r\n \xef\xbb\xbf\xff\xfe"):
        raise UnreadableFile("empty_file")
    if content[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return "xlsx"
    if content.startswith(_OLE):
        raise UnreadableFile("encrypted" if _ENCRYPTED_PACKAGE in content else "old_xls")
    start = content[:2048].removeprefix(b"\xef\xbb\xbf")
    if start.startswith(_NOT_TEXT) or _MARKUP.match(start) or _JSON.match(start):
        raise UnreadableFile("not_a_table")
    return "csv"
