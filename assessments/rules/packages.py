"""Office and OpenDocument files, which are zips: what they hold by their list, and what they call by a few parts."""

import io
import re
import zipfile
from collections.abc import Mapping
from itertools import pairwise

from assessments.rules.package_parts import check_parts, main_part
from assessments.rules.unacceptable import UnacceptableFile

MOST_PARTS = 10_000
# Declared sizes; a text of an office file shrinks to a twentieth, rarely less.
MOST_UNPACKED = 500_000_000
MOST_RATIO = 200
SMALL_PART = 5_000_000
READ = 512_000
IS_ENCRYPTED = 0x1
OFFICE = "application/vnd.openxmlformats-officedocument."
# What the list of types calls the main part → the kind of the whole, and where that part usually is.
MAIN_PARTS: Mapping[bytes, tuple[str, str]] = {
    b"wordprocessingml.document.main+xml": (f"{OFFICE}wordprocessingml.document", "word/document.xml"),
    b"spreadsheetml.sheet.main+xml": (f"{OFFICE}spreadsheetml.sheet", "xl/workbook.xml"),
    b"presentationml.presentation.main+xml": (f"{OFFICE}presentationml.presentation", "ppt/presentation.xml"),
}
OPEN_DOCUMENTS = frozenset(
    {"application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.spreadsheet"}
)
MACRO_PART = re.compile(r"vbaproject\.bin$|vbadata\.xml$|/macrosheets/.+|^(basic|scripts)/.+", re.IGNORECASE)
RUNNING_PART = re.compile(
    r"(\.(exe|dll|com|scr|bat|cmd|ps1|vbs|vbe|js|jse|wsf|hta|jar|class|sh|msi|lnk|cpl|xlsm|docm|pptm)"
    r"|activex\d*\.(bin|xml))$",
    re.IGNORECASE,
)
# The end of a package, which says where its list begins; the list of a file of this size holds in this many bytes.
END, END_SIZE = b"PK\x05\x06", 22
LONGEST_LIST = 2_000_000


def package_type(content: bytes) -> str:
    """The media type of an office file. Raises `UnacceptableFile` for any other zip, or one with something to run."""
    _check_end(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            _check_list(package, len(content))
            opened = _open_document(package, content)
            kind, main = (opened, "content.xml") if opened else _office(package)
            check_parts(package, main)
            return kind
    except UnacceptableFile:
        raise
    except Exception:  # what a list that lies makes the library raise is open-ended
        raise UnacceptableFile("damaged") from None


def _check_end(content: bytes) -> None:
    """Before the library reads the whole list, which may name millions of parts in a few megabytes."""
    at = content.rfind(END)
    if at < 0 or len(content) < at + END_SIZE:
        raise UnacceptableFile("damaged")
    if (
        int.from_bytes(content[at + 12 : at + 16], "little") > LONGEST_LIST
        or b"PK\x06\x07" in content[-END_SIZE - 20 :]
    ):
        raise UnacceptableFile("bomb")
    if content[at + END_SIZE :]:
        raise UnacceptableFile("two_in_one")


def _check_list(package: zipfile.ZipFile, size: int) -> None:
    parts = package.infolist()
    names = [part.filename for part in parts]
    if any(part.flag_bits & IS_ENCRYPTED for part in parts):
        raise UnacceptableFile("encrypted")
    unpacked = sum(part.file_size for part in parts)
    swollen = [part for part in parts if part.file_size > max(SMALL_PART, MOST_RATIO * part.compress_size)]
    if not parts or min(part.header_offset for part in parts):
        raise UnacceptableFile("two_in_one")
    if len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED or swollen or _overlap(parts, size):
        raise UnacceptableFile("bomb")
    # Readers that take the first of two parts and those that take the last would not see the same document.
    if len({name.lower() for name in names}) < len(names) or any(map(_is_a_way_out, names)):
        raise UnacceptableFile("damaged")
    if any(MACRO_PART.search(name) for name in names):
        raise UnacceptableFile("macros")
    if any(RUNNING_PART.search(name) for name in names):
        raise UnacceptableFile("program")


def _overlap(parts: list[zipfile.ZipInfo], size: int) -> bool:
    """Parts that share their bytes: a few kilobytes that would unpack to terabytes."""
    spans = sorted((part.header_offset, part.header_offset + 30 + part.compress_size) for part in parts)
    return any(end > start for (_first, end), (start, _last) in pairwise(spans)) or any(end > size for _s, end in spans)


def _is_a_way_out(name: str) -> bool:
    return name.startswith("/") or "\\" in name or "\x00" in name or ".." in name.split("/") or ":" in name


def _beginning(package: zipfile.ZipFile, name: str) -> bytes:
    """At most half a megabyte, whatever the part says of its size."""
    with package.open(name) as part:
        return part.read(READ)


def _open_document(package: zipfile.ZipFile, content: bytes) -> str:
    first = min(package.infolist(), key=lambda part: part.header_offset)
    if first.filename != "mimetype" or first.compress_type != zipfile.ZIP_STORED:
        return ""
    kind = _beginning(package, "mimetype").decode("ascii", "replace").strip()
    if kind not in OPEN_DOCUMENTS or kind.encode() not in content[:200] or "content.xml" not in package.namelist():
        raise UnacceptableFile("archive")
    manifest = _beginning(package, "META-INF/manifest.xml")
    if b"encryption-data" in manifest:
        raise UnacceptableFile("encrypted")
    return kind


def _office(package: zipfile.ZipFile) -> tuple[str, str]:
    """Its media type, and the part that holds the document."""
    if "[Content_Types].xml" not in package.namelist():
        raise UnacceptableFile("archive")
    types = _beginning(package, "[Content_Types].xml")
    if b"macroenabled" in types.lower() or b"vbaproject" in types.lower():
        raise UnacceptableFile("macros")
    kinds = [part for part in MAIN_PARTS if part in types]
    if len(kinds) != 1:
        raise UnacceptableFile("archive")
    kind, usual = MAIN_PARTS[kinds[0]]
    main = main_part(types, kinds[0].decode()) or usual
    if main.lower() not in {name.lower() for name in package.namelist()}:
        raise UnacceptableFile("damaged")
    return kind, main
