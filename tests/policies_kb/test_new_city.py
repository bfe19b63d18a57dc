"""A sixth city is data only. tests/data/demo_city is an invented one (README shows it); here it joins a copy of our data."""

import ast
import re
import shutil
import sys
from collections import Counter
from datetime import date

import pytest

import policies_kb
from policies_kb import check, rendering
from policies_kb.loading import DATA
from tests import figures
from tests.policies_kb.worked_examples import assert_holds, examples

DAY = date(2020, 6, 1)
CITY = "demo_city"
DOCUMENT = "demo_city-2020-1"
CLAUSES = f"{CITY}/documents/{DOCUMENT}/clauses/01-all.yml"
NUMBER = "样政办发〔2020〕1号"


def joined_data(folder, project_root):
    """Our data and the new city in one folder."""
    shutil.copytree(DATA, folder, ignore=shutil.ignore_patterns(CITY))
    shutil.copytree(project_root / "tests/data" / CITY, folder / CITY)
    return folder


@pytest.fixture(scope="module")
def kb(tmp_path_factory, project_root):
    return policies_kb.load_knowledge_base(joined_data(tmp_path_factory.mktemp("new") / "data", project_root))


@pytest.fixture(scope="module")
def ours(tmp_path_factory):
    """Our knowledge base, without the city even where somebody has put it among the others."""
    folder = tmp_path_factory.mktemp("ours") / "data"
    shutil.copytree(DATA, folder, ignore=shutil.ignore_patterns(CITY))
    return policies_kb.load_knowledge_base(folder)


def money(kb, expression):
    """A sum over the city's figures, as the calculator shows it."""
    return figures.money(DOCUMENT, expression, kb)


def words(kb, text):
    """A text with the city's figures put in."""
    return rendering.render(text, kb.documents[DOCUMENT].figures)


def say(kb, message):
    reply, _ = policies_kb.answer(kb, message, policies_kb.Context(), as_of=DAY)
    return reply


def result(kb, benefit, **facts):
    results = policies_kb.assess(kb, CITY, facts, DAY, benefit=f"{CITY}.{benefit}").to_dict()["results"]
    return results[0]


def test_the_check_finds_nothing_to_mend(tmp_path, project_root):
    ours = check.run()
    assert [str(problem) for problem in check.run(joined_data(tmp_path / "data", project_root)) if problem not in ours] == []


def test_it_is_nothing_but_data(project_root):
    assert {path.suffix for path in (project_root / "tests/data" / CITY).rglob("*") if path.is_file()} == {".yml"}


def test_it_stands_beside_the_others(kb, ours):
    assert set(kb.regions) == {*ours.regions, CITY}
    assert len(kb.benefits_of(CITY)) == 4
    assert kb.version != ours.version
    for region in ours.regions:
        before = policies_kb.assess(ours, region, {"categories": ["disabled"]}, DAY).to_dict()
        after = policies_kb.assess(kb, region, {"categories": ["disabled"]}, DAY).to_dict()
        assert before["results"] == after["results"]


# ---- eligibility ------------------------------------------------------------------------------------------------------
def test_a_sum(kb):
    living = result(kb, "living_allowance", categories=["disabled"], training_days=40)
    assert (living["status"], living["amount"]["value"], living["missing"]) == ("eligible", money(kb, "living_per_day*40"), [])
    assert living["amount"]["formula"].startswith(words(kb, "{living_per_day}元/天 × 40天"))
    assert living["citations"][0]["number"] == NUMBER and living["citations"][0]["clause"] == "三"
    assert any("样例市" in reason["text"] for reason in living["reasons"])


def test_the_limits_of_a_sum(kb):
    living = result(kb, "living_allowance", categories=["disabled"], training_days=900)
    assert living["amount"]["value"] == money(kb, "living_per_day*living_days_max")
    work = result(
        kb, "work_training", categories=["poor_labourer"], training_type="work_training", employer_type="enterprise",
        work_training_months=80, headcount=3,
    )
    assert work["amount"]["value"] == money(kb, "work_training_per_month*work_training_months_max*3")


def test_who_is_no_one_of_the_list(kb):
    assert result(kb, "living_allowance", categories=["veteran"])["status"] == "not_eligible"


def test_its_own_terms_hold_here_and_its_figures_bind(kb):
    person = {"certificate": "skill_level", "same_occupation_level_before": False, "pension_entitled": False}
    most = int(figures.figure(DOCUMENT, "times_per_year_max", kb))
    assert result(kb, "training_subsidy", subsidies_this_year=most - 1, **person)["status"] == "eligible"
    assert result(kb, "training_subsidy", subsidies_this_year=most, **person)["status"] == "not_eligible"


def test_its_worked_examples(kb, tmp_path, project_root):
    """As its author puts them into tests/cases, where test_cases.py would demand as much of them."""
    shutil.copytree(project_root / "tests/data/demo_city_cases", tmp_path / CITY)
    found = examples(kb, tmp_path)
    for example in found:
        assert_holds(kb, example)
    per_benefit = Counter(example.benefit for example in found)
    assert set(per_benefit) == {benefit.id for benefit in kb.benefits_of(CITY)} and min(per_benefit.values()) >= 5


def test_a_check_asks_on(kb):
    assessment = policies_kb.assess(kb, CITY, {}, DAY)
    assert assessment.next_question is not None
    facts = {"categories": ["disabled"], "training_days": 10}
    while (question := policies_kb.assess(kb, CITY, facts, DAY).next_question) is not None:
        assert question.fact.name not in facts
        facts[question.fact.name] = _first_value(question.fact)
    assert all(r.status != "unknown" for r in policies_kb.assess(kb, CITY, facts, DAY).results)


def _first_value(fact):
    if fact.type == "bool":
        return True
    return fact.options[0].value if fact.type == "choice" else 1


def test_its_facts_may_not_be_mistaken_for_another_region(ours):
    with pytest.raises(policies_kb.FactError):
        policies_kb.assess(ours, CITY, {}, DAY)


# ---- questions --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("message", "figure", "clause"), [
    ("样例市生活费补贴标准", "{living_per_day}元", "三"),
    ("样例市残疾人培训40天能领多少生活费", "{living_per_day*40}元", "三"),
    ("样例市生活费最多补多少天", "{living_days_max}天", "三"),
    ("样例市退役军人能免费培训吗", "可以", "二"),
    ("样例市哪些人能免费培训", "残疾人", "二"),
    ("样例市以工代训补多少钱", "{work_training_per_month}元", "四"),
    ("样例市一年能领几次培训补贴", "{times_per_year_max}次", "五"),
    ("样例市计划培训多少人次", "{trainings_total}人次", "一"),
    ("样例市骗补贴会怎么样", "追回", "六"),
    ("样东区生活费补贴标准", "{living_per_day}元", "三"),
])
def test_questions_with_figure_and_source(kb, message, figure, clause):
    reply = say(kb, message)
    assert reply.status == "answered", reply
    assert words(kb, figure) in reply.text
    assert NUMBER in reply.text
    assert [c["clause"] for c in reply.citations] == [clause]
    assert {c["document"] for c in reply.citations} == {"demo_city-2020-1"}


def test_what_the_document_leaves_open(kb):
    reply = say(kb, "样例市考证补贴多少钱")
    assert reply.status == "not_stated" and "没定数额" in reply.text


def test_the_region_is_remembered(kb):
    _, context = policies_kb.answer(kb, "样例市", policies_kb.Context(), as_of=DAY)
    assert context.region == CITY
    reply, _ = policies_kb.answer(kb, "生活费补贴标准", context, as_of=DAY)
    assert words(kb, "{living_per_day}元") in reply.text


def test_it_is_offered_where_the_region_is_asked_for(kb):
    assert "样例市" in [button["title"] for button in say(kb, "生活费补贴标准").buttons]


@pytest.mark.parametrize("message", [
    "样例市和曲靖生活费一天各是多少",
    pytest.param("样例市和曲靖生活费补贴哪个高"),
])
def test_it_is_compared_with_another_city(kb, message):
    reply = say(kb, message)
    lines = reply.text.splitlines()
    assert any("样例市" in line and words(kb, "{living_per_day}元") in line for line in lines)
    assert any("曲靖" in line and figures.figure("qujing-2019-112", "living_per_day", kb) + "元" in line for line in lines)
    assert {c["document"] for c in reply.citations} == {"demo_city-2020-1", "qujing-2019-112"}


def test_it_is_among_all_cities(kb):
    assert "样例市" in say(kb, "哪个城市生活费补贴最高").text


def test_the_search_finds_it(kb):
    hit = policies_kb.search(kb, "以工代训补多少钱", region=CITY, limit=1)[0]
    assert (hit.document, hit.clause) == ("demo_city-2020-1", "四") and words(kb, "{work_training_per_month}元") in hit.text


@pytest.mark.parametrize("message", ["样例市学徒制补多少钱", "样例市创业担保贷款能贷多少", "样例市大师工作室补多少"])
def test_no_answer_is_lent_from_another_topic(kb, message):
    reply = say(kb, message)
    assert reply.status in ("not_stated", "unknown", "clarify")
    assert "元" not in reply.text.partition("：")[0]


# ---- one figure, one place --------------------------------------------------------------------------------------------
def test_a_figure_changed_in_its_clause_moves_everything(kb, tmp_path, project_root):
    data = joined_data(tmp_path / "data", project_root)
    text = (data / CLAUSES).read_text(encoding="utf-8")
    text, changes = re.subn(r"living_per_day: \{value: [\d.]+", "living_per_day: {value: 47.5", text)
    assert changes == 1
    (data / CLAUSES).write_text(text, encoding="utf-8")
    before, kb = kb.version, policies_kb.load_knowledge_base(data)
    assert kb.version != before
    assert "47.5元" in say(kb, "样例市生活费补贴标准").text
    assert "1900元" in say(kb, "样例市残疾人培训40天能领多少生活费").text
    assert "47.5元" in say(kb, "样例市和曲靖生活费一天各是多少").text
    living = result(kb, "living_allowance", categories=["disabled"], training_days=40)
    assert living["amount"]["value"] == "1900.00" and living["amount"]["formula"].startswith("47.5元/天 × 40天")
    assert "47.5元" in kb.documents["demo_city-2020-1"].clauses["三"].text
    assert [str(problem) for problem in check.run(data) if CITY in problem.file] == []


# ---- no code names a city ---------------------------------------------------------------------------------------------
EXAMPLES = {"examples", "help", "description"}
"""Arguments that only show what a value looks like (the API's documentation, a command's help)."""


def named_places(kb):
    names = set()
    for region in kb.regions.values():
        names |= {region.id, region.name, region.short_name, region.full_name, *region.aliases, *region.districts}
    for document in kb.documents.values():
        names |= {document.id, document.number, document.title}
    return names


def literals(tree):
    """The strings of a module that its behaviour may depend on: no docstrings, no examples of documentation."""
    shown = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg in EXAMPLES:
            shown |= {id(part) for part in ast.walk(node.value)}
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            shown.add(id(node.value))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in shown:
            yield node.lineno, node.value
        elif isinstance(node, ast.Name):
            yield node.lineno, node.id


def modules(root):
    """Our own code; what is written for 3.13 cannot be read by an older Python, and need not be read twice."""
    for folder in ("policies_kb", "bot", *(("actions", "api") if sys.version_info >= (3, 13) else ())):
        yield from sorted((root / folder).rglob("*.py"))


def test_no_code_names_a_city(project_root):
    places = named_places(policies_kb.load_knowledge_base())
    found = [
        f"{path.relative_to(project_root)}:{line}: {place}"
        for path in modules(project_root)
        for line, text in literals(ast.parse(path.read_text(encoding="utf-8")))
        for place in places
        if place in text
    ]
    assert found == []
