"""What is no questionnaire is refused at once, by the place of its fault, whatever is wrong with it."""

import copy
import json
import time

import pytest

from assessments.questionnaires import NotAQuestionnaire, canonical, check_content, digest_of, load, read_text
from assessments.questionnaires.reach import Reach, never_shown
from assessments.questionnaires.reading import read_questionnaire
from assessments.services.facts import RECORD


def at(content, path):
    for part in path.split("/"):
        content = content[int(part)] if isinstance(content, list) else content[part]
    return content


@pytest.fixture
def refused(contents):
    """`refused("sections/0/questions/0", {"kind": "table"})`: the refusal of the questionnaire with that change."""

    def refuse(path, change, name="every_kind"):
        content = copy.deepcopy(contents[name])
        holder = at(content, path) if path else content
        holder.update(change) if isinstance(holder, dict) else holder.extend(change)
        with pytest.raises(NotAQuestionnaire) as refusal:
            check_content(content, record=RECORD)
        return refusal.value

    return refuse


Q = "sections/0/questions"
TEXT = {"fr": "x", "en": "x"}
YES = {"answer": "sensitive", "in": ["yes"]}


@pytest.mark.parametrize(
    ("path", "change", "place", "words"),
    [
        ("", {"title": {"fr": "Seul"}}, "title", "'en' is a required property"),
        (f"{Q}/0/label", {"en": "  "}, f"{Q}/0/label/en", "does not match"),
        (f"{Q}/0", {"max_length": "80"}, f"{Q}/0/max_length", "not of type"),
        (f"{Q}/0", {"kind": "horoscope"}, f"{Q}/0/kind", "horoscope"),
        (f"{Q}/0", {"colour": "red"}, f"{Q}/0", "colour"),
        (f"{Q}/0", {"id": "Nom complet"}, f"{Q}/0/id", "does not match"),
        (f"{Q}/0", {"kind": "table"}, f"{Q}/0", "columns"),
        (f"{Q}/0", {"options": []}, f"{Q}/0/options", ""),
        ("", {"issued": "le 3 mars"}, "issued", "date"),
        ("", {"version": "1"}, "version", "match"),
        ("", {"sections": []}, "sections", ""),
        (f"{Q}/0", {"id": "story"}, "questions", "'story' is there twice"),
        ("sections/1", {"code": "project"}, "sections", "'project' is there twice"),
        (f"{Q}/3/options/1", {"code": "few"}, "project/people/options", "'few' is there twice"),
        ("risks/1", {"code": "access"}, "risks", "'access' is there twice"),
        ("matrix/levels/1", {"code": "low"}, "matrix/levels", "'low' is there twice"),
        ("matrix/moments/1", {"code": "before"}, "matrix/moments", "'before' is there twice"),
        ("matrix/levels/0", {"cells": [[1, 1]]}, "matrix/levels", "sixteen cells"),
        (f"{Q}/0", {"refs": ["nowhere"]}, "project/name/refs", "'nowhere' is not known"),
        ("sections/0", {"part": "third"}, "project/part", "'third' is not known"),
        ("measures/0", {"risks": ["fire"]}, "measures/locks/risks", "'fire' is not known"),
        ("outcomes/0/rules/0", {"refs": ["nowhere"]}, "outcomes/other/refs", "'nowhere' is not known"),
        ("outcomes/0/rules/2", {"when": YES}, "outcomes/other", "the last rule"),
        ("depth", {"factors": ["nobody"]}, "depth/factors", "'nobody' is not known"),
        ("depth", {"refs": ["nowhere"]}, "depth/refs", "'nowhere' is not known"),
        (f"{Q}/1", {"visible_when": {"answer": "nobody", "in": ["x"]}}, "project/story", "no question is"),
        (f"{Q}/4", {"visible_when": {"answer": "people", "in": ["none"]}}, "project/uses", "'none' is not known"),
        (f"{Q}/1", {"visible_when": {"answer": "name", "in": ["x"]}}, "project/story", "'x' is not known"),
        (f"{Q}/1", {"visible_when": {"fact": "body.colour", "in": ["x"]}}, "project/story", "no fact 'colour'"),
        (f"{Q}/1", {"visible_when": {"fact": "system.colour", "in": ["x"]}}, "project/story", "no field 'colour'"),
        (f"{Q}/1", {"visible_when": {"fact": "moon.phase", "in": ["x"]}}, f"{Q}/1/visible_when", ""),
        (f"{Q}/1", {"visible_when": {"all": [], "any": []}}, f"{Q}/1/visible_when", "one of `all`, `any`, `not`"),
        (f"{Q}/1", {"visible_when": {"answer": "story", "answered": True}}, "project/story", "depends on itself"),
        (f"{Q}/1", {"visible_when": YES}, "project/story", "'sensitive', which is asked later"),
        (f"{Q}/4/options/0", {"visible_when": {"answer": "uses", "in": ["deciding"]}}, "project/uses", "itself"),
        ("sections/0", {"visible_when": YES}, "project", "'sensitive', which is asked later"),
        ("sections/1", {"visible_when": {"answer": "law", "answered": True}}, "details", "'law', which is asked later"),
        (f"{Q}/3", {"depth": "full"}, "project/people", "asked at every depth"),
        ("risks/0", {"visible_when": {"answer": "ratings_of_risks", "answered": True}}, "access", "that holds it"),
        ("measures/0", {"visible_when": {"answer": "measures", "answered": True}}, "locks", "that holds it"),
        ("depth/rules/0", {"when": {"answer": "ratings_of_risks", "answered": True}}, "depth/rules", "follow from"),
        ("sections/1/questions/7/columns/0", {"code": "row"}, "details/data/columns", "'row' is taken"),
        ("sections/1/questions/6/lines/0", {"code": "files"}, "details/clauses/lines", "'files' is taken"),
        ("measures/0", {"code": "r0001aaaa"}, "measures/r0001aaaa", "like that of a row"),
        ("sections/1/questions/7/columns/0", {"kind": "single_choice"}, "details/data/columns/what", "has options"),
        (f"{Q}/5", {"kind": "measures", "at_most": 3}, "risks/measures", "no more"),
        ("scoring/levels/1", {"from": 0}, "scoring/levels", "higher"),
        ("scoring/levels/1", {"code": "calm"}, "scoring/levels", "'calm' is there twice"),
        (f"{Q}/5", {"at_most": float("nan")}, f"{Q}/5/at_most", "too large"),
        (f"{Q}/5", {"at_most": float("inf")}, f"{Q}/5/at_most", "too large"),
        (f"{Q}/5", {"at_most": 10**400}, f"{Q}/5/at_most", "too large"),
        ("", {"licence": "a\x00b"}, "licence", "nobody sees"),
        ("", {"licence": "\ud800"}, "licence", "nobody sees"),
        ("", {"licence": b"x"}, "licence", "bytes"),
        ("sources", {7: {}}, "sources", "each key is a text"),
        ("", {"parts": {"a"}}, "parts", "set"),
    ],
    ids=str,
)
def test_a_fault_is_named_by_its_place(refused, path, change, place, words):
    found = refused(path, change, "five_questions" if path.startswith("scoring") else "every_kind")
    assert (found.place, words in found.problem) == (place, True), str(found)


def test_a_list_of_risks_needs_a_matrix_and_risks(contents):
    for gone, place in (("matrix", "matrix"), ("measures", "risks/measures")):
        content = {key: value for key, value in copy.deepcopy(contents["every_kind"]).items() if key != gone}
        with pytest.raises(NotAQuestionnaire) as refusal:
            check_content(content)
        assert refusal.value.place == place


# --- What nothing can ever show ----------------------------------------------------------------------------------
HAS = {"answer": "uses", "in": ["deciding"]}
FEW = {"answer": "people", "in": ["few"]}
PROFILING = {"answer": "uses", "in": ["profiling"]}
RECORDS = {"answer": "records", "answered": True}
AT_LEAST = {"answer": "records", "at_least": 100}
COMMITTEE = {"fact": "body.has_committee", "in": [True]}


@pytest.mark.parametrize(
    ("path", "condition", "place"),
    [
        (f"{Q}/5", {"all": [YES, {"answer": "sensitive", "in": ["no"]}]}, "project/records"),
        (f"{Q}/5", {"all": [YES, {"not": YES}]}, "project/records"),
        (f"{Q}/5", {"all": [FEW, {"answer": "people", "in": ["many"]}]}, "project/records"),
        (f"{Q}/5", {"points_of": ["people", "uses"], "at_least": 11}, "project/records"),
        (f"{Q}/5", {"not": {"points_of": ["people"], "at_least": 0}}, "project/records"),
        (f"{Q}/5", {"all": [COMMITTEE, {"not": {**COMMITTEE, "in": ["true"]}}]}, "project/records"),
        ("sections/1/questions/3", {"answer": "people", "in": ["few"]}, "details/why"),
        ("sections/1/questions/3", {"answer": "records", "at_least": 2_000_000}, "details/why"),
        ("sections/1/questions/3", {"answer": "name", "at_least": 1}, "details/why"),
        ("sections/1/questions/3", {"all": [{"not": RECORDS}, {**AT_LEAST, "at_least": 3}]}, "details/why"),
        ("sections/1", {"all": [YES, {"answer": "sensitive", "in": ["unsure"]}]}, "details"),
        ("sections/1/questions/6/lines/1", {"answer": "people", "in": ["few"]}, "details/clauses/training"),
        ("risks/2", {"all": [PROFILING, {"answer": "sensitive", "in": ["no"]}]}, "risk_list/tracking"),
        ("measures/2", {"all": [YES, {"not": YES}]}, "measures/erasing"),
    ],
    ids=str,
)  # fmt: skip
def test_what_no_answer_can_show_is_refused(refused, path, condition, place):
    found = refused(path, {"visible_when": condition})
    assert (found.place, "no answer can ever" in found.problem) == (place, True), str(found)


def test_a_rule_that_nothing_leads_to_is_refused(refused):
    assert refused("depth/rules/0", {"when": {"all": [YES, {"not": YES}]}}).place == "depth/rules/0"
    assert refused("outcomes/0/rules/1", {"when": YES}).place == "outcomes/other/1"
    always = {"any": [YES, {"not": YES}]}
    assert refused("outcomes/0/rules/1", {"when": always}).place == "outcomes/other/2"


@pytest.mark.parametrize(
    ("path", "condition"),
    [
        (f"{Q}/5", {"all": [HAS, {"answer": "uses", "in": ["sorting"]}]}),
        (f"{Q}/5", {"all": [{"answer": "uses", "answered": True}, {"not": HAS}]}),
        (f"{Q}/5", {"all": [{"fact": "body.regimes", "in": ["a"]}, {"fact": "body.regimes", "in": ["b"]}]}),
        (f"{Q}/5", {"points_of": ["people", "uses"], "at_least": 10}),
        (f"{Q}/5", {"not": {"answer": "people", "answered": True}}),
        ("sections/1/questions/3", {"answer": "law", "answered": False}),
        ("sections/1/questions/3", {"not": {"answer": "records", "at_least": 1}}),
        ("sections/1/questions/9", {"all": [{"answer": "clauses", "answered": True}, {"not": RECORDS}]}),
    ],
    ids=str,
)  # fmt: skip
def test_what_some_answer_can_show_is_let_through(contents, path, condition):
    content = copy.deepcopy(contents["every_kind"])
    at(content, path)["visible_when"] = condition
    assert check_content(content)


def test_more_than_can_be_tried_is_let_through(contents):
    """Prudent: it says «never» only of what it has proven."""
    content = copy.deepcopy(contents["every_kind"])
    (project, *_others) = content["sections"]
    many = [{"id": f"q{n}", "kind": "yes_no_unsure", "label": TEXT} for n in range(40)]
    goal = {
        "all": [{"any": [{"answer": f"q{n}", "in": ["yes"]}, {"answer": f"q{n + 1}", "in": ["no"]}]} for n in range(38)]
    }
    last = {"id": "last", "kind": "text", "label": TEXT, "visible_when": {"all": [goal, {"not": goal}]}}
    project["questions"] = [*project["questions"], *many, last]
    started = time.monotonic()
    assert check_content(content)
    assert time.monotonic() - started < 10


def test_reach_turns_back_as_soon_as_all_is_lost(contents):
    reach = Reach(read_questionnaire(contents["every_kind"]))
    assert not reach.can_hold([YES, {"not": YES}])
    assert reach._tries < 10
    assert not list(never_shown(read_questionnaire(contents["every_kind"])))


# --- Files that are cut short, cunning or huge ---------------------------------------------------------------------
BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 10)
)
NESTED = "{not: " * 200 + "{}" + "}" * 200
HOSTILE = {
    "nothing": b"",
    "a word": b"bonjour",
    "a list": b"- a\n- b\n",
    "two documents": b"a: 1\n---\nb: 2\n",
    "billions of laughs": BOMB.encode(),
    "a circle": b"id: &a [*a]\n",
    "python": b"id: !!python/object/apply:os.system ['true']\n",
    "python name": b"id: !!python/name:os.system\n",
    "an unknown tag": b"id: !here x\n",
    "a set": b"id: !!set {a, b}\n",
    "bytes": b"id: !!binary aGVsbG8=\n",
    "a wrong date": b"issued: !!timestamp 2026-99-99\n",
    "a list for a key": b"? [a]\n: b\n",
    "a number for a key": b"1: x\n",
    "the same key twice": b"id: a\nid: b\n",
    "ten megabytes": b"id: " + b"x" * 10_000_000,
    "deep lists": b"[" * 100_000,
    "deep maps": NESTED.encode(),
    "an endless text": b'id: "abc',
    "not UTF-8": b"id: \xff\xfe\xfa",
    "tabs": b"id:\n\t- x\n",
    "a long number": b"id: " + b"9" * 5000,
    "NaN": b"id: .nan\n",
    "an alias to nothing": b"id: *nothing\n",
    "a merge of nothing": b"<<: 3\n",
    "broken JSON": b'{"id": "x", "version":',
    "many keys": b"\n".join(b"k%d: 1" % n for n in range(150_000)),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_at_once_with_its_place(tmp_path, name):
    path = tmp_path / "1.0.yaml"
    path.write_bytes(HOSTILE[name])
    started = time.monotonic()
    with pytest.raises(NotAQuestionnaire) as refusal:
        load(path)
    assert time.monotonic() - started < 5
    assert str(refusal.value) and len(str(refusal.value)) < 500


def branches(number):
    condition = YES
    for _level in range(number):
        condition = {"all": [condition], "any": [condition], "not": condition}
    return condition


def deep(number):
    condition = YES
    for _level in range(number):
        condition = {"not": condition}
    return condition


@pytest.mark.parametrize("condition", [branches(20), deep(25), deep(900)], ids=["branches", "deep", "deeper"])
def test_a_condition_that_would_be_tried_for_ever_is_refused_at_once(refused, condition):
    started = time.monotonic()
    refused(f"{Q}/5", {"visible_when": condition})
    assert time.monotonic() - started < 2


@pytest.mark.parametrize(
    "content", [None, 3, "x", [], [{}], {}, {"id": None}, {"sections": {}}, {"id": {"id": {}}}], ids=str
)
def test_what_is_not_even_a_map_of_the_right_shape(content):
    with pytest.raises(NotAQuestionnaire):
        check_content(content)


def test_each_value_of_a_wrong_type_is_refused_and_nothing_else_happens(contents):
    """Every value of the whole file in its turn, replaced by what it is not."""
    whole = contents["five_questions"]

    def places(value, place=()):
        yield place
        pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        for key, each in pairs:
            yield from places(each, (*place, key))

    for place in places(whole):
        for wrong in (None, 3.5, [], {}, [None], {"x": None}, "", True):
            content = copy.deepcopy(whole)
            if not place:
                continue
            holder = content
            for part in place[:-1]:
                holder = holder[part]
            holder[place[-1]] = wrong
            try:
                check_content(content)
            except NotAQuestionnaire:
                pass


def test_cut_short_anywhere_it_is_refused(tmp_path, contents):
    text = json.dumps(contents["five_questions"])
    for end in range(1, len(text) - 1, 97):
        path = tmp_path / "cut.yaml"
        path.write_text(text[:end], encoding="utf-8")
        with pytest.raises(NotAQuestionnaire):
            load(path)


def test_the_digest_depends_on_the_content_alone(tmp_path, contents):
    content = contents["every_kind"]
    turned = json.loads(json.dumps(content, sort_keys=True))
    path = tmp_path / "1.0.yaml"
    path.write_text(json.dumps(turned, ensure_ascii=False, indent=1), encoding="utf-8")
    assert digest_of(load(path)) == digest_of(content)
    assert json.loads(canonical(content)) == content


def test_words_of_yaml_stay_words(contents):
    text = "id: no\nversion: on\nissued: 2026-11-23\nok: [yes, off, true, false]\n"
    assert read_text(text.encode(), name="x") == {
        "id": "no", "version": "on", "issued": "2026-11-23", "ok": ["yes", "off", True, False],
    }  # fmt: skip
