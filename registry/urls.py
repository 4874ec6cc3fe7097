"""Addresses of this room."""

from django.urls import URLPattern, URLResolver, path, re_path

from registry.views import (
    access,
    declaration,
    error_reports,
    history,
    imports,
    leads,
    lifecycle,
    listing,
    parts,
    publication,
    put_away,
    sections,
    system,
    withholding,
)
from registry.views import import_inventory as inventory
from registry.views.import_entry import import_entry
from registry.views.import_row import import_row
from registry.views.import_undo import import_undo

app_name = "registry"
urlpatterns: list[URLPattern | URLResolver] = [
    path("systemes/", listing.systems, name="systems"),
    re_path(r"^systemes/exporter/(?P<kind>csv|xlsx)/$", listing.export, name="export"),
    path("systemes/declarer/", declaration.begin, name="begin"),
    path("systemes/<uuid:uuid>/", system.system, name="system"),
    path("systemes/<uuid:uuid>/modifier/", declaration.edit, name="edit"),
    path("systemes/<uuid:uuid>/questions/<slug:code>/", sections.section, name="section"),
    path("systemes/<uuid:uuid>/lignes/<slug:part>/ajouter/", parts.add, name="add_part"),
    path("systemes/<uuid:uuid>/lignes/<slug:part>/<uuid:row>/", parts.change, name="change_part"),
    path("systemes/<uuid:uuid>/lignes/<slug:part>/<uuid:row>/enlever/", parts.remove, name="remove_part"),
    path("systemes/<uuid:uuid>/etape/", lifecycle.phase, name="phase"),
    path("systemes/<uuid:uuid>/tenue/", leads.lead, name="lead"),
    path("systemes/<uuid:uuid>/au-successeur/", leads.to_successor, name="to_successor"),
    path("systemes/<uuid:uuid>/classer/", put_away.put_away, name="put_away"),
    path("systemes/<uuid:uuid>/ramener/", put_away.bring_back, name="bring_back"),
    path("systemes/<uuid:uuid>/dupliquer/", put_away.duplicate, name="duplicate"),
    path("systemes/<uuid:uuid>/declarer/", declaration.declare, name="declare"),
    path("systemes/<uuid:uuid>/publier/", publication.publish, name="publish"),
    path("systemes/<uuid:uuid>/retirer/", publication.withdraw, name="withdraw"),
    path("systemes/<uuid:uuid>/ne-pas-diffuser/", withholding.withhold, name="withhold"),
    path("systemes/<uuid:uuid>/historique/", history.history, name="history"),
    path("systemes/<uuid:uuid>/acces/", access.access, name="access"),
    path("systemes/<uuid:uuid>/acces/<int:key>/terminer/", access.end_access, name="end_access"),
    path("publications/<uuid:uuid>/", publication.second_look, name="second_look"),
    path("signalements/", error_reports.error_reports, name="error_reports"),
    path("signalements/<uuid:uuid>/", error_reports.error_report, name="error_report"),
    path("importations/", imports.imports, name="imports"),
    path("importations/inventaire/", inventory.import_inventory, name="import_inventory"),
    path("importations/registre/", imports.import_register, name="import_register"),
    path("importations/<uuid:uuid>/", imports.import_run, name="import_run"),
    path("importations/<uuid:uuid>/colonnes/", inventory.import_columns, name="import_columns"),
    path("importations/<uuid:uuid>/feuille/", inventory.import_sheet, name="import_sheet"),
    path("importations/<uuid:uuid>/apercu/", inventory.import_preview, name="import_preview"),
    path("importations/<uuid:uuid>/importer/", inventory.import_start, name="import_start"),
    path("importations/<uuid:uuid>/abandonner/", inventory.import_abandon, name="import_abandon"),
    path("importations/<uuid:uuid>/declarer/", import_entry, name="import_entry"),
    path("importations/<uuid:uuid>/annuler/", import_undo, name="import_undo"),
    path("importations/<uuid:uuid>/lignes/<int:number>/", import_row, name="import_row"),
    path("importations/<uuid:uuid>/lignes-rejetees/", imports.import_rejects, name="import_rejects"),
]
