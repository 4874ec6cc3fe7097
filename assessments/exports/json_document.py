"""An assessment as JSON of ours (`assessment.v1.schema.json`): answers as they are stored, so that the API takes them
back as they are.
"""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from assessments.exports.told.heads import name_of_system, reference_of
from assessments.exports.told.material import Given, Joined, Material
from assessments.scoring.completeness import completeness
from assessments.scoring.points import score
from assessments.scoring.risks import rated_risks, residual_level
from core import clock

FORMAT = "assessment.v1"
SCHEMA_FILE = Path(__file__).parent.parent / "assessment.v1.schema.json"
MEDIA_TYPE = "application/json; charset=utf-8"


def assessment_json(material: Material) -> bytes:
    """Keys in one order: the same assessment gives the same bytes."""
    told = json.dumps(assessment_document(material), ensure_ascii=False, indent=1, sort_keys=True)
    return told.encode("utf-8", errors="replace") + b"\n"


def assessment_document(material: Material) -> dict[str, Any]:
    """By codes; the questionnaire, of which this is the digest, says their words. History is not in it."""
    assessment, reading = material.assessment, material.reading
    body, depth = assessment.organization, reading.depth
    answered = {code: value for code, value in reading.answers.items() if code in reading.questionnaire.by_id}
    document = {
        "format": FORMAT,
        "uuid": str(assessment.uuid),
        "demonstration": body.is_demonstration,
        "questionnaire": {"name": reading.questionnaire.name, "digest": assessment.version_asked.digest},
        "organization": {"sigle": body.sigle, "name": _texts(body.name_fr, body.name_en)},
        "system": _system(material),
        "state": assessment.state,
        "submission": _submission(material),
        "depth": {
            "asked": depth.asked,
            "chosen": depth.chosen,
            "recommended": depth.recommended,
            "floor": depth.floor,
            "reason": _reason(material),
        },
        "facts": dict(reading.facts),
        "answers": {code: value for code, value in answered.items() if code in reading.counted},
        "kept_aside": {code: value for code, value in answered.items() if code not in reading.counted},
        "given": {code: _given(given) for code, given in material.given.items() if code in answered},
        "missing": [question.id for question in completeness(reading).missing] if material.is_draft else [],
        "levels": _levels(material),
        "evidence": [_evidence(joined) for joined in material.joined],
    }
    # Dates and decimals among the facts become texts, as in everything that we publish.
    plain: dict[str, Any] = json.loads(json.dumps(document, cls=DjangoJSONEncoder))
    return plain


def _texts(french: str, english: str) -> dict[str, str]:
    return {"fr": french, **({"en": english} if english else {})}


def _system(material: Material) -> dict[str, Any]:
    system, name = material.assessment.system, name_of_system(material)
    return {
        "uuid": str(system.uuid),
        "reference": reference_of(material),
        "name": {name.language: name.text},
    }


def _submission(material: Material) -> dict[str, Any] | None:
    sent, concluded = material.submission, material.conclusion
    if sent:
        return {"number": sent.number, "digest": sent.digest, "at": _moment(sent.submitted_at)}
    if concluded:
        return {"number": 1, "digest": concluded.digest, "at": _moment(concluded.concluded_at)}
    return None


def _reason(material: Material) -> str:
    if material.submission:
        return str(material.submission.document["depth"].get("reason", ""))
    return material.assessment.depth_reason


def _given(given: Given) -> dict[str, Any]:
    return {
        "by": given.by,
        "on_behalf_of": given.guest_of,
        "at": _moment(given.at),
        "origin": given.origin,
        "note": given.note,
        "guest_leaves": dict(given.guest_leaves),
    }


def _moment(moment: datetime) -> str:
    """With Québec's offset, as the API answers it."""
    return moment.astimezone(clock.CIVIL_ZONE).isoformat()


def _levels(material: Material) -> dict[str, Any]:
    found = score(material.reading)
    return {
        "residual": residual_level(material.reading),
        "risks": {rated.risk.code: rated.residual for rated in rated_risks(material.reading)},
        "score": {"points": found.points, "most": found.most, "level": found.level.code} if found else None,
    }


def _evidence(joined: Joined) -> dict[str, Any]:
    return {"question": joined.question, "uuid": joined.uuid, "name": joined.name, "sha256": joined.digest}
