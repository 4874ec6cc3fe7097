"""The frame of our Word documents: page, styles, language, what each page repeats, properties of the file."""

from datetime import datetime

from django.utils.translation import gettext as _
from docx import Document
from docx.document import Document as Word
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Inches, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

from core.text import cut_at_word

NAVY, INK, SOFT = RGBColor(0x12, 0x29, 0x4A), RGBColor(0x1B, 0x23, 0x30), RGBColor(0x3F, 0x4A, 0x59)
FONT = "Calibri"
NOTE, ALERT = "Vigie note", "Vigie alert"
SIZES = {"Title": 24, "Subtitle": 13, "Heading 1": 17, "Heading 2": 13, "Heading 3": 11.5}
LONGEST_PROPERTY = 250


def blank(*, language: str) -> Word:
    """An empty document on letter paper, its styles ready."""
    word = Document()
    _drop_thumbnail(word)
    page = word.sections[0]
    page.page_width, page.page_height = Inches(8.5), Inches(11)
    page.left_margin = page.right_margin = Inches(0.95)
    page.top_margin = page.bottom_margin = Inches(0.9)
    _speak(word, language)
    _style(word)
    return word


def _drop_thumbnail(word: Word) -> None:
    """The picture of the library's own template, which is of no document of ours."""
    relations = word.part.package.rels
    for key in [key for key, each in relations.items() if each.reltype.endswith("/thumbnail")]:
        del relations[key]


def _speak(word: Word, language: str) -> None:
    """The language in which a screen reader reads it and the spelling is checked."""
    for lang in word.styles.element.iter(qn("w:lang")):
        lang.set(qn("w:val"), f"{language}-CA")
    settings = word.settings.element
    for theme in settings.iter(qn("w:themeFontLang")):
        theme.set(qn("w:val"), f"{language}-CA")
    for setting in settings.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")  # else Word opens it as a document of 2010


def _style(word: Word) -> None:
    normal = _paragraph_style(word, "Normal")
    _letters(normal, 11, INK)
    normal.paragraph_format.space_after, normal.paragraph_format.line_spacing = Pt(6), 1.12
    for name, size in SIZES.items():
        style = _paragraph_style(word, name)
        _letters(style, size, NAVY if name != "Subtitle" else SOFT)
        style.font.bold, style.font.italic = name != "Subtitle", False
        style.paragraph_format.space_after = Pt(4)
        style.paragraph_format.keep_with_next = True
    _paragraph_style(word, "Heading 1").paragraph_format.space_before = Pt(20)
    _paragraph_style(word, "Heading 3").paragraph_format.space_before = Pt(12)
    note = _paragraph_style(word, NOTE, based_on=normal)
    _letters(note, 9, SOFT)
    alert = _paragraph_style(word, ALERT, based_on=normal)
    alert.font.bold = True


def _paragraph_style(word: Word, name: str, based_on: ParagraphStyle | None = None) -> ParagraphStyle:
    if based_on is not None:
        made = word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        made.base_style = based_on
    found = word.styles[name]
    assert isinstance(found, ParagraphStyle)  # noqa: S101 – the template of the library has them
    return found


def _letters(style: ParagraphStyle, size: float, colour: RGBColor) -> None:
    style.font.size, style.font.color.rgb, style.font.name = Pt(size), colour, FONT
    fonts = style.element.get_or_add_rPr().find(qn("w:rFonts"))
    for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):  # the theme would win over the name
        fonts.attrib.pop(qn(f"w:{name}"), None)
    for name in ("w:eastAsia", "w:cs"):
        fonts.set(qn(name), FONT)


def repeat_on_pages(word: Word, *, running: str, is_demonstration: bool) -> None:
    """At the foot what the document is and the page; at the head, that it is fictitious."""
    page = word.sections[0]
    if is_demonstration:
        head = page.header.paragraphs[0]
        head.alignment = WD_ALIGN_PARAGRAPH.CENTER
        head.style = word.styles[ALERT]
        head.add_run(demonstration_mark())
    foot = page.footer.paragraphs[0]
    foot.style = word.styles[NOTE]
    before, _sep, rest = _("page {page} of {pages}").partition("{page}")
    between, _sep, after = rest.partition("{pages}")
    foot.add_run(f"{running} – {before}")
    _field(foot, "PAGE")
    foot.add_run(between)
    _field(foot, "NUMPAGES")
    foot.add_run(after)


def demonstration_mark() -> str:
    return f"DÉMO – {_('Fictional data – demonstration')}"


def _field(paragraph: Paragraph, code: str) -> None:
    """A number that Word counts."""
    run = paragraph.add_run()
    for kind in ("begin", "separate", "end"):
        mark = OxmlElement("w:fldChar")
        mark.set(qn("w:fldCharType"), kind)
        run._r.append(mark)
        if kind == "begin":
            told = OxmlElement("w:instrText")
            told.text = code
            run._r.append(told)
        elif kind == "separate":
            shown = OxmlElement("w:t")
            shown.text = "1"
            run._r.append(shown)


def describe(word: Word, *, title: str, subject: str, author: str, about: str, language: str, moment: datetime) -> None:
    """Properties of the file, by which people and archives find it."""
    told = word.core_properties
    told.title, told.subject, told.author = (cut_at_word(text, LONGEST_PROPERTY) for text in (title, subject, author))
    told.comments, told.language = cut_at_word(about, LONGEST_PROPERTY), f"{language}-CA"
    told.last_modified_by, told.revision = "Vigie", 1
    told.created = told.modified = moment.replace(tzinfo=None)
