"""English of the rows of a system and of the claims of a supplier: asked, shown and kept where the body publishes in
English, and nowhere else.
"""

import csv
import io
import zipfile

import pytest
from django.db import connection

from core.services import EditConflict, InvalidInput
from organizations.models import Organization
from organizations.workflow import Role
from registry.exports.systems import SystemsFile
from registry.field_catalogue import CATALOGUE
from registry.models import AISystem, HostingSite, PrincipleAnswer, SolutionClaim
from registry.models.parts import PART_MODELS
from registry.models.rows import rows_of
from registry.public.facts import progress_of
from registry.services.duplicates import COPIED_PARTS, duplicate_system
from registry.services.parts import add_part, remove_part, save_part
from registry.services.put_away import bring_back_system, put_away_system
from registry.services.solutions import remove_claim, save_claim
from tests.factories.organizations import person
from tests.factories.solutions import CLAIM, claim_of, solution_of
from tests.factories.whole import fill
from tests.registry.api import Program, at, refused

pytestmark = pytest.mark.django_db
SITE = {"name_fr": "Base de données", "place_fr": "Québec", "country": "quebec"}
ENGLISH = {"name_en": "Database", "place_en": "Québec City"}


@pytest.fixture
def bilingual(body) -> Organization:
    body.publishes_in_english = True
    body.save()
    return body


@pytest.fixture
def site(system, editor) -> HostingSite:
    return add_part(system=system, part="hosting", answers={**SITE, **ENGLISH}, by=editor)


def adding(system, part="hosting") -> str:
    return f"/fr/espace/systemes/{system.uuid}/lignes/{part}/ajouter/"


def changing(row, part="hosting", language="fr") -> str:
    return f"/{language}/espace/systemes/{row.system.uuid}/lignes/{part}/{row.uuid}/"


def no_longer_in_english() -> None:
    Organization.objects.update(publishes_in_english=False)


# --- The form -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("part", [part.code for part in CATALOGUE.parts])
def test_each_twin_is_asked_right_under_its_french_field(system, editor, bilingual, as_user, part):
    form = as_user(editor).get(adding(system, part)).context["form"]
    asked = [bound.name for bound in form.bound_fields]
    assert set(asked) == {field.code for field in CATALOGUE.part(part).columns}
    for twin in CATALOGUE.part(part).twins:
        bound = form[twin.code]
        assert asked.index(twin.code) == asked.index(twin.twin_of) + 1
        assert bound.label == twin.label["fr"] and bound.field.is_optional
        assert bound.field.widget.attrs["lang"] == "en" and bound.field.max_length == twin.max_length


@pytest.mark.parametrize("part", [part.code for part in CATALOGUE.parts])
def test_a_body_that_publishes_in_french_alone_is_not_asked(system, editor, as_user, part):
    form = as_user(editor).get(adding(system, part)).context["form"]
    assert [bound.name for bound in form.bound_fields] == [field.code for field in CATALOGUE.part(part).fields]


def test_english_is_saved_from_the_form_and_french_stays_mandatory(system, editor, bilingual, as_user):
    client = as_user(editor)
    sent = {**SITE, "name_en": "  Data\tbase <script>", "place_en": "x" * 201}
    refusal = client.post(adding(system), sent)
    assert refusal.status_code == 422 and 'href="#id_place_en"' in refusal.content.decode()
    refusal = client.post(adding(system), {**sent, **ENGLISH, "name_fr": ""})
    assert refusal.status_code == 422 and 'href="#id_name_fr"' in refusal.content.decode()
    assert not HostingSite.objects.exists()
    assert client.post(adding(system), {**sent, "place_en": ""}).status_code == 303
    row = HostingSite.objects.get()
    assert (row.name_en, row.place_en) == ("Data base <script>", "")
    page = client.get(f"/fr/espace/systemes/{system.uuid}/questions/model/").content.decode()
    assert "Data base &lt;script&gt;" in page


def test_english_sent_to_a_body_that_publishes_in_french_alone_is_not_read(system, editor, as_user):
    assert as_user(editor).post(adding(system), {**SITE, **ENGLISH}).status_code == 303
    row = HostingSite.objects.get()
    assert (row.name_en, row.place_en) == ("", "")


def test_a_body_that_stops_publishing_in_english_loses_and_sees_nothing_of_it(bilingual, site, editor, as_user):
    no_longer_in_english()
    client = as_user(editor)
    sent = {**SITE, "version": 1, "place_fr": "Lévis", "name_en": "", "place_en": "Elsewhere"}
    assert client.post(changing(site), sent).status_code == 303
    site.refresh_from_db()
    assert (site.place_fr, site.name_en, site.place_en) == ("Lévis", "Database", "Québec City")
    for path in ("", "questions/model/", f"lignes/hosting/{site.uuid}/"):
        page = client.get(f"/fr/espace/systemes/{site.system.uuid}/{path}").content.decode()
        assert "Base de données" in page and "Database" not in page, path


def test_two_people_on_the_same_twin_see_both_texts_and_choose(bilingual, site, editor, as_user):
    second = person(bilingual, Role.CONTRIBUTOR)
    save_part(row=site, part="hosting", answers={"place_en": "Quebec"}, version=1, by=second)
    client, sent = as_user(editor), {**SITE, **ENGLISH, "version": 1, "place_en": "Gatineau"}
    page = client.post(changing(site), sent)
    assert page.status_code == 409 and "Quebec" in page.content.decode()
    assert "Gatineau" in page.content.decode()
    assert client.post(changing(site), {**sent, "version": 2, "place_en": "Quebec and Gatineau"}).status_code == 303
    site.refresh_from_db()
    assert site.place_en == "Quebec and Gatineau"


# --- The service ----------------------------------------------------------------------------------------------------
def test_a_twin_is_cleaned_and_as_long_as_its_french_at_most(bilingual, system, editor):
    row = add_part(system=system, part="hosting", answers={**SITE, "name_en": " Data\x00\u202ebase "}, by=editor)
    assert row.name_en == "Database"
    with pytest.raises(InvalidInput) as refusal:
        save_part(row=row, part="hosting", answers={"name_en": "x" * 201}, version=1, by=editor)
    assert refusal.value.field == "name_en"
    with pytest.raises(EditConflict) as conflict:
        save_part(row=row, part="hosting", answers={"name_en": "Vault"}, version=0, by=editor)
    (difference,) = conflict.value.differences
    assert (difference.label, difference.stored, difference.typed) == (
        "Ce qui s'y trouve (en anglais)",
        "Database",
        "Vault",
    )


def test_a_twin_never_counts(bilingual, system, editor):
    filled = progress_of(fill(system, editor))
    for part in CATALOGUE.parts:
        PART_MODELS[part.code].objects.update(**{twin.code: "" for twin in part.twins})
    assert progress_of(AISystem.objects.get(pk=system.pk)) == filled and filled


def test_a_copy_of_the_system_has_the_english_of_its_rows(bilingual, editor, system):
    copy = duplicate_system(system=fill(system, editor), by=editor)
    rows, copied = rows_of(system), rows_of(copy)
    for code in COPIED_PARTS:
        for twin in CATALOGUE.part(code).twins:
            assert copied[code][0].values[twin.code] == rows[code][0].values[twin.code] != ""


def test_a_record_put_away_and_brought_back_keeps_its_english(bilingual, site, editor):
    put_away_system(system=site.system, reason="Un double", by=editor)
    bring_back_system(system=AISystem.objects.get(pk=site.system.pk), by=editor)
    site.refresh_from_db()
    assert site.name_en == "Database"


# --- What staff read ------------------------------------------------------------------------------------------------
def test_staff_read_both_texts_each_in_its_language(bilingual, site, editor, as_user):
    client = as_user(editor)
    for path in ("", "questions/model/"):
        page = client.get(f"/fr/espace/systemes/{site.system.uuid}/{path}").content.decode()
        assert "Ce qui s&#x27;y trouve (en anglais)" in page and '<dd lang="en">Database</dd>' in page
        page = client.get(f"/en/espace/systemes/{site.system.uuid}/{path}").content.decode()
        assert "<dd>Database</dd>" in page and '<dd lang="fr">Québec</dd>' in page


def test_the_history_tells_what_changed_in_english(bilingual, site, editor, as_user):
    save_part(row=site, part="hosting", answers={"place_en": "Lévis area"}, version=1, by=editor)
    remove_part(row=site, part="hosting", by=editor)
    entries = as_user(editor).get(f"/fr/espace/systemes/{site.system.uuid}/historique/").context["entries"]
    told = [(change.before, change.after, change.language) for entry in entries for change in entry.changes]
    assert ("Québec City", "Lévis area", "en") in told
    assert ("", "Database", "en") in told and ("Database", "", "en") in told


def test_files_of_a_list_have_english_columns_where_a_body_publishes_in_english(bilingual, site):
    def heads_and_row() -> dict[str, str]:
        content = SystemsFile(AISystem.objects.filter(pk=site.system.pk)).content("zip")
        lines = zipfile.ZipFile(io.BytesIO(content)).read("hosting.csv").decode("utf-8-sig").splitlines()
        return dict(zip(*csv.reader(lines, delimiter=";"), strict=True))

    twin = CATALOGUE.part("hosting").field("name_en").label["fr"]
    HostingSite.objects.update(name_en="=1+1")
    assert heads_and_row()[twin] == "'=1+1"
    no_longer_in_english()
    assert twin not in heads_and_row() and heads_and_row()["Ville ou région"] == "Québec"


# --- Programs -------------------------------------------------------------------------------------------------------
def test_a_program_writes_and_reads_english(bilingual, system, editor):
    program = Program(editor)
    added = program.post(at("parts", system.uuid, "hosting"), {"answers": {**SITE, **ENGLISH}})
    assert added.status_code == 201 and ENGLISH.items() <= added.json()["answers"].items()
    row = at("part", system.uuid, "hosting", HostingSite.objects.get().uuid)
    changed = program.patch(row, {"name_en": "Vault"}, If_Match='"1"')
    assert changed.status_code == 200 and changed.json()["answers"]["name_en"] == "Vault"
    told = refused(program.patch(row, {"name_en": "x" * 201}, If_Match="*"), 422, "invalid")
    assert told["errors"][0]["field"] == "answers.name_en"


def test_english_of_a_body_that_publishes_in_french_alone_is_refused_and_nothing_is_written(system, editor):
    program = Program(editor)
    told = refused(program.post(at("parts", system.uuid, "hosting"), {"answers": {**SITE, **ENGLISH}}), 422, "invalid")
    assert {one["field"] for one in told["errors"]} == {"answers.name_en", "answers.place_en"}
    assert not HostingSite.objects.exists()
    assert program.post(at("parts", system.uuid, "hosting"), {"answers": SITE}).status_code == 201
    row = at("part", system.uuid, "hosting", HostingSite.objects.get().uuid)
    told = refused(program.patch(row, {"name_en": "Database", "place_fr": "Lévis"}, If_Match="*"), 422, "invalid")
    assert [one["field"] for one in told["errors"]] == ["answers.name_en"]
    assert HostingSite.objects.get().place_fr == "Québec"


# --- The supplier's claims ------------------------------------------------------------------------------------------
@pytest.fixture
def claim(bilingual, editor) -> SolutionClaim:
    return claim_of(solution_of(bilingual, editor), editor, claim_en="Nine drafts out of ten are said to be good.")


def claims_of(solution, path="ajouter/") -> str:
    return f"/fr/espace/solutions/{solution.uuid}/affirmations/{path}"


def test_a_claim_is_asked_in_english_of_the_body_that_notes_it(bilingual, editor, as_user):
    solution, client = solution_of(bilingual, editor), as_user(editor)
    form = client.get(claims_of(solution)).context["form"]
    assert [bound.name for bound in form.bound_fields] == ["claim_fr", "claim_en", "source", "stated_on"]
    sent = {**CLAIM, "claim_en": "Nine out of ten."}
    assert client.post(claims_of(solution), {**sent, "claim_fr": ""}).status_code == 422
    assert client.post(claims_of(solution), sent).status_code == 303
    claim = solution.claims.get()
    assert claim.claim_en == "Nine out of ten."
    sent |= {"version": 1, "claim_en": "Nine drafts out of ten."}
    assert client.post(claims_of(solution, f"{claim.uuid}/"), sent).status_code == 303
    assert solution.claims.get().claim_en == "Nine drafts out of ten."


def test_a_claim_stays_in_french_where_the_body_publishes_in_french_alone(body, editor, as_user):
    solution, client = solution_of(body, editor), as_user(editor)
    assert "claim_en" not in client.get(claims_of(solution)).context["form"].fields
    assert client.post(claims_of(solution), {**CLAIM, "claim_en": "Nine out of ten."}).status_code == 303
    assert solution.claims.get().claim_en == ""


def test_staff_read_a_claim_in_both_languages_and_its_history(claim, editor, as_user):
    page = f"/fr/espace/solutions/{claim.solution.uuid}/"
    shown = as_user(editor).get(page).content.decode()
    assert '<blockquote class="vg-claim" lang="en"><p>Nine drafts out of ten' in shown
    save_claim(claim=claim, answers={"claim_en": "Nine in ten."}, version=1, by=editor)
    remove_claim(claim=claim, by=editor)
    changes = [one for entry in as_user(editor).get(page).context["entries"] for one in entry.changes]
    found = {(one.before, one.after) for one in changes if one.label == "Affirmation (en anglais)"}
    first, second = "Nine drafts out of ten are said to be good.", "Nine in ten."
    assert found == {("", first), (first, second), (second, "")}
    assert {one.language for one in changes if one.label == "Affirmation (en anglais)"} == {"en"}


def test_a_claim_is_shown_in_french_once_its_body_stops_publishing_in_english(claim, editor, as_user):
    no_longer_in_english()
    shown = as_user(editor).get(f"/fr/espace/solutions/{claim.solution.uuid}/").content.decode()
    assert CLAIM["claim_fr"] in shown and 'class="vg-claim" lang="en"' not in shown


# --- The version before ---------------------------------------------------------------------------------------------
def test_code_that_does_not_know_the_columns_still_writes_rows(system, editor):
    """The database fills them, and the trigger keeps the state."""
    sql = """INSERT INTO registry_principleanswer
             (uuid, version, system_id, created_at, created_by_id, updated_at, updated_by_id, principle, answer_fr)
             VALUES (gen_random_uuid(), 1, %s, now(), %s, now(), %s, '2021-p5', 'Publié.')"""
    with connection.cursor() as cursor:
        cursor.execute(sql, [system.pk, editor.pk, editor.pk])
    assert PrincipleAnswer.objects.get().answer_en == ""
    assert PrincipleAnswer.pgh_event_models["insert"].objects.get().answer_en == ""


def test_every_twin_has_a_default_in_the_database():
    columns = [(PART_MODELS[part.code], twin) for part in CATALOGUE.parts for twin in part.twins]
    columns += [(SolutionClaim, twin) for twin in CATALOGUE.shared_part("supplier_claims").twins]
    for model, twin in columns:
        column, french = model._meta.get_field(twin.code), model._meta.get_field(twin.twin_of)
        assert column.db_default == "" and column.max_length == french.max_length == twin.max_length, twin
