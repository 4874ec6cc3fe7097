"""The only files a PDF may use: our stylesheet and our fonts, by name, from disk; every other address is refused.

The fonts are those of the site, so the front-end must be built (`make start` and `make test` do it). DejaVu Sans, which
Debian installs with the system libraries of WeasyPrint, lends the letters they lack: syllabics, Greek, arrows.
"""

from pathlib import Path

from weasyprint.urls import URLFetcher, URLFetcherResponse

from core.pdf.errors import FontsMissing

ROOT = Path(__file__).resolve().parent.parent.parent
FONT_FOLDER = ROOT / "static" / "dist" / "fonts"
SCHEME = "vigie:"
STYLESHEET = "print.css"
STYLESHEET_PATH = ROOT / "templates" / "reports" / STYLESHEET
# CSS family → files; print.css names the families. Each file of letters has a family of its own: WeasyPrint tells fonts
# apart by family and style only, and would draw the letters of one file with the glyphs of the other.
FAMILIES = {
    family: [(f"{files}-wght-{style}.woff2", style, "") for style in ("normal", "italic")]
    for family, files in (
        ("Vigie Text", "atkinson-hyperlegible-next-latin"),
        ("Vigie Text More", "atkinson-hyperlegible-next-latin-ext"),
        ("Vigie Title", "newsreader-latin"),
        ("Vigie Title More", "newsreader-latin-ext"),
    )
}
RESCUE_FOLDERS = (FONT_FOLDER, Path("/usr/share/fonts/truetype/dejavu"))
RESCUE_FAMILY = [("DejaVuSans.ttf", "normal", "400"), ("DejaVuSans-Bold.ttf", "normal", "700")]


def font_paths() -> dict[str, Path]:
    """Each font by name; the site's own must be there, the rescue ones may be."""
    paths = {name: FONT_FOLDER / name for files in FAMILIES.values() for name, _style, _weight in files}
    if missing := [name for name, path in paths.items() if not path.is_file()]:
        raise FontsMissing(", ".join(missing))
    for name, _style, _weight in RESCUE_FAMILY:
        found = next((folder / name for folder in RESCUE_FOLDERS if (folder / name).is_file()), None)
        if found:
            paths[name] = found
    return paths


def font_faces(names: dict[str, Path]) -> str:
    """The @font-face rules of the fonts that are there. No weight for a variable font: it keeps its whole range."""
    rules = []
    for family, files in {**FAMILIES, "Vigie Rescue": RESCUE_FAMILY}.items():
        for name, style, weight in files:
            if name in names:
                fixed = f"font-weight:{weight};" if weight else ""
                rules.append(f"@font-face{{font-family:'{family}';font-style:{style};{fixed}src:url({SCHEME}{name})}}")
    return "\n".join(rules)


class BundledFiles(URLFetcher):  # type: ignore[misc]  # WeasyPrint ships no types
    """Answers `vigie:NAME` for the files above. No connection, no path, no `data:` is ever opened."""

    def __init__(self) -> None:
        # A refused address stops the document: a silent hole in a signed report would be worse than no report.
        super().__init__(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)
        self.has_refused = False
        self.allowed = {SCHEME + STYLESHEET: STYLESHEET_PATH} | {
            SCHEME + name: path for name, path in font_paths().items()
        }

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        path = self.allowed.get(url)
        if path is None:
            self.has_refused = True  # the drawing of an SVG swallows every exception: the door asks again at the end
            raise PermissionError("not a bundled file")
        media_type = "text/css" if path.suffix == ".css" else "font/" + path.suffix[1:]
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": media_type})
