"""What the public site knows of a body, copied from its sheet each time the sheet is saved."""

from typing import Any

from django.db import transaction

from core import clock
from core.audit import Actor, record
from organizations.models import Organization, PublicBody, PublicBodyName
from organizations.public import body_facts_of
from organizations.workflow import SecondLook


@transaction.atomic
def publish_body(*, organization: Organization, by: Actor) -> PublicBody:
    """Copy names, kind, regimes and contacts to where public pages read. Whoever may save the sheet publishes it."""
    document = _document(organization)
    values = {"slug": organization.sigle.lower(), "document": document, "sort_key": organization.sort_key}
    known = PublicBody.objects.select_for_update(of=("self",)).filter(organization=organization).first()
    if known is None:
        body = PublicBody.objects.create(organization=organization, published_at=clock.now(), **values)
    else:
        body = known
        if all(getattr(body, name) == value for name, value in values.items()):
            return body
        body.slug, body.document, body.sort_key = values["slug"], document, organization.sort_key
        body.published_at = clock.now()
        body.save()
    # A body that takes an old sigle of its own back is found under it directly.
    body.old_names.filter(slug=body.slug, name_fr=organization.name_fr).delete()
    record(by=by, verb="publish_body", thing=organization, organization=organization, facts={"slug": body.slug})
    return body


def _document(organization: Organization) -> dict[str, Any]:
    facts = body_facts_of(organization).as_json()
    parent = organization.parent
    # The form promises that this reason is read by all. A reason kept from another year is nobody's business.
    is_impossible = organization.second_look == SecondLook.IMPOSSIBLE
    return facts | {
        "is_demonstration": organization.is_demonstration,
        "country": organization.country,
        "parent": parent.sigle.lower() if parent else "",
        "closed_on": organization.closed_on.isoformat() if organization.closed_on else "",
        "no_second_look_reason": organization.second_look_reason_fr if is_impossible else "",
    }


def keep_old_name(*, body: PublicBody, sigle: str, name_fr: str, name_en: str = "", until: Any) -> PublicBodyName:
    """An old name or sigle goes on leading to the body. Asking twice keeps one."""
    name, _is_new = PublicBodyName.objects.get_or_create(
        body=body, slug=sigle.lower(), name_fr=name_fr, defaults={"name_en": name_en, "until": until}
    )
    return name
