"""A known answer among other words: in only when nothing around it may end, refuse, postpone or halve it."""

from itertools import product

import pytest

from registry.standards.inventory import FieldProblem, recode

IN = {
    "phase": "En production depuis mars 2023 = in_service; Le système est en production = in_service"
    "; Déjà déployé = in_service; Toujours en service = in_service; en service depuis 3 ans = in_service"
    "; Statut : en service = in_service; Actuellement en exploitation = in_service; Depuis 2021, en prod = in_service"
    "; In production since 2022 = in_service; Currently in use = in_service; Now live = in_service"
    "; The tool is operational = in_service; has been deployed = in_service; Deployed since March 5, 2021 = in_service"
    "; Phase : pilote = pilot; Projet pilote (6 mois) = pilot; Pilote en cours = pilot; 3 month pilot = pilot"
    "; Actuellement en pilote = pilot; Solution en développement = development; Développement en cours = development"
    "; Still in development = development; Outil en cours de conception = development; En phase de test = experiment"
    "; Expérimentation en cours = experiment; Proof of concept (2 months) = experiment; Toujours à l'étude = idea"
    "; Logiciel retiré = retired; Retiré depuis l'automne 2022 = retired; no longer used = retired"
    "; Suspendu depuis janvier = suspended; Encore en pause = suspended",
    "affected": "Tous les citoyens de la ville = public; Seulement nos employés = staff; Our staff only = staff"
    "; L'ensemble des élèves = students; Surtout les entreprises = businesses",
    "autonomy": "L'outil recommande, l'agent décide = recommends; Le système recommande = recommends"
    "; Décision entièrement automatisée = alone; The tool recommends = recommends",
    "personal_information": "Oui, nom et adresse = yes; Oui (courriels) = yes; Yes: names and email = yes"
    "; Non, aucun = no; Oui - date de naissance = yes; No, none = no",
    "category": "Outil de cartographie = geomatics; Chatbot pour le site web = conversational"
    "; Chatbot tool = conversational; Analyse prédictive de données = decision_support",
    "origin": "Fait à l'interne = own; Développé par un fournisseur = supplier; Built in-house = own"
    "; Modèle open source = open",
}
ASKED = {
    "phase": "pilote terminé; projet pilote annulé; pilote refusé; Fin du pilote; pilot completed; pilot cancelled"
    "; mise en service reportée; mise en service 2027; en service jusqu'en 2023; was in production"
    "; Déployé partiellement; en développement (arrêté); pilote prévu; pilote à venir; pilote concluant"
    "; en service d'ici 2027; bientôt en service; en service sous peu; en production en 2028; déployé à 50 %"
    "; déployé dans 3 écoles; déploiement partiel; pilote reporté; pilote suspendu; ex-pilote; ancien pilote"
    "; après le pilote; avant la mise en service; prêt pour le pilote; presque en service; quasi opérationnel"
    "; à mettre en service; sera en service; devait être en service; serait déployé; a été en production"
    "; Développement terminé; développement interrompu; développement à reprendre; fin de l'essai; essai raté"
    "; pilote non retenu; pilote refusé en 2024; en service l'an prochain; en service dans 3 mois"
    "; en service il y a 2 ans; pilote d'octobre 2027; pilote en attente; autorisation de pilote"
    "; mise en production en cours; mise en service; outil le plus utilisé; plus utilisé que prévu; non déployé"
    "; jamais déployé; hors service temporairement; partly deployed; partially in use; pilot ended; pilot rejected"
    "; pilot postponed; to be deployed; will be in production; in production by 2027; in production until 2023"
    "; in service soon; formerly in use; not yet in production; once in service; should be live; pilot in 2028"
    "; development halted; end of pilot; failed pilot; in production next year; awaiting deployment; nearly live"
    "; testé en pilote; en service?; pilote ou production; en service selon le fournisseur; en service ailleurs"
    "; en prod à l'essai; projet d'étude abandonné faute de budget; En service, retrait en 2026",
    "affected": "anciens élèves; futurs employés; sauf les employés; pas les citoyens; tous sauf le personnel"
    "; familles des patients; employés retraités; former students; all but staff; citizens soon; not the public"
    "; citoyens, plus tard les entreprises; conjoints des employés; citoyens d'une autre ville",
    "autonomy": "recommandait autrefois; ne recommande plus; supervision humaine partielle; recommande ou décide"
    "; aucune décision automatisée; pas encore autonome; décision humaine parfois; used to recommend"
    "; recommends until 2025; fully automated by 2027; recommends in some cases; bientôt entièrement automatisé",
    "personal_information": "Non, sauf le nom; Oui, mais bientôt non; Non (à valider); Oui, en 2027; Oui, jadis"
    "; Non, données dépersonnalisées; Oui, en partie; No, except names; Yes, until 2023; Oui: à confirmer; Yes, soon"
    "; Non, pas encore; Oui - prévu; No, only names; non, oui",
    "category": "remplace le chatbot; chatbot prévu; bientôt un chatbot; pas de cartographie; ancien chatbot"
    "; chatbot abandonné; former chatbot; chatbot replaced; cartographie refusée; future chatbot",
    "origin": "fournisseur à choisir; achat prévu; achat annulé; bientôt à l'interne; autrefois à l'interne"
    "; fournisseur refusé; purchase cancelled; formerly in-house; supplier to be chosen; interne à compter de 2027",
}
# Each of them takes back, halves or postpones whatever it stands beside.
SPOILERS = (
    "terminé; annulé; refusé; reporté; arrêté; échoué; partiellement; prévu; bientôt; d'ici 2027; en 2027"
    "; jusqu'en 2023; peut-être; à venir; autrefois; presque; completed; cancelled; rejected; postponed; halted; partly"
    "; planned; soon; by 2027; in 2027; until 2023; maybe; upcoming; formerly; nearly; was; will be"
).split("; ")
BASES = {
    "phase": ("en service", "projet pilote", "en développement", "in use", "expérimentation", "suspendu", "retiré"),
    "affected": ("les employés", "patients"),
    "autonomy": ("recommande une décision", "fully automated", "sous supervision humaine"),
    "category": ("chatbot", "cartographie"),
    "origin": ("à l'interne", "open source", "fournisseur"),
}


def pairs(table: dict[str, str]) -> list[tuple[str, str]]:
    return [(field, text.strip()) for field, texts in table.items() for text in texts.split("; ")]


@pytest.mark.parametrize(("field", "text"), pairs(IN))
def test_harmless_words_around_an_answer_do_not_hide_it(field: str, text: str) -> None:
    typed, _, code = text.rpartition(" = ")
    assert recode(field, typed) in (code, [code])


@pytest.mark.parametrize(("field", "text"), pairs(ASKED))
def test_what_ends_refuses_or_postpones_is_asked(field: str, text: str) -> None:
    found = recode(field, text)
    assert isinstance(found, FieldProblem), found
    assert found.code in {"unknown_value", "several_values"}


@pytest.mark.parametrize("field", BASES)
def test_no_answer_survives_a_word_that_takes_it_back(field: str) -> None:
    wrong = [
        text
        for base, spoiler in product(BASES[field], SPOILERS)
        for text in (f"{base} {spoiler}", f"{spoiler} {base}", f"{base} ({spoiler})", f"{base}, {spoiler}")
        if not isinstance(recode(field, text), FieldProblem)
    ]
    assert not wrong


@pytest.mark.parametrize("text", ["prévu 3 août 2027", "fin 31 mars 2023", "avant 3 août 2022", "until March 5, 2024"])
def test_a_day_that_is_no_beginning_is_asked(text: str) -> None:
    assert isinstance(recode("started_on", text), FieldProblem)


@pytest.mark.parametrize(
    "text", ["depuis le 3 août 2022", "lundi 3 août 2022", "since August 3, 2022", "On 3 August 2022"]
)
def test_a_day_is_read_with_the_small_words_before_it(text: str) -> None:
    assert recode("started_on", text) == "2022-08-03"
