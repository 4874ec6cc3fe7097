"""What a page says of itself in its head: for lists of search results and for links that people share."""

from html import unescape

from django import template
from django.template import Context
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils.html import strip_tags

from core.text import Localized, clean_line, cut_at_word, reader_language

register = template.Library()


@register.simple_tag(takes_context=True)
def block_text(context: Context, name: str, longest: int = 0) -> str:
    """The words of a block of this page, without markup; to be escaped again where they are put."""
    blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
    block = blocks.get_block(name) if blocks else None
    if block is None:
        return ""
    # A space of one's own between words stays: French needs it.
    text = clean_line(unescape(strip_tags(block.render(context))))
    return cut_at_word(text, longest) if longest else text


@register.filter
def is_for_reader(text: Localized) -> bool:
    """Whether there is a text, in the language of the page."""
    return bool(text) and text.language == reader_language()
