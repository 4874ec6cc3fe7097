"""An assessment by the instrument of `data/exported.yaml`: its answers, from none to all, as programs send them."""

from pathlib import Path
from typing import Any

from assessments.models import Assessment
from assessments.questionnaires import load
from assessments.scoring.spreading import spread
from assessments.services.beginning import begin_assessment
from assessments.services.saving import save_answers
from assessments.services.versions import add_version
from core.models.actor import NamedJob
from organizations.models import User
from registry.models import AISystem

FILE = Path(__file__).with_name("data") / "exported.yaml"
EVERYTHING: dict[str, Any] = {
    "sensitivity": "yes",
    "purpose": "Répondre aux demandes.\n\nRien d'autre n'est fait de ces renseignements.",
    "project_name": "Guichet des demandes",
    "people": 12500,
    "begins_on": "2026-12-01",
    "page": "https://organisme.example/guichet",
    "scale": "wide",
    "persons": ["users", "staff"],
    "hosting": {"choice": "quebec", "text": "Dans la salle de l'organisme."},
    "wide_only": "Toutes les directions reçoivent des demandes.",
    "elements": [
        {"element": "Nom", "kept": "2030-01-01", "number": 1250.5, "class": "common", "needed": "yes"},
        {"element": "État de santé", "class": "sensitive", "needed": "unsure"},
    ],
    "related": [{"kind": "agreement", "reference": "Entente numéro 7"}],
    "checks": {"notice": {"state": "yes", "proof": "Dossier 12-345"}, "consent": {"state": "not_applicable"}},
    "criteria": {
        "need": {"verdict": "met", "reason": "Le délai nuit aux personnes."},
        "balance": {"verdict": "unsure", "reason": "Une autre avenue est à l'étude."},
    },
    "maturity": {"team": "strong", "tools": "weak"},
    "risks": {
        "leak": {
            "applies": "yes",
            "before_severity": "4",
            "before_likelihood": "3",
            "now_severity": "3",
            "now_likelihood": "2",
            "residual_severity": "2",
            "residual_likelihood": "2",
            "reason": "Des dossiers de santé sont lus par le fournisseur.",
            "measures": ["encryption"],
        },
        "bias": {"applies": "no"},
        "loss": {
            "applies": "unsure",
            "before_severity": "1",
            "before_likelihood": "2",
            "residual_severity": "1",
            "residual_likelihood": "1",
            "measures": [],
        },
    },
    "measures": [
        {"row": "encryption", "state": "in_place", "owner": "Sécurité de l'information", "due_on": "2026-11-30"},
        {"label": "Copies hors ligne", "state": "planned", "owner": "Exploitation", "note": "Chaque nuit."},
    ],
    "officer": {"function": "Responsable de la PRP", "name": "Équipe de la PRP"},
    "answering": {"function": "Service à la clientèle", "days": 20},
    "review": {"date": "2027-06-01", "events": ["host"]},
    "tests": {"text": "Deux essais sur 400 demandes."},
}
# Words that every document of `EVERYTHING` says, in French.
SAID = (
    "Répondre aux demandes.",
    "Rien d'autre n'est fait de ces renseignements.",
    "Guichet des demandes",
    "https://organisme.example/guichet",
    "Tout l'organisme",
    "La clientèle",
    "Le personnel",
    "Au Québec",
    "Dans la salle de l'organisme.",
    "Toutes les directions reçoivent des demandes.",
    "État de santé",
    "Sensible",
    "Entente numéro 7",
    "Dossier 12-345",
    "Le délai nuit aux personnes.",
    "Une autre avenue est à l'étude.",
    "Forte",
    "Des dossiers de santé sont lus par le fournisseur.",
    "Chiffrement des données",
    "Sécurité de l'information",
    "Copies hors ligne",
    "Chaque nuit.",
    "Responsable de la PRP",
    "Service à la clientèle",
    "Un autre hébergeur",
    "Deux essais sur 400 demandes.",
    "1er juin 2027",
)


def answer(assessment: Assessment, answers: dict[str, Any], by: Any) -> Assessment:
    """Save whole answers as the API does."""
    leaves: dict[str, Any] = {}
    for code, value in answers.items():
        question = assessment.questionnaire.question(code)
        flat = spread(question, value, seed="test")
        leaves |= {".".join(filter(None, (code, path))): leaf for path, leaf in flat.items()}
    save_answers(assessment=assessment, leaves=leaves, version=assessment.version, by=by)
    return read(assessment)


def read(assessment: Assessment) -> Assessment:
    return Assessment.objects.with_what_it_needs().get(pk=assessment.pk)


def begun(system: AISystem, by: User, answers: dict[str, Any] | None = None) -> Assessment:
    add_version(content=load(FILE), by=NamedJob("test"))
    assessment = read(begin_assessment(system=system, instrument="exported", by=by))
    return answer(assessment, answers, by) if answers else assessment
