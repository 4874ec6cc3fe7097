"""A public number as people type it: small letters, no accent, spaces, zeros left out."""

import re
import unicodedata

# «demo-mct-1», «DÉMO MCT 0001», «qc-rne-2»; an accent may come in two characters.
_TYPED = re.compile(r"(qc|demo)[\s-]+([a-z][a-z0-9]{1,11})[\s-]+0*([1-9][0-9]{0,8})")
DIGITS = 4


def reference_in(text: str) -> str:
    """The one number that this text is, as the register writes it; nothing when it is anything else."""
    decomposed = unicodedata.normalize("NFD", text.strip().lower())
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    found = _TYPED.fullmatch(plain)
    if found is None:
        return ""
    kind, sigle, number = found.groups()
    return f"{'DÉMO' if kind == 'demo' else 'QC'}-{sigle.upper()}-{number.zfill(DIGITS)}"
