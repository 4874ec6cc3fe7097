"""Template tags of the component kit; docs/design.md shows each in use."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.http import HttpRequest
from django.template import Context
from django.template.loader import render_to_string
from django.urls import translate_url
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.templatetags.field_view import anchor_of, count_texts, describe_field, kind_of, messages_of
from core.text import OTHER_LANGUAGE, Localized, form_value, pick, reader_language
from core.text import localized as read_localized
from core.word_diff import word_diff as compare_words

register = template.Library()

PHASE_COLOURS = {
    "idea": "grey",
    "development": "purple",
    "experiment": "blue",
    "pilot": "teal",
    "in_service": "green",
    "regularizing": "yellow",
    "suspended": "orange",
    "retired": "outline",
}
# The part of a telephone number that a phone can dial: what stands before «poste» or «ext.».
NUMBER = re.compile(r"[0-9+().\s-]+")
MOST_OF_A_VALUE = 60  # an address may hold anything, of any length
# Signs of markup, as JSON writes any character.
NO_MARKUP = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}
LANGUAGE_NAMES = {"fr": "Français", "en": "English"}


# --- Forms ---------------------------------------------------------------------------------------------------------
@register.inclusion_tag("components/field.html")
def field(bound: BoundField, **options: Any) -> dict[str, Any]:
    """One field with its label, hint, example, error and count, whatever its widget."""
    view = describe_field(bound, options)
    if view["limit"]:
        view["count"] = count_texts()
    return view


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms: BaseForm) -> dict[str, Any]:
    """What is wrong in these forms, each with a link to its field; nothing when nothing is wrong."""
    problems: list[tuple[str, str]] = []
    for form in forms:
        problems += [("", str(message)) for message in form.non_field_errors()]
        for bound in form:
            anchor = "" if kind_of(bound) == "hidden" else anchor_of(bound)
            problems += [(anchor, message) for message in messages_of(bound)]
    return {"problems": problems}


@register.simple_tag
def data_block(data: Any) -> SafeString:
    """Facts of the page for programs (JSON-LD). A block of data is no script: nothing runs it, and the policy of the
    site needs no exception. What could end the block or begin another is written in JSON's own way.
    """
    text = json.dumps(data, ensure_ascii=False)
    return SafeString(f'<script type="application/ld+json">{text.translate(NO_MARKUP)}</script>')


@register.simple_tag
def error_prefix(*forms: BaseForm) -> str:
    """Opens the title of a page whose form was refused, so that a screen reader says so first."""
    return _("Error:") + " " if any(form.errors for form in forms) else ""


@register.filter
def frame(request: HttpRequest | None) -> str:
    """What a page of refusal stands in: that of the staff, with its menu and banner, at the addresses of the staff.

    Elsewhere the person is not looked at: public pages read under a database role that sees no session.
    """
    is_staff_page = request is not None and hasattr(request, "user") and "/espace/" in request.path
    return "staff.html" if is_staff_page else "base.html"


register.filter(form_value)


@register.inclusion_tag("components/button.html")
def button(
    text: str, href: str = "", kind: str = "primary", icon: str = "", type: str = "submit", **attrs: str
) -> dict[str, Any]:
    """A button of the form it stands in, or a link that looks like one. kind: primary, secondary, warning, quiet."""
    return {"text": text, "href": href, "kind": kind, "icon": icon, "type": type, "attrs": attrs}


def _owner(context: Context) -> Any:
    """Under whom the browser keeps what is typed."""
    return getattr(getattr(context.get("request"), "user", None), "uuid", "")


@register.inclusion_tag("components/autosave_status.html", takes_context=True)
def autosave_status(context: Context) -> dict[str, Any]:
    """Where an autosaved form says «Enregistré à 14 h 32», with every sentence its script may need."""
    return {"owner": _owner(context)}


@register.inclusion_tag("components/draft_status.html", takes_context=True)
def draft_status(context: Context, is_unsaved: bool = False) -> dict[str, Any]:
    """In a form that does not save by itself: it guards what was typed, and says here what became of it."""
    return {"owner": _owner(context), "is_unsaved": is_unsaved}


@register.inclusion_tag("components/search_box.html")
def search_box(
    action: str = "",
    value: str = "",
    label: str = "",
    hint: str = "",
    name: str = "q",
    size: str = "",
    id: str = "search",
) -> dict[str, Any]:
    """One search field with its button (GET). size: "large" for the home page; id: when there are two on a page."""
    return {"action": action, "value": value, "label": label, "hint": hint, "name": name, "size": size, "id": id}


# --- Records -------------------------------------------------------------------------------------------------------
@register.inclusion_tag("components/tag.html")
def tag(text: str, colour: str = "grey") -> dict[str, Any]:
    """A state in a word or two. colour: grey, green, teal, blue, purple, pink, red, orange, yellow, outline."""
    return {"text": text, "colour": colour}


@register.inclusion_tag("components/tag.html")
def phase_tag(phase: str, label: str) -> dict[str, Any]:
    """The phase of a system, always in the same colour; the word says it all, the colour only helps."""
    return {"text": label, "colour": PHASE_COLOURS.get(phase, "grey")}


@register.inclusion_tag("components/summary_list.html")
def summary_list(rows: Iterable[Any], title: str = "", kind: str = "") -> dict[str, Any]:
    """Labels and values. A row: label, value, and optionally lang, url + action. kind: "compact", "plain"."""
    rows = list(rows)
    has_actions = any((row.get("url") if isinstance(row, Mapping) else getattr(row, "url", "")) for row in rows)
    return {"rows": rows, "title": title, "kind": kind, "has_actions": has_actions}


@register.simple_block_tag
def summary_row(content: SafeString, label: str, url: str = "", action: str = "", lang: str = "") -> SafeString:
    """One row of a <dl class="govuk-summary-list"> whose value is more than a text."""
    row = {"label": label, "html": content, "url": url, "action": action, "lang": lang}
    return render_to_string("components/summary_row.html", {"row": row})


@register.simple_block_tag
def result_card(
    content: SafeString, title: str, url: str, eyebrow: str = "", lang: str = "", level: int = 2
) -> SafeString:
    """One result of a list: its title is the only link, so that it reads well in a list of links."""
    card = {"title": title, "url": url, "eyebrow": eyebrow, "lang": lang, "level": f"h{level}", "content": content}
    return render_to_string("components/result_card.html", card)


@register.inclusion_tag("components/timeline.html")
def timeline(items: Iterable[Any], level: int = 3) -> dict[str, Any]:
    """What happened, latest first. An item: title, date, and optionally by, text, url + action, lang."""
    return {"items": items, "level": f"h{level}"}


@register.inclusion_tag("components/steps.html")
def steps(items: Iterable[Any], label: str = "") -> dict[str, Any]:
    """A path and where one stands on it. An item: label, state ("done", "current", "todo"), optionally url, note."""
    return {"items": items, "label": label}


@register.inclusion_tag("components/task_list.html")
def task_list(items: Iterable[Any]) -> dict[str, Any]:
    """What waits for somebody. An item: title, optionally url, hint, status, colour, due (date), is_late."""
    return {"items": items}


@register.inclusion_tag("components/contact.html")
def contact(**lines: str) -> dict[str, Any]:
    """Whom to reach: name, unit, phone, hours, email, address, lang; what is empty is not shown."""
    unknown = set(lines) - {"name", "unit", "phone", "hours", "email", "address", "lang"}
    if unknown:
        raise template.TemplateSyntaxError(f"{{% contact %}} knows no {', '.join(sorted(unknown))}")
    number = NUMBER.match(lines.get("phone", ""))
    mailbox, _at, domain = lines.get("email", "").partition("@")
    return {
        **lines,
        "dial": re.sub(r"[^0-9+]", "", number.group()) if number else "",
        "mailbox": mailbox,
        "domain": domain,
    }


@register.inclusion_tag("components/download.html")
def download(url: str, label: str, kind: str = "", size: int | None = None, lang: str = "") -> dict[str, Any]:
    """A file to take away, its format and size said before one clicks."""
    return {"url": url, "label": label, "kind": kind, "size": _weight(size) if size else "", "lang": lang}


def _weight(size: int) -> str:
    """A number of bytes as people say it; Django's own filter says «Kio», which Québec does not."""
    if size < 1_000_000:
        return _("%(size)s KB") % {"size": max(1, round(size / 1000))}
    return _("%(size)s MB") % {"size": number_format(size / 1_000_000, 1)}


@register.inclusion_tag("components/stat.html")
def stat(value: object, label: str, url: str = "", note: str = "") -> dict[str, Any]:
    """One figure and what it counts, with what it is counted of; stands in a <dl class="vg-stats">."""
    return {"value": value, "label": label, "url": url, "note": note}


@register.inclusion_tag("components/data_table.html")
def data_table(columns: Iterable[Any], rows: Iterable[Any], caption: str = "") -> dict[str, Any]:
    """A plain table: columns are texts or {label, numeric}; rows are lists. Stacks on a narrow screen."""
    heads = [c if isinstance(c, Mapping) else {"label": c} for c in columns]
    return {"columns": heads, "rows": [list(zip(heads, row, strict=True)) for row in rows], "caption": caption}


@register.simple_tag
def localized(value: Any, name: str = "") -> str:
    """A text in the reader's language, else in the other one with its `lang`: {% localized organization "name" %}."""
    if name:
        value = read_localized(value, name)
    found = value if isinstance(value, Localized) else pick(dict(value or {}))
    if found.language == reader_language() or not found.text:
        return found.text
    return format_html('<span lang="{}">{}</span>', found.language, found.text)


@register.inclusion_tag("components/word_diff.html")
def word_diff(before: str, after: str, lang: str = "") -> dict[str, Any]:
    """One text with what was removed and added, word by word. lang: of the text, where not the page's."""
    return {"pieces": compare_words(before, after), "lang": lang}


# --- Messages ------------------------------------------------------------------------------------------------------
@register.simple_block_tag
def notification(content: SafeString, level: str = "info", title: str = "", role: str = "") -> SafeString:
    """Something to know now. level: info, success, warning, error. role="status" or "alert" when it just happened."""
    return render_to_string(
        "components/notification.html", {"level": level, "title": title, "content": content, "role": role}
    )


@register.simple_block_tag
def empty_state(
    content: SafeString, title: str, url: str = "", action: str = "", icon: str = "search", level: int = 2
) -> SafeString:
    """A list with nothing in it says why, and what to do."""
    view = {"content": content, "title": title, "url": url, "action": action, "icon": icon, "level": f"h{level}"}
    return render_to_string("components/empty_state.html", view)


@register.simple_block_tag
def details(content: SafeString, summary: str, is_open: bool = False) -> SafeString:
    """More for whoever wants it."""
    return render_to_string("components/details.html", {"summary": summary, "content": content, "is_open": is_open})


@register.inclusion_tag("components/progress.html")
def progress(done: int, total: int, label: str = "", unit: str = "") -> dict[str, Any]:
    """How far one is: «3 sur 9»."""
    return {"done": done, "total": total, "label": label, "unit": unit}


@register.simple_block_tag
def job_status(content: SafeString, url: str, is_finished: bool = False) -> SafeString:
    """The state of a job, asked again each second until it is finished; a link does it without JavaScript."""
    return render_to_string("components/job_status.html", {"url": url, "content": content, "is_finished": is_finished})


@register.inclusion_tag("components/flash_messages.html", takes_context=True)
def flash_messages(context: Context) -> dict[str, Any]:
    """Answers of the last action (django.contrib.messages)."""
    return {"messages": context.get("messages") or []}


# --- Finding one's way ---------------------------------------------------------------------------------------------
@register.inclusion_tag("components/breadcrumbs.html")
def breadcrumbs(*parts: str) -> dict[str, Any]:
    """Pairs label, address, from the top down; a last label alone is the page itself."""
    links = [{"label": parts[i], "url": parts[i + 1]} for i in range(0, len(parts) - 1, 2)]
    return {"links": links, "current": parts[-1] if len(parts) % 2 else ""}


@register.inclusion_tag("components/sub_navigation.html")
def sub_navigation(items: Iterable[Any], label: str) -> dict[str, Any]:
    """The parts of one record. An item: label, url, current, optionally count."""
    return {"items": items, "label": label}


@register.inclusion_tag("components/page_heading.html")
def page_heading(title: str, caption: str = "", lead: str = "", lang: str = "", size: str = "xl") -> dict[str, Any]:
    """The h1 of a page, what stands over it and the sentence under it."""
    return {"title": title, "caption": caption, "lead": lead, "lang": lang, "size": size}


@register.inclusion_tag("components/language_link.html", takes_context=True)
def language_link(context: Context) -> dict[str, Any]:
    """The same page in the other language, its search and filters kept."""
    request = context.get("request")
    current = reader_language()
    other = OTHER_LANGUAGE[current]
    here = request.get_full_path() if request else "/"
    there = translate_url(here, other)
    if there == here:  # an address that leads nowhere (404): its first part still says the language
        prefix = f"/{current}/"
        there = f"/{other}/{here.removeprefix(prefix)}" if here.startswith(prefix) else f"/{other}/"
    return {"language": other, "name": LANGUAGE_NAMES[other], "url": there}


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: Context, page: Page[Any], parameter: str = "page") -> dict[str, Any]:
    """Pages of a list; the search, the filters and the order stay in each address."""
    if page.paginator.num_pages < 2:
        return {"items": []}
    request = context["request"]
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    items = [{"number": n, "url": _with(request, **{parameter: n})} if isinstance(n, int) else None for n in numbers]
    around = {
        "previous": _with(request, **{parameter: page.number - 1}) if page.has_previous() else "",
        "next": _with(request, **{parameter: page.number + 1}) if page.has_next() else "",
    }
    return {"items": items, "current": page.number, **around}


@register.inclusion_tag("components/sort_header.html", takes_context=True)
def sort_header(
    context: Context, key: str, label: str, default: str = "", parameter: str = "sort", numeric: bool = False
) -> dict[str, Any]:
    """The head of a column that sorts its table; `default` is the order of the list when the address names none."""
    request = context["request"]
    current = request.GET.get(parameter) or default
    order = {key: "ascending", f"-{key}": "descending"}.get(current, "")
    target = f"-{key}" if order == "ascending" else key
    return {
        "label": label,
        "order": order,
        "numeric": numeric,
        "url": _with(request, **{parameter: target, "page": None}),
    }


@register.inclusion_tag("components/facet.html")
def facet(bound: BoundField, is_open: bool = False) -> dict[str, Any]:
    """One filter of a list: a group of choices that folds, open when something is chosen in it."""
    view = describe_field(bound, {"optional": False})
    chosen = sum(1 for choice in view.get("choices", []) if choice["is_checked"] and choice["value"])
    return {**view, "chosen": chosen, "is_open": is_open or bool(chosen)}


@register.inclusion_tag("components/active_filters.html", takes_context=True)
def active_filters(context: Context, form: BaseForm, clear_url: str = "") -> dict[str, Any]:
    """What a list is filtered by, each with a link that takes it off."""
    request = context["request"]
    found = []
    for bound in form:
        names = {str(value): label for value, label in getattr(bound.field, "choices", [])}
        values = [value for value in request.GET.getlist(bound.html_name) if value]
        for value in values:
            rest = [other for other in values if other != value]
            url = _with(request, **{bound.html_name: rest, "page": None})
            found.append({"label": bound.label, "value": names.get(value, value[:MOST_OF_A_VALUE]), "url": url})
    return {"filters": found, "clear_url": clear_url or request.path}


def _with(request: HttpRequest, **changes: Any) -> str:
    """The address of this page with some parameters changed; None or an empty list takes one out."""
    query = request.GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value not in (None, []):
            query.setlist(name, value if isinstance(value, list) else [str(value)])
    return f"?{query.urlencode()}" if query else request.path


@register.inclusion_tag("components/icon.html")
def icon(name: str) -> dict[str, Any]:
    """A small drawing beside words that say the same; never alone."""
    return {"name": name}
