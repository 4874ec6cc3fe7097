"""What a stored value may be, whichever door it comes by: a form, a file, the API."""

from urllib.parse import urlsplit

# Of an integer column.
MOST_INTEGER = 2**31 - 1


def is_web_address(text: str) -> bool:
    """A whole address of the Web, and nothing that a browser would run. «www.ville.example» does not say how it is
    reached.
    """
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not any(map(str.isspace, text))
