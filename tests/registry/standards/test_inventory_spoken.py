"""Titles and answers as people of a small town type them: as they would say them, in both languages."""

from pathlib import Path

import pytest
import yaml

from registry.standards.inventory import FieldProblem, guess_mapping, recode, vocabulary
from registry.standards.words import fold

TITLES = {
    "name_fr": "Comment ça s'appelle?; Nom du logiciel; Nom de la plateforme; What is it called?",
    "summary_fr": "À quoi ça sert?; Ça fait quoi?; À quoi sert l'outil?; C'est quoi?; What does it do?",
    "need_fr": "Pourquoi on l'a acheté; Pourquoi on s'en sert?; Quel problème ça règle?; Raison; Why we bought it",
    "unit_fr": "Quel service?; Direction concernée; Département responsable; Which department?",
    "contact_email": "Où écrire?; Courrier électronique; Boîte générale; Shared mailbox",
    "contact_phone": "No tél.; Numéro à appeler; Where to call",
    "phase": "Où on est rendu; Où en est le projet?; Est-ce que ça roule?; Situation actuelle; Where does it stand?",
    "affected": "Qui ça touche?; Gens touchés; Pour qui?; Who does it affect?",
    "autonomy": "Est-ce que ça décide tout seul?; Décide seul?; Qui a le dernier mot?; Does it decide alone?",
    "personal_information": "Y a-t-il des RP?; Infos perso; Info personnelle (oui/non); Contains PII?",
    "category": "Type d'outil; Sorte d'outil; Genre d'outil; Type of tool",
    "benefit_fr": "Gains espérés; Ce que ça donne; Qu'est-ce qu'on y gagne?; What do we gain?",
    "origin": "Maison ou fournisseur; Acheté ou fait maison; D'où ça vient?; Build or buy",
    "data_description_fr": "Quelles données?; D'où viennent les données?; Ce qu'on met dedans; What data does it use?",
    "affected_details_fr": "Combien de monde?; Nb de citoyens; How many people?",
    "supplier": "Acheté à qui?; Nom de la compagnie; Qui nous l'a vendu?; Sold by",
    "started_on": "Depuis quand on l'utilise; Quand ça a commencé; Installé le; Since when?",
}
VALUES = {
    "phase": "en prod = in_service; Ça roule = in_service; On s'en sert = in_service; On s'en sert plus = retired"
    "; on l'utilise plus = retired; en dev = development; On l'essaie = experiment; à titre pilote = pilot"
    "; On y pense = idea; sur la glace = suspended; à mettre en règle = regularizing; up and running = in_service",
    "affected": "Propriétaires = service_users; les gens = public; Locataires = service_users; cols bleus = staff"
    "; commerçants = businesses; écoliers = students; malade = patients; No one = nobody; notre équipe = staff",
    "autonomy": "Décide = alone; Aucun rôle = assists; aucun = assists; un humain décide = recommends"
    "; l'employé décide = recommends; décide tout seul = alone; sous supervision humaine = supervised"
    "; makes recommendations = recommends; No role = assists; Human-in-the-loop = recommends"
    "; Human on the loop = supervised; humain dans la boucle = recommends; human out of the loop = alone",
    "personal_information": "ouais = yes; Il y en a = yes; pas du tout = no; sans RP = no; je pense que oui = unsure"
    "; aucune idée = unsure; nope = no",
    "category": "Image = image_processing; Caméra = image_processing; clavardage = conversational; bot = conversational"
    "; GPS = geomatics; capteurs intelligents = connected_devices; labo = laboratory; cours en ligne = learning"
    "; task automation = automation; priorisation = decision_support; sentiments = behaviour_analysis"
    "; contenu personnalisé = personalization; OCR = image_processing; aide au triage = decision_support",
    "origin": "on l'a fait = own; fait par notre équipe = own; clé en main = supplier; une compagnie = supplier"
    "; outil libre = open; open weights = open; MRC = other; en partenariat = other; bought = supplier",
}
# What says two things, or none of the list, stays for a person.
DOUBTS = {
    "phase": "ça roule pas; en cours; terminé; pas en prod",
    "affected": "Propriétaires d'entreprises; utilisateurs",
    "autonomy": "ne décide pas; une partie décide; propose et décide; automatique",
    "category": "image de marque; assistant; outil",
    "origin": "maison et fournisseur; gratuit",
    "personal_information": "certains cas seulement",
}


def pairs(table: dict[str, str]) -> list[tuple[str, str]]:
    return [(field, text.strip()) for field, texts in table.items() for text in texts.split(";")]


@pytest.mark.parametrize(("field", "title"), pairs(TITLES))
def test_a_title_as_it_would_be_said(field: str, title: str) -> None:
    assert guess_mapping([title], [])[title].field == field


@pytest.mark.parametrize(("field", "text"), pairs(VALUES))
def test_an_answer_as_it_would_be_said(field: str, text: str) -> None:
    typed, _, code = text.rpartition(" = ")
    assert recode(field, typed) in (code, [code])


@pytest.mark.parametrize(("field", "text"), pairs(DOUBTS))
def test_what_is_not_sure_is_not_guessed(field: str, text: str) -> None:
    assert isinstance(recode(field, text), FieldProblem)


def test_no_phrase_stands_for_two_answers() -> None:
    path = Path(vocabulary.__file__).parents[1] / "inventory.yaml"
    for field, choices in yaml.safe_load(path.read_text(encoding="utf-8"))["choices"].items():
        seen: dict[str, str] = {}
        for code, phrases in choices.items():
            for phrase in phrases:
                assert seen.setdefault(fold(phrase), code) == code, (field, phrase)
