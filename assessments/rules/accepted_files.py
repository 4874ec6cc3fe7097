"""Which files support an answer: what they are by their content, never by their name alone. Nothing is ever run or
drawn; of a package, its list is read, and in a counted memory the parts that say what it is and what it calls.
"""

import re
from collections.abc import Collection, Mapping
from pathlib import PurePosixPath, PureWindowsPath

from assessments.rules.packages import package_type
from assessments.rules.unacceptable import UnacceptableFile
from core.text import clean_line

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
ODT = "application/vnd.oasis.opendocument.text"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
PNG, JPEG, TEXT, CSV = "image/png", "image/jpeg", "text/plain", "text/csv"

EXTENSIONS: Mapping[str, str] = {
    ".pdf": PDF,
    ".docx": DOCX,
    ".xlsx": XLSX,
    ".pptx": PPTX,
    ".odt": ODT,
    ".ods": ODS,
    ".png": PNG,
    ".jpg": JPEG,
    ".jpeg": JPEG,
    ".txt": TEXT,
    ".csv": CSV,
}
DOCUMENTS = frozenset({PDF, DOCX, ODT})
LONGEST_NAME = 150
# Signs that no name of a file holds on every system; «:» also hides a second file behind the first.
NOT_IN_NAMES = re.compile(r'[<>:"|?*\\/]')
OF_A_WEB_PAGE = re.compile(rb"<(!doctype\s+html|html|head|body|script|svg|iframe|object|embed|\?php|%@)", re.IGNORECASE)
# In the noise of an image, shorter words would be found by chance.
HIDDEN_IN_AN_IMAGE = re.compile(rb"<script|<\?php|<html|<!doctype", re.IGNORECASE)
CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1f]")
# Beginnings of what runs, whatever its name says.
PROGRAMS = (
    b"MZ", b"\x7fELF", b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe", b"#!", b"dex\n", b"\x00asm", b"L\x00\x00\x00\x01\x14\x02\x00", b"!<arch>", b"@echo off",
)  # fmt: skip
ARCHIVES = (
    b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd", b"MSCF",
    b"\x1f\x9d", b"\x04\x22\x4d\x18", b"PK\x05\x06", b"PK\x07\x08", b"LZIP", b"xar!", b"ISc(",
)  # fmt: skip
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PNG_START, PNG_END = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", b"IEND\xaeB`\x82"
BLANKS = " \t\r\n\x0b\x0c\xa0\u200b\u2060\ufeff"
# A program put right behind what ends a document or an image.
PROGRAM_BEHIND_A_PDF = re.compile(rb"%%EOF\s*(MZ|\x7fELF)")
PROGRAM_BEHIND_A_JPEG = re.compile(rb"\xff\xd9\x00*(MZ|\x7fELF|#!/)")
# Readers look for the end of a document there, and so does whoever hides a package behind it.
TAIL = 65_557


def checked_file(content: bytes, name: str, *, most: int, only: Collection[str] = ()) -> tuple[str, str]:
    """(media type, name to keep). Raises `UnacceptableFile`. `most`: in bytes; `only`: kinds taken here; none: all."""
    if not content:
        raise UnacceptableFile("empty")
    if len(content) > most:
        raise UnacceptableFile("too_large", most=most)
    stem, extension = _stem_and_extension(name)
    found = _type_of(content)
    taken = {ending: kind for ending, kind in EXTENSIONS.items() if not only or kind in only}
    if found not in taken.values() and not (found == TEXT and CSV in taken.values()):
        raise UnacceptableFile("kind", taken=", ".join(taken))
    if not extension:
        extension = next(ending for ending, kind in EXTENSIONS.items() if kind == found)
    said = EXTENSIONS.get(extension)
    if said is None:
        raise UnacceptableFile("kind", taken=", ".join(taken))
    if said != found and not (found == TEXT and said == CSV):
        raise UnacceptableFile("contradiction", extension=extension)
    return said, f"{stem}{extension}"


def _stem_and_extension(name: str) -> tuple[str, str]:
    """Of the last part of a path of any system, on one line: what it is called, and its ending in small letters."""
    last = PureWindowsPath(PurePosixPath(name.replace("\x00", "")).name).name
    plain = NOT_IN_NAMES.sub("-", clean_line(last)).rstrip(". ")
    stem, dot, ending = plain.rpartition(".")
    if not dot:
        stem, ending = plain, ""
    return stem.strip(". ")[:LONGEST_NAME].strip(". ") or "fichier", f".{ending.lower()}" if ending else ""


def _type_of(content: bytes) -> str:
    if content.startswith(b"PK\x03\x04"):
        return package_type(content)
    if content.startswith(OLD_OFFICE):
        raise UnacceptableFile("old_office")
    if content.startswith(PROGRAMS):
        raise UnacceptableFile("program")
    if content.startswith(ARCHIVES) or content[257:262] == b"ustar":
        raise UnacceptableFile("archive")
    if content.startswith(b"%PDF-"):
        return _pdf(content)
    if content.startswith(PNG_START):
        return _image(content, PNG, is_whole=PNG_END in content[-1024:])
    if content.startswith(b"\xff\xd8\xff"):
        return _image(content, JPEG, is_whole=b"\xff\xd9" in content[-TAIL:])
    return _text(content)


def _pdf(content: bytes) -> str:
    if not re.match(rb"%PDF-[12]\.[0-9]", content) or b"%%EOF" not in content[-2048:]:
        raise UnacceptableFile("damaged")
    if _ends_as_package(content) or OF_A_WEB_PAGE.search(content[:1024]) or PROGRAM_BEHIND_A_PDF.search(content):
        raise UnacceptableFile("two_in_one")
    if re.search(rb"/S\s*/Launch\b", content):
        raise UnacceptableFile("program")
    return PDF


def _image(content: bytes, kind: str, *, is_whole: bool) -> str:
    if not is_whole:
        raise UnacceptableFile("damaged")
    if _ends_as_package(content) or HIDDEN_IN_AN_IMAGE.search(content) or _has_something_behind(content, kind):
        raise UnacceptableFile("two_in_one")
    return kind


def _has_something_behind(content: bytes, kind: str) -> bool:
    """A PNG ends with its last chunk. Cameras put other pictures behind a JPEG: there, only programs are looked for."""
    if kind == JPEG:
        return PROGRAM_BEHIND_A_JPEG.search(content) is not None
    at = 8
    while at + 12 <= len(content):
        chunk, at = content[at + 4 : at + 8], at + 12 + int.from_bytes(content[at : at + 4], "big")
        if chunk == b"IEND":
            return bool(content[at:].strip(b"\x00\r\n "))
    raise UnacceptableFile("damaged")


def _ends_as_package(content: bytes) -> bool:
    """A package is read from its end: one that closes with the file would open as a package too."""
    tail = content[-TAIL:]
    at = tail.rfind(b"PK\x05\x06")
    while at >= 0:
        comment = int.from_bytes(tail[at + 20 : at + 22], "little")
        if len(tail) - at - 22 <= comment:
            return True
        at = tail.rfind(b"PK\x05\x06", 0, at)
    return False


def _text(content: bytes) -> str:
    """UTF-8, UTF-16 with its mark, or an old 8-bit page without control characters."""
    start = content[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            content = content.decode("utf-16").encode()
        except UnicodeError:
            raise UnacceptableFile("unknown") from None
        start = content[:4096].lstrip()
    if not content.decode("utf-8", "replace").strip(BLANKS):
        raise UnacceptableFile("blank")
    if CONTROLS.search(content):
        raise UnacceptableFile("unknown")
    if start.startswith(PROGRAMS) or start.lower().startswith(b"@echo off"):
        raise UnacceptableFile("program")
    if start.startswith(b"<") or OF_A_WEB_PAGE.search(content):
        raise UnacceptableFile("web_page")
    if b"%PDF-" in start[:1100]:
        raise UnacceptableFile("two_in_one")
    if start.startswith((b"{\\rtf", b"%!PS", b"BEGIN:VC", b"MIME-Version:")):
        raise UnacceptableFile("unknown")
    return TEXT
