"""Whom to reach, what one may ask and the doors outside the body: as on the public page, frozen for paper."""

from typing import Any

from django.utils.translation import gettext as _

from core.text import pick
from organizations.public import by_kind, remedies_for, rights_for

Texts = dict[str, Any]


def freeze_recourse(system: Texts, body: Texts, language: str) -> Texts:
    """The contact of the system first, else that of the body: the order of the public page."""
    website, regimes = body.get("website", ""), body.get("regimes", [])
    line = {"label": _("On the web"), "value": website, "url": website}
    return {
        "phone": system.get("contact_phone") or body.get("phone", ""),
        "email": system.get("contact_email") or body.get("email", ""),
        "postal": body.get("postal_address", ""),
        "lines": [line] if website else [],
        "rights": _rights(system, regimes, language),
        "outside": _outside(regimes, language),
    }


def _rights(system: Texts, regimes: list[str], language: str) -> list[Texts]:
    held = rights_for(system.get("autonomy", ""), system.get("personal_information", ""), regimes)
    return [
        {
            "name": pick(right.name, language).text,
            "text": pick(right.text, language).text,
            "article": dict(right.article) if right.article else None,
            "origin": right.origin,
            "certainty": right.certainty,
            "in_force_from": right.in_force_from.isoformat() if right.in_force_from else None,
        }
        for right in held
    ]


def _outside(regimes: list[str], language: str) -> list[Texts]:
    """Under what a person wants to complain about."""
    groups = by_kind(remedies_for(regimes))
    return [
        {
            "title": pick(kind.label, language).text,
            "remedies": [
                {
                    "name": pick(remedy.name, language).text,
                    "what": pick(remedy.what, language).text,
                    "limits": pick(remedy.limits, language).text,
                    "phone": remedy.phone or "",
                    "website": remedy.website or "",
                    "origin": remedy.origin,
                    "certainty": remedy.certainty,
                }
                for remedy in remedies
            ],
        }
        for kind, remedies in groups
    ]
