"""What the parts of an office file call or hide: relations to elsewhere, objects of other programs, remote formulas."""

import html
import re
import zipfile
from collections.abc import Callable, Iterator
from urllib.parse import unquote
from xml.parsers import expat

from assessments.rules.unacceptable import UnacceptableFile

CHUNK = 1_000_000
# Of all the lists of relations together, then of all the sheets: beyond, a workbook would not open either.
MOST_RELATIONS = 30_000_000
MOST_SHEETS = 400_000_000
# Of all the texts of a document together: some thousands of pages.
MOST_TEXTS = 100_000_000
LONGEST_FORMULA = 20_000
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PROGRAM_PARTS = (b"MZ\x90\x00", b"\x7fELF")
SHEET = re.compile(r"^xl/(worksheets/[^/]+|workbook)\.xml$", re.IGNORECASE)
# Fetched without a click as soon as the document opens, wherever it is; links to click are not of these.
FETCHED = frozenset({"oleobject", "frame", "subdocument", "externallinkpath", "afchunk", "package", "control"})
# Fetched too: of the same computer they are what Word writes for any letter; of a network they tell who opens it.
FETCHED_AFAR = frozenset({"attachedtemplate", "image", "audio", "video", "media"})
# The code of a field that asks another program of the machine for a value, as its runs spell it together.
DDE_FIELD = re.compile(r"(?<!\w)DDE(AUTO)?(?!\w)", re.IGNORECASE)
NETWORK = re.compile(r"^(file:)?([\\/]{2}(?![\\/])|[\\/]{4,})|^(?!file:)[a-z][a-z0-9+.-]+:", re.IGNORECASE)
FORMULA = re.compile(rb"<(?:\w+:)?(?:f|definedName)\b[^>]*>([^<]*)<")
QUOTED = re.compile(r'"[^"]*"')
# server|'subject'!item: a workbook that asks another program of the machine for a value.
DDE = re.compile(r"[\w.]\|('[^']*'|\w+)!")


def check_parts(package: zipfile.ZipFile, main: str = "") -> None:
    """Raises `UnacceptableFile`. Parts are read a piece at a time, whatever they say of their size. `main`: the part
    that holds the document itself, wherever its list puts it.
    """
    read = 0
    for part in package.infolist():
        with package.open(part) as opened:
            start = opened.read(8)
        if start.startswith(OLE):
            raise UnacceptableFile("embedded")
        if start.startswith(PROGRAM_PARTS):
            raise UnacceptableFile("program")
        if part.filename.lower().startswith("xl/externallinks/"):
            raise UnacceptableFile("linked")
        if part.filename.lower().endswith(".rels"):
            read += part.file_size
            if read > MOST_RELATIONS:
                raise UnacceptableFile("bomb")
            _check_relations(package, part)
    _check_formulas(package)
    _check_fields(package, main)


def main_part(types: bytes, kind: str) -> str:
    """The name of the part of this kind; empty when the list names none."""
    found: list[str] = []

    def see(tag: str, said: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == "Override" and kind in said.get("ContentType", ""):
            found.append(unquote(said.get("PartName", "")).removeprefix("/"))

    _parse(iter([types]), see)
    return found[0] if found else ""


def _check_relations(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    def see(tag: str, said: dict[str, str]) -> None:
        if tag.rpartition(":")[2] != "Relationship":
            return
        kind = said.get("Type", "").rpartition("/")[2].lower()
        is_elsewhere = said.get("TargetMode", "").strip().lower() == "external"
        is_afar = kind in FETCHED_AFAR and NETWORK.search(said.get("Target", "").strip()) is not None
        if is_elsewhere and (kind in FETCHED or is_afar):
            raise UnacceptableFile("linked")
        if kind in {"oleobject", "afchunk"}:
            raise UnacceptableFile("embedded")
        if kind in {"vbaproject", "xlmacrosheet", "xlintlmacrosheet"}:
            raise UnacceptableFile("macros")

    _parse(_pieces(package, part.filename), see)


def _parse(
    pieces: Iterator[bytes], see: Callable[[str, dict[str, str]], None], hear: Callable[[str], None] | None = None
) -> None:
    """In any encoding of XML; no part of an office file has a reason to declare entities. `hear`: the texts."""

    def refuse(*_declared: object) -> None:
        raise UnacceptableFile("damaged")

    parser = expat.ParserCreate()
    parser.StartElementHandler = see
    parser.StartDoctypeDeclHandler = refuse
    parser.CharacterDataHandler = hear
    try:
        for piece in pieces:
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except expat.ExpatError:
        raise UnacceptableFile("damaged") from None


def _pieces(package: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    with package.open(name) as opened:
        while piece := opened.read(CHUNK):
            yield piece


def _check_formulas(package: zipfile.ZipFile) -> None:
    sheets = [part for part in package.infolist() if SHEET.match(part.filename)]
    if sum(part.file_size for part in sheets) > MOST_SHEETS:
        raise UnacceptableFile("bomb")
    for part in sheets:
        before = b""
        for piece in _pieces(package, part.filename):
            # Written on two octets, a sheet reads the same without its zeros.
            seen = before + piece.replace(b"\x00", b"")
            if (b"|" in seen or b"&#" in seen) and any(map(_asks_elsewhere, FORMULA.findall(seen))):
                raise UnacceptableFile("linked")
            before = seen[-LONGEST_FORMULA:]


def _check_fields(package: zipfile.ZipFile, main: str) -> None:
    """The codes of fields, and that no part declares entities. The parts of a workbook have their formulas instead."""
    texts = [part for part in package.infolist() if _is_text(part.filename.lower(), main.lower())]
    if sum(part.file_size for part in texts) > MOST_TEXTS:
        raise UnacceptableFile("bomb")
    for part in texts:
        codes: list[str] = []
        within = [""]

        def see(tag: str, said: dict[str, str], codes: list[str] = codes, within: list[str] = within) -> None:
            within[0] = tag.rpartition(":")[2]
            if within[0].startswith("dde-"):  # of an OpenDocument file
                raise UnacceptableFile("linked")
            if within[0] == "fldSimple":
                codes += (" ", *said.values(), " ")
            elif within[0] == "fldChar":
                codes.append(" ")

        def hear(text: str, codes: list[str] = codes, within: list[str] = within) -> None:
            if within[0] == "instrText":
                codes.append(text)

        _parse(_pieces(package, part.filename), see, hear)
        if DDE_FIELD.search("".join(codes)):
            raise UnacceptableFile("linked")


def _is_text(name: str, main: str) -> bool:
    """The list of an older OpenDocument file names its grammar, and holds no text."""
    return not name.startswith(("xl/", "meta-inf/")) and (name.endswith(".xml") or name == main)


def _asks_elsewhere(formula: bytes) -> bool:
    return DDE.search(QUOTED.sub("", html.unescape(formula.decode("utf-8", "replace")))) is not None
