"""The federal inventory of the United States: lists, dates, answers in many spellings, numbers that repeat."""

from collections.abc import Mapping
from typing import Any

import pytest

from registry.standards.foreign import Accepted, Recoding, Rejected, count_recodings, digest, to_document
from registry.standards.tabular import UnreadableFile, read_table
from registry.standards.united_states import COLUMNS, KNOWN_HEADERS, parse_register
from tests.registry.imports.builders import csv_of, xlsx_of
from tests.registry.registers import UNITED_STATES, united_states


def parse(*rows: Mapping[str, str], columns: tuple[str, ...] = tuple(UNITED_STATES)) -> list[Any]:
    return list(parse_register(read_table(csv_of(rows, columns), known_headers=KNOWN_HEADERS)))


def one(**cells: str) -> Accepted:
    (parsed,) = parse(united_states(**cells))
    assert isinstance(parsed, Accepted)
    return parsed


def test_a_record_keeps_all_that_its_source_says() -> None:
    parsed = one()
    document = to_document(parsed.record)
    assert document["names"] == {"en": "Marsh Watch"}
    assert document["organization"] == {"en": "Department of Wetlands"}
    assert document["texts"]["purpose"] == {"en": "Counting birds takes weeks."}
    assert document["codes"] == {
        "phase": "in_service",
        "high_impact": "high",
        "rights_safety": "unknown",
        "topic": "science",
        "technique": "vision",
        "origin": "supplier",
        "personal_information": "no",
        "withheld": "no",
        "authorization": "yes",
        "custom_code": "yes",
        "testing": "yes",
        "impact_assessment": "in_progress",
        "independent_review": "caio",
        "monitoring": "yes",
        "training": "in_progress",
        "failsafe": "not_applicable",
        "appeal": "precluded",
    }
    assert document["lists"] == {"demographics": ["none"], "consultation": ["usability", "other"]}
    assert document["dates"] == {"operational": "2024-10-01"}
    assert (document["vendor"], document["languages"], document["licence"]) == (
        "Wing and Reed",
        ["en"],
        "US-Government-Work",
    )
    assert document["details"]["agency_bureau"] == "Bureau of Reeds"
    assert document["details"]["pia_url"] == "https://wetlands.example/pia"
    assert parsed.recodings == (Recoding("operational_date", "spelling", "10/1/2024", "2024-10-01"),)


def test_the_mailbox_of_a_person_is_left_out() -> None:
    assert "somebody@" not in str(to_document(one().record))


@pytest.mark.parametrize(
    ("column", "concept", "text", "code", "kind"),
    [
        (
            "development_stage",
            "phase",
            "a) Pre-deployment – The use case is in a development status.",
            "development",
            "s",
        ),
        ("development_stage", "phase", "b)  b)  Pilot – The use case has been deployed.", "pilot", "s"),
        ("development_stage", "phase", "Pilot ñ The use case has been deployed", "pilot", "s"),
        ("development_stage", "phase", "deployed", "in_service", "s"),
        ("development_stage", "phase", "Operation and Maintenance", "in_service", "s"),
        ("development_stage", "phase", "Almost there", "unknown", "u"),
        ("is_high_impact", "high_impact", "Presumed High-Impact, but Not High-impact", "presumed_not", ""),
        (
            "is_high_impact",
            "high_impact",
            "b) Presumed high-impact, but determined not high impact",
            "presumed_not",
            "s",
        ),
        ("is_high_impact", "high_impact", "c) Not high-impact", "not_high", "s"),
        ("has_pii", "personal_information", "Yes - Employee names and communications", "yes", "s"),
        ("has_pii", "personal_information", "TRUE", "yes", "s"),
        ("has_pii", "personal_information", "b) Yes", "yes", "s"),
        ("has_pii", "personal_information", "Depends on data sources analyzed", "unknown", "u"),
        ("contracting_usage", "origin", "a) Purchased from a vendor", "supplier", "s"),
        ("contracting_usage", "origin", "Contracting and In House", "mixed", ""),
        ("classification", "technique", "Natural Language Processing: AI that processes language.", "language", "s"),
        ("topic_area", "topic", "Other – Economic & Financial", "other", "s"),
        ("is_withheld", "withheld", "Yes - Disclosure Risk", "disclosure_risk", ""),
        ("hi_independent_review", "independent_review", "Yes – by the CAIO", "caio", ""),
        ("hi_appeal_process", "appeal", "N/A", "not_applicable", "s"),
        ("hi_failsafe_presence", "failsafe", "", "unknown", "b"),
    ],
)
def test_answers_in_many_spellings(column: str, concept: str, text: str, code: str, kind: str) -> None:
    parsed = one(**{column: text})
    assert parsed.record.codes[concept] == code
    kinds = {"s": {"spelling", "synonym"}, "u": {"unrecognized"}, "b": {"blank"}, "": set()}[kind]
    said = {each.kind for each in parsed.recodings if each.field == column}
    assert said <= kinds and bool(said) == bool(kinds)


@pytest.mark.parametrize(
    ("column", "concept", "text", "words"),
    [
        ("topic_area", "topic", "Other – Economic & Financial", "Other – Economic & Financial"),
        ("topic_area", "topic", "Other (use other text field)", ""),
        ("topic_area", "topic", "Fisheries", "Fisheries"),
        ("hi_training_established", "training", "b) Development of protocols", "b) Development of protocols"),
        ("hi_training_established", "training", "b) In-progress", ""),
        ("has_pii", "personal_information", "Yes - Names of staff", "Yes - Names of staff"),
        ("is_withheld", "withheld", "Yes - Disclosure Risk", ""),
        ("development_stage", "phase", "In production (less than 6 months)", "In production (less than 6 months)"),
        ("development_stage", "phase", "TBD", ""),
        ("hi_failsafe_presence", "failsafe", "N/A", ""),
    ],
)
def test_an_answer_that_says_more_than_its_code_keeps_its_words(
    column: str, concept: str, text: str, words: str
) -> None:
    assert one(**{column: text}).record.texts.get(concept, {}).get("en", "") == words


@pytest.mark.parametrize(
    ("text", "codes", "words"),
    [
        ("[]", (), ""),
        ("['b) Sex', 'c) Age']", ("sex", "age"), ""),
        ('["Race/Ethnicity","Income"]', ("race", "income"), ""),
        ("b) Sex c) Age", ("sex", "age"), ""),
        ("c) Age; i) Income", ("age", "income"), ""),
        ("Race/Ethnicity, Sex/Gender, Age", ("race", "sex", "age"), ""),
        ("['Age and Sex']", (), "Age and Sex"),
        ("['c) Age', 'the way they walk']", ("age",), "the way they walk"),
        ("['c) Age', 'c) Age']", ("age",), ""),
        ("['None - no trait of people is used']", ("none",), "None - no trait of people is used"),
        ("['l) Other: the way they walk', 'None']", ("other",), "l) Other: the way they walk"),
        ("['Unknown']", (), ""),
        ("__import__('os').system('x')", (), "__import__('os').system('x')"),
    ],
)
def test_several_answers_become_codes_and_the_rest_keeps_its_words(text: str, codes: tuple[str], words: str) -> None:
    record = one(demographic_features=text).record
    assert record.lists["demographics"] == codes
    assert record.texts.get("demographics", {}).get("en", "") == words


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2024-10-01 00:00:00", "2024-10-01"),
        ("01/2024", "2024-01"),
        ("07/25/2024 12:00:00 AM", "2024-07-25"),
        ("9/1/2019 0:00", "2019-09-01"),
        ("Jan-03", "2003-01"),
        ("2020", "2020"),
        ("31/12/2023", "2023-12-31"),
        ("March 3, 2024", "2024-03-03"),
        ("45566", "2024-10-01"),
    ],
)
def test_dates_are_as_precise_as_they_were_written(text: str, date: str) -> None:
    assert one(operational_date=text).record.dates == {"operational": date}


@pytest.mark.parametrize("text", ["FY25", "Q3 2024", "2024-13-01", "soon", "02/30/2024"])
def test_what_is_no_date_keeps_its_words(text: str) -> None:
    parsed = one(operational_date=text)
    assert parsed.record.dates == {} and parsed.record.details["operational_date"] == text
    assert [each.kind for each in parsed.recodings] == ["unrecognized"]


def test_a_bare_number_is_one_within_its_agency() -> None:
    rows = parse(
        united_states(id="34"),
        united_states(id="34", agency="EPA", agency_name="Environment"),
        united_states(id="DOW-34"),
        united_states(id="34"),
    )
    assert [each.record.source_id for each in rows] == ["DOW:34", "EPA:34", "DOW-34", "DOW:34"]
    assert rows[3].repeats == 2
    assert [each.kind for each in rows[0].recodings if each.field == "id"] == ["prefixed"]


@pytest.mark.parametrize("source_id", ["", "TBD", "N/A"])
def test_without_number_agency_bureau_and_name_tell_a_record_apart(source_id: str) -> None:
    first, other, twin, repeat = parse(
        united_states(id=source_id),
        united_states(id=source_id, agency_bureau="Bureau of Ducks"),
        united_states(id=source_id, benefits="None so far"),
        united_states(id=source_id, use_case_name="Marsh  WATCH "),
    )
    assert first.record.source_id.startswith("DOW~") and first.record.source_id != other.record.source_id
    assert (twin.reason, twin.field, twin.params) == ("same_name", "id", {"first_row": 2})
    # The name is spelled otherwise: it is the same record, but not word for word.
    assert repeat.reason == "same_name"
    alone = parse(united_states(id=source_id, benefits="None so far"))[0]
    assert alone.record.source_id == first.record.source_id, "it depends on no other row"


def test_a_number_used_twice_stays_with_the_first() -> None:
    first, repeat, other = parse(united_states(), united_states(), united_states(benefits="x"))
    assert (repeat.repeats, repeat.record) == (2, first.record)
    assert isinstance(other, Rejected) and (other.reason, other.params) == ("duplicate_id", {"first_row": 2})


def test_a_row_without_name_stays_out_with_its_number() -> None:
    (parsed,) = parse(united_states(use_case_name=" "))
    assert (parsed.reason, parsed.field, parsed.source_id) == ("missing_name", "use_case_name", "DOW-001")


def test_columns_in_any_order_under_the_questions_of_the_form() -> None:
    questions = {
        "Bureau/Component": "agency_bureau",
        "Use Case Name": "use_case_name",
        "Use Case ID\n\n[Agency Abbrev.] – [#]": "id",
        "Stage of Development": "development_stage",
        "Is the AI use case high-impact?": "is_high_impact",
        "What problem is the AI intended to solve?": "problem_solved",
        "Does this AI use case  involve personally  identifiable information (PII)  that is maintained by the  agency?":
            "has_pii",
        "Which, if any, demographic  variables does the AI use  case explicitly use as model  features?":
            "demographic_features",
        "Vendor(s) Name": "vendor_name",
    }  # fmt: skip
    content = xlsx_of([list(questions), [UNITED_STATES[column] for column in questions.values()]])
    (parsed,) = parse_register(read_table(content, known_headers=KNOWN_HEADERS))
    assert isinstance(parsed, Accepted)
    assert parsed.record.source_id == "DOW-001"
    assert dict(parsed.record.organization) == {"en": "Bureau of Reeds"}
    assert parsed.record.codes["personal_information"] == "no" and parsed.record.lists["demographics"] == ("none",)


def test_the_titles_of_the_year_before() -> None:
    row = {
        "Use Case Name": "Marsh Watch",
        "Agency": "Department of Wetlands",
        "Agency Abbreviation": "DOW",
        "Bureau": "Bureau of Reeds",
        "Use Case Topic Area": "Health & Medical",
        "What is the intended purpose and expected benefits of the AI?": "Counting",
        "Stage of Development": "Implementation and Assessment",
        "Is the AI use case rights-impacting, safety-impacting, both, or neither?": "Safety-impacting",
        "Date Initiated": "7/1/2023",
        "Date Implemented": "",
    }
    content = csv_of([row]).decode("utf-8-sig").encode("cp1252")
    (parsed,) = parse_register(read_table(content, known_headers=KNOWN_HEADERS))
    assert isinstance(parsed, Accepted)
    record = parsed.record
    assert (record.organization, record.codes["rights_safety"]) == ({"en": "Department of Wetlands"}, "safety")
    assert record.source_id.startswith("DOW~") and record.dates == {"initiated": "2023-07-01"}
    assert (record.codes["topic"], record.texts["purpose_and_benefits"]) == ("health", {"en": "Counting"})


@pytest.mark.parametrize("column", [column for column in UNITED_STATES if column not in {"use_case_name", "id"}])
def test_any_other_column_may_be_absent(column: str) -> None:
    (parsed,) = parse(united_states(), columns=tuple(each for each in UNITED_STATES if each != column))
    assert isinstance(parsed, Accepted)
    if column in COLUMNS:
        assert Recoding(column, "absent", "", "") in parsed.recodings
        assert parsed.unsaid or column in {"agency", "agency_name"}


def test_another_file_is_refused() -> None:
    for content in (b"Nom,Statut\nA,B\n", b"agency,id\nDOW,1\n"):
        with pytest.raises(UnreadableFile) as refusal:
            parse_register(read_table(content, known_headers=KNOWN_HEADERS))
        assert refusal.value.code == "not_this_register"
    with pytest.raises(UnreadableFile) as refusal:
        parse(united_states(), columns=tuple(each for each in UNITED_STATES if each != "use_case_name"))
    assert (refusal.value.code, refusal.value.params["columns"]) == ("missing_columns", "use_case_name")


def test_the_same_by_another_program_has_the_same_digest() -> None:
    rows = [united_states(number, benefits="Fewer walks – «more» birds’ nests") for number in range(1, 4)]
    clean = [digest(each.record) for each in parse(*rows)]
    text = csv_of(rows).decode("utf-8-sig")
    for encoding in ("cp1252", "utf-16", "utf-8"):
        table = read_table(text.encode(encoding), known_headers=KNOWN_HEADERS)
        assert [digest(each.record) for each in parse_register(table)] == clean


def test_recodings_are_counted() -> None:
    counted = count_recodings(parse(united_states(1, has_pii="b) Yes"), united_states(2, has_pii="b) Yes")))
    assert {"field": "has_pii", "kind": "synonym", "from": "b) Yes", "to": "yes", "count": 2} in counted
