"""A public number as people type it: small letters, no accent, spaces, zeros left out."""

import re
import unicodedata

# «demo-mct-1», «DÉMO MCT 0001», «qc-rne-2»; an accent may come in two characters.
_TYPED = re.compile(r"(?:(qc|demo)[\s-]+)?([a-z][a-z0-9]{1,11})[\s-]+0*([1-9][0-9]{0,8})")
_BEGINNINGS = {"qc": ("QC",), "demo": ("DÉMO",), None: ("QC", "DÉMO")}
DIGITS = 4


def references_in(text: str) -> tuple[str, ...]:
    """The number that this text is, as the register writes it; nothing when it is anything else. Without its
    beginning («mct-1») it may be either.
    """
    decomposed = unicodedata.normalize("NFD", text.strip().lower())
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    found = _TYPED.fullmatch(plain)
    if found is None:
        return ()
    kind, sigle, number = found.groups()
    return tuple(f"{beginning}-{sigle.upper()}-{number.zfill(DIGITS)}" for beginning in _BEGINNINGS[kind])
