"""What leaves of an assessment: files, each told to the ledger, and a page to print."""

import hashlib
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_safe

from assessments.exports.files import MEDIA_TYPES, file_name, made
from assessments.exports.told import Material, material_of, material_of_submission, told_of_material
from assessments.services.exporting import note_export
from assessments.views.scope import assessment_in_scope, person
from core import clock
from core.files import made_attachment
from core.text import reader_language


@require_GET
def export(request: HttpRequest, uuid: UUID, kind: str) -> HttpResponse:
    """`?version=`: as it was submitted then; else as it stands."""
    material = _material(request, uuid)
    moment = clock.now()
    content = made(material, kind, moment=moment)
    digest = hashlib.sha256(content).hexdigest()
    note_export(assessment=material.assessment, kind=kind, digest=digest, by=person(request))
    name = file_name(material, kind, language=reader_language(), moment=moment)
    return made_attachment(content, media_type=MEDIA_TYPES[kind], name=name)


@require_safe
def printed(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The whole assessment on one page. `?extrait=`: only what may be public, and nobody's name."""
    material = _material(request, uuid)
    told = told_of_material(material, is_extract="extrait" in request.GET, reader=person(request))
    context = {
        "assessment": material.assessment,
        "told": told,
        "version": request.GET.get("version", ""),
        "versions": list(material.assessment.submissions.order_by("-number").values_list("number", flat=True)),
        "demonstration": told.is_demonstration,
    }
    return render(request, "assessments/print.html", context)


def _material(request: HttpRequest, uuid: UUID) -> Material:
    assessment = assessment_in_scope(request, uuid)
    version = request.GET.get("version", "")
    if not version:
        return material_of(assessment)
    if not (version.isascii() and version.isdigit() and len(version) < 6):
        raise Http404
    submissions = assessment.submissions.select_related("submitted_by", "case")
    return material_of_submission(get_object_or_404(submissions, number=int(version)), assessment)
