"""Addresses of the public site. A public number keeps its address for ever, whatever becomes of its body."""

import unicodedata

from django.urls import path, re_path, register_converter

from transparency.views import (
    api,
    bodies,
    data,
    differences,
    elsewhere,
    errors,
    feeds,
    glossary,
    home,
    readings,
    scope,
    search,
    solutions,
    strategy,
    systems,
    texts,
)


class ReferenceConverter:
    """`QC-SIGLE-0001`, or `DÉMO-SIGLE-0001` for the demonstration."""

    regex = r"(?:QC|DÉMO)-[A-Z][A-Z0-9]{1,11}-[0-9]{4,9}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class TypedReferenceConverter(ReferenceConverter):
    """The same number as people type it: small letters, no accent, or an accent in two characters."""

    regex = r"(?i:qc|d(?:[eé]|e\u0301)mo)-(?i:[a-z][a-z0-9]{1,11})-[0-9]{4,9}"

    def to_python(self, value: str) -> str:
        number = unicodedata.normalize("NFC", value).upper()
        return number.replace("DEMO-", "DÉMO-", 1)


class CodeConverter(ReferenceConverter):
    """A tracking code, in capitals or not, or what was meant as one: a mistake gets the page that asks for the code."""

    regex = r"[^/]+"


class TableConverter(ReferenceConverter):
    """The formats of one version as a table."""

    regex = r"csv|xlsx"


register_converter(TableConverter, "table")
register_converter(ReferenceConverter, "reference")
register_converter(TypedReferenceConverter, "typed_reference")
register_converter(CodeConverter, "code")

app_name = "transparency"
urlpatterns = [
    path("", home.home, name="home"),
    path("recherche/", search.search, name="search"),
    path("flux.atom", feeds.register, name="feed"),
    path("recherche/flux.atom", feeds.search, name="search_feed"),
    re_path(r"^recherche/systemes\.(?P<kind>csv|xlsx|json)$", data.search_file, name="search_file"),
    path("organismes/", bodies.bodies, name="bodies"),
    path("organismes/<slug:slug>/", bodies.body, name="body"),
    path("organismes/<slug:slug>/flux.atom", feeds.body, name="body_feed"),
    path("systemes/<reference:reference>/flux.atom", feeds.system, name="system_feed"),
    path("systemes/<reference:reference>/", systems.system, name="system"),
    path("systemes/<reference:reference>/v/<int:number>/", systems.version, name="version"),
    path("systemes/<reference:reference>/v/<int:number>.json", systems.version_json, name="version_json"),
    path("systemes/<reference:reference>/v/<int:number>.<table:kind>", data.version_file, name="version_file"),
    path("systemes/<reference:reference>/fiche-complete/", readings.full, name="full"),
    path("systemes/<reference:reference>/v/<int:number>/fiche-complete/", readings.full_version, name="full_version"),
    path("systemes/<reference:reference>/differences/", differences.differences, name="differences"),
    path("systemes/<reference:reference>/signaler/", errors.report, name="report_error"),
    path("systemes/<typed_reference:reference>/", systems.canonical, name="system_as_typed"),
    path("systemes/<typed_reference:reference>/<path:rest>", systems.canonical, name="system_page_as_typed"),
    path("solutions/<uuid:uuid>/", solutions.solution, name="solution"),
    path("signalements/", errors.follow, name="follow_report"),
    path("signalements/<code:code>/", errors.reported, name="reported"),
    path("suis-je-vise/", scope.ask, name="scope"),
    path("suis-je-vise/reponse/<str:token>/", scope.answer, name="scope_answer"),
    path("ailleurs/", elsewhere.registers, name="elsewhere"),
    path("ailleurs/<slug:register>/<path:source_id>/", elsewhere.foreign_system, name="foreign_system"),
    path("donnees/", data.open_data, name="data"),
    path("donnees/dictionnaire/", data.dictionary, name="dictionary"),
    re_path(r"^donnees/dictionnaire\.(?P<kind>csv|json)$", data.dictionary_file, name="dictionary_file"),
    re_path(r"^donnees/couverture\.(?P<kind>csv|xlsx|json)$", data.coverage_file, name="coverage_file"),
    path("donnees/corrections/", data.corrections, name="corrections"),
    path("donnees/fichiers/<str:name>", data.whole_register, name="whole_register"),
    path("strategie/", strategy.strategy, name="strategy"),
    path("strategie.csv", strategy.strategy_file, name="strategy_file"),
    path("glossaire/", glossary.glossary, name="glossary"),
    path("api/", api.documentation, name="api"),
    path("a-propos/", texts.about, name="about"),
    path("accessibilite/", texts.accessibility, name="accessibility"),
    path("avis/", texts.notices, name="notices"),
]
