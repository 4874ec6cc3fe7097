"""What the address of the list of systems may say: the names it knows, in one order, each value once."""

from urllib.parse import parse_qsl, urlencode

# Filters of the list and its order. A page number is no part of a view.
PARAMETERS = (
    "q", "body", "status", "put_away", "phase", "attention", "personal_information", "affects_rights", "autonomy",
    "category",
    "technique", "territory", "origin", "public", "only", "sort",
)  # fmt: skip
MOST_VALUES = 60
LONGEST_VALUE = 200
LONGEST_ADDRESS = 2000


def normalized(query: str) -> str:
    """The same list said one way: unknown names, empty values and repetitions left out. Empty when nothing is said."""
    try:
        given = parse_qsl(query.removeprefix("?"), max_num_fields=200)
    except ValueError:
        return ""
    said = dict.fromkeys(
        (name, value.strip()[:LONGEST_VALUE]) for name, value in given if name in PARAMETERS and _is_plain(value)
    )
    kept = sorted(said, key=lambda pair: (PARAMETERS.index(pair[0]), pair[1] if pair[0] != "q" else ""))
    return urlencode(kept[:MOST_VALUES])


def _is_plain(value: str) -> bool:
    return bool(value.strip()) and value.isprintable()
