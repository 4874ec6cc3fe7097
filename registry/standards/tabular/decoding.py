"""Bytes of a text file → characters, without asking its author which program saved it."""

import codecs
import re

from registry.standards.tabular.table import UnreadableFile

# The five bytes Windows leaves undefined in cp1252 become U+FFFD.
_CP1252 = {0xDC00 + byte: bytes([byte]).decode("cp1252", "replace") for byte in range(0x80, 0x100)}
# What `surrogateescape` makes of a byte.
_STRAY = re.compile("[\udc80-\udcff]")
# What French text is full of; in the wrong code page these letters turn into capitals and signs.
_FRENCH_LETTERS = frozenset("éèêëàâùûîïôçœ")
# What an English text has instead: the apostrophe, quotation marks, dashes and bullets of word processors.
_PUNCTUATION = frozenset("’“”–—•")
# Windows; Excel for Mac («CSV»); Excel («CSV MS-DOS»).
_CODE_PAGES = ("cp1252", "mac_roman", "cp850")
_SAMPLE = 65_536


def decode(content: bytes) -> tuple[str, str]:
    """(text, name of the encoding). Never fails on text; refuses what is plainly not text.

    A byte that is not of the encoding stays marked in the text, for `recode_strays`.
    """
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8"),
        # Before UTF-16: its mark begins with the same two bytes.
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if content.startswith(mark):
            return _decode_as(content[len(mark) :], name), name
    guess = _wide_encoding(content[:_SAMPLE])
    if guess:
        return _decode_as(content, guess), guess
    if _control_share(content[:_SAMPLE]) > 0.1:
        raise UnreadableFile("not_a_table")
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _decode_legacy(content)


def _decode_as(content: bytes, name: str) -> str:
    if name == "utf-8":
        return content.decode(name, "surrogateescape")
    return content.decode(name, "replace")


def recode_strays(text: str) -> tuple[str, bool]:
    """(text, did it hold bytes of another encoding): each such byte as Windows reads it."""
    if text.isascii() or not _STRAY.search(text):
        return text, False
    return text.translate(_CP1252), True


def _wide_encoding(sample: bytes) -> str:
    """UTF-16 without its mark: western text has a NUL at every second byte."""
    pairs = len(sample) // 2
    if pairs < 4:
        return ""
    if sample[1::2].count(0) > 0.6 * pairs and sample[0::2].count(0) < 0.1 * pairs:
        return "utf-16-le"
    if sample[0::2].count(0) > 0.6 * pairs and sample[1::2].count(0) < 0.1 * pairs:
        return "utf-16-be"
    return ""


def _control_share(sample: bytes) -> float:
    controls = sum(sample.count(byte) for byte in range(32) if byte not in (9, 10, 12, 13))
    return controls / max(1, len(sample))


def _decode_legacy(content: bytes) -> tuple[str, str]:
    mixed = content.decode("utf-8", "surrogateescape")
    strays = sum(1 for character in mixed if "\udc80" <= character <= "\udcff")
    accents = sum(1 for character in mixed if character > "\x7f") - strays
    if accents > 4 * strays:
        # A UTF-8 file with a few bytes pasted from Windows: decoding it all as Windows would spoil every accent.
        return mixed, "utf-8"
    # A tie goes to Windows, the first of the list.
    sample = bytes(byte for byte in content if byte > 0x7F)[:_SAMPLE]
    best = max(_CODE_PAGES, key=lambda page: _likely(sample.decode(page, "replace")))
    return content.decode(best, "replace"), best


def _likely(text: str) -> int:
    return sum(1 for character in text if character in _FRENCH_LETTERS or character in _PUNCTUATION)
