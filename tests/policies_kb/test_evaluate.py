"""The whole calculator: which benefits are in question, periods, presumptions, purity, and that asking ends."""

import copy
import json
from datetime import date, timedelta

import pytest

import policies_kb
from policies_kb import FactError
from tests.policies_kb.randomly import consistent, repeatedly, some_facts, some_value

KB = policies_kb.load_knowledge_base()
DAY = date(2020, 6, 1)
REGIONS = sorted(KB.regions)
MONEY_KEYS = {"kind", "value", "min", "max", "currency", "formula"}
RESULT_KEYS = {
    "benefit", "name", "status", "in_force", "paid_to", "amount", "reasons", "missing", "presumed", "citations", "notes",
}


def assess(region, facts=None, day=DAY, **options):
    """The assessment as the contract shows it."""
    return policies_kb.assess(KB, region, facts or {}, day, **options).to_dict()


def ids(shown):
    """The benefits of a response."""
    return [result["benefit"] for result in shown["results"]]


# ---- what is in question ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("region", REGIONS)
def test_all_benefits_of_the_region_and_of_the_one_around_it(region):
    places = [region] + ([KB.regions[region].within] if KB.regions[region].within else [])
    shown = ids(assess(region))
    assert sorted(shown) == sorted(b for b in KB.benefits if b.split(".")[0] in places)
    assert [b.split(".")[0] for b in shown] == sorted((b.split(".")[0] for b in shown), key=places.index), "own benefits first"


def test_tongnan_is_answered_from_both_documents():
    assert {b.split(".")[0] for b in ids(assess("tongnan"))} == {"tongnan", "chongqing"}
    assert {b.split(".")[0] for b in ids(assess("chongqing"))} == {"chongqing"}


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("role", ["worker", "employer", "provider"])
def test_role_leaves_its_own_and_those_without_a_named_payee(region, role):
    expected = [rule.id for rule in KB.benefits_of(region) if (None if rule.paid_to_fact else rule.paid_to) in (role, None)]
    shown = assess(region, {"role": role})
    assert ids(shown) == expected
    assert all(result["paid_to"] in (role, None) for result in shown["results"])


@pytest.mark.parametrize(("payer", "asks", "shown"), [("employer", "worker", False), ("employer", "employer", True), ("worker", "worker", True),
                                                      ("provider", "worker", True), ("provider", "provider", True)])
def test_role_follows_who_paid_in_advance(payer, asks, shown):
    assert ("qujing.training_subsidy" in ids(assess("qujing", {"role": asks, "advance_payer": payer}))) is shown


@pytest.mark.parametrize("kind", [option.value for option in KB.facts["training_type"].options])
@pytest.mark.parametrize("region", REGIONS)
def test_training_type_leaves_out_only_what_it_bars(region, kind):
    left = set(ids(assess(region, {"training_type": kind})))
    for rule in KB.benefits_of(region):
        (result,) = assess(region, {"training_type": kind}, benefit=rule.id)["results"]
        assert (result["status"] == "not_eligible") == (rule.id not in left)


def test_a_benefit_asked_for_by_name_is_always_answered():
    facts = {"role": "provider", "training_type": "onboarding"}
    (result,) = assess("panzhihua", facts, benefit="panzhihua.apprenticeship")["results"]
    assert result["status"] == "not_eligible"


@pytest.mark.parametrize(("region", "benefit"), [("qujing", "tongnan.free_training"), ("chongqing", "tongnan.free_training"), ("qujing", ""),
                                                 ("qujing", "living_allowance")])
def test_unknown_benefit(region, benefit):
    with pytest.raises(FactError) as caught:
        assess(region, benefit=benefit)
    assert (caught.value.fact, caught.value.got) == ("benefit", benefit)
    assert f"{region}." in caught.value.allowed


def test_a_region_may_name_a_benefit_of_the_one_around_it():
    assert ids(assess("tongnan", benefit="chongqing.widened_scope")) == ["chongqing.widened_scope"]


@pytest.mark.parametrize("region", ["", "beijing", "曲靖", "QUJING", None, 530300])
def test_unknown_region(region):
    with pytest.raises(FactError) as caught:
        assess(region)
    assert caught.value.fact == "region"
    assert "qujing" in caught.value.allowed


# ---- periods ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("benefit", sorted(KB.benefits))
def test_the_period_is_told_and_changes_no_verdict(benefit):
    rule = KB.benefits[benefit]
    document = KB.documents[rule.document]
    start, end = document.in_force_from, rule.in_force_to or document.in_force_to
    days = {start - timedelta(days=1): False, start: True, date(2050, 1, 1): end is None}
    if end is not None:
        days.update({end: True, end + timedelta(days=1): False})
    for day, expected in days.items():
        (result,) = assess(rule.region, day=day, benefit=benefit)["results"]
        assert result["in_force"] is expected, day
        assert result["status"] == "unknown"


def test_only_the_days_of_a_change_change_results():
    for region in REGIONS:
        before, after = assess(region, day=date(2021, 2, 28)), assess(region, day=date(2021, 3, 1))
        changed = {a["benefit"] for a, b in zip(before["results"], after["results"], strict=True) if a["missing"] != b["missing"]}
        assert changed == ({"tongnan.training_subsidy", "tongnan.work_training"} if region == "tongnan" else set())


# ---- the response ----------------------------------------------------------------------------------------------------
@repeatedly(60)
def test_response_is_as_the_contract_says(rng):
    region = rng.choice(REGIONS)
    shown = assess(region, some_facts(KB, KB.facts, rng), rng.choice([DAY, date(2021, 6, 1)]))
    assert json.loads(json.dumps(shown)) == shown
    assert (shown["region"], shown["kb_version"]) == (region, KB.version)
    for result in shown["results"]:
        assert set(result) >= RESULT_KEYS
        _assert_result(result)
    waiting = [name for result in shown["results"] for name in result["missing"]]
    assert (shown["next_question"] is None) == (not waiting)
    if waiting:
        assert shown["next_question"]["fact"] in waiting


def _assert_result(result):
    presumed = {name for name, fact in KB.facts.items() if fact.is_presumed}
    assert not presumed & set(result["missing"]), "what is presumed is never asked"
    assert not set(result["presumed"]) & set(result["missing"])
    assert len(result["missing"]) == len(set(result["missing"]))
    assert set(result["missing"]) <= set(KB.facts)
    amount = result["amount"]
    assert (amount is None) == (result["status"] == "not_eligible")
    if amount is None:
        assert result["missing"] == []
        assert any(reason["holds"] is False for reason in result["reasons"])
        return
    assert set(amount) >= MONEY_KEYS
    assert (amount["kind"] == "pending") == bool(result["missing"])
    filled = {"exact": {"value"}, "at_least": {"min"}, "at_most": {"max"}, "range": {"min", "max"}}.get(amount["kind"], set())
    for key in ("value", "min", "max"):
        assert (amount[key] is not None) == (key in filled)
        assert amount[key] is None or amount[key][-3] == "."
    assert result["citations"]
    for citation in result["citations"]:
        document = KB.documents[citation["document"]]
        assert (document.number, document.clauses[citation["clause"]].title) == (citation["number"], citation["title"])
    for reason in result["reasons"]:
        assert reason["text"]
        assert reason["clause"] in KB.documents[KB.benefits[result["benefit"]].document].clauses


@repeatedly(40)
def test_given_facts_are_never_missing_nor_presumed(rng):
    facts = some_facts(KB, KB.facts, rng)
    for result in assess(rng.choice(REGIONS), facts)["results"]:
        assert not set(facts) & set(result["missing"])
        assert not set(facts) & set(result["presumed"])


def test_presumed_facts_are_told_only_where_they_were_needed():
    (result,) = assess("qujing", {"training_type": "onboarding"}, benefit="qujing.employee_training")["results"]
    assert result["presumed"] == {"headcount": 1}
    (result,) = assess("qujing", {"training_type": "onboarding", "headcount": 1}, benefit="qujing.employee_training")["results"]
    assert result["presumed"] == {}
    (result,) = assess("qujing", {"training_type": "short_post"}, benefit="qujing.employee_training")["results"]
    assert result["presumed"] == {}


@pytest.mark.parametrize(("benefit", "facts"), [
    # over the retirement age of men: whether she is a cadre is not looked at
    ("liaocheng.training_subsidy", {"gender": "male", "age": 65}),
    # the share is for employers: about one's own claim nothing is taken for granted of an education fund
    ("panzhihua.skill_level", {"role": "worker"}),
    # refused for the group alone: what else would have been presumed plays no part
    ("panzhihua.work_training", {"training_type": "work_training", "employer_insured": True, "categories": []}),
])
def test_what_was_not_looked_at_is_not_told_as_presumed(benefit, facts):
    (result,) = assess(benefit.split(".")[0], facts, benefit=benefit)["results"]
    assert set(result["presumed"]) <= {"headcount"}


@repeatedly(40)
def test_pure(rng):
    region, facts = rng.choice(REGIONS), some_facts(KB, KB.facts, rng)
    kept = copy.deepcopy(facts)
    first = assess(region, facts)
    assert facts == kept
    shuffled = dict(rng.sample(sorted(facts.items()), len(facts)))
    assert json.dumps(assess(region, shuffled)) == json.dumps(first)


@repeatedly(40)
def test_one_benefit_alone_is_as_among_all(rng):
    region, facts = rng.choice(REGIONS), some_facts(KB, KB.facts, rng)
    for result in assess(region, facts)["results"]:
        assert assess(region, facts, benefit=result["benefit"])["results"] == [result]


@repeatedly(60)
def test_more_facts_never_take_a_verdict_back(rng):
    region, facts = rng.choice(REGIONS), some_facts(KB, KB.facts, rng)
    # what is taken for granted is taken back by a fact that says otherwise; that is no more knowledge but other knowledge
    facts.setdefault("pension_entitled", False)
    facts.setdefault("age", 30)
    for name in ("subsidies_this_year", "same_occupation_level_before", "training_type", "within_job_choice_period"):
        facts.setdefault(name, some_value(KB, KB.facts[name], rng))
    for name, fact in KB.facts.items():
        if fact.is_presumed:
            facts.setdefault(name, some_value(KB, fact, rng))
    facts = consistent(KB, facts)
    more = {name: some_value(KB, fact, rng) for name, fact in KB.facts.items() if rng.random() < 0.5}
    more = {**{name: value for name, value in more.items() if consistent(KB, {**facts, name: value}).keys() >= {*facts, name}}, **facts}
    for rule in KB.benefits_of(region):
        (before,), (after,) = (assess(region, given, benefit=rule.id)["results"] for given in (facts, more))
        assert before["status"] in ("unknown", after["status"]), rule.id


# ---- the next question -----------------------------------------------------------------------------------------------
@repeatedly(60)
def test_asking_ends_and_settles_everything(rng):
    region, facts = rng.choice(REGIONS), some_facts(KB, KB.facts, rng)
    day = rng.choice([DAY, date(2021, 3, 1)])
    asked = []
    while True:
        shown = assess(region, facts, day)
        question = shown["next_question"]
        if question is None:
            break
        assert question["fact"] not in facts, "nothing is asked twice"
        asked.append(question["fact"])
        facts[question["fact"]] = _reply(question, rng)
        assert len(asked) <= len(KB.facts)
    for result in shown["results"]:
        assert result["status"] != "unknown"
        assert result["missing"] == []
        assert result["amount"] is None or result["amount"]["kind"] != "pending"


def _reply(question, rng):
    """An answer as the form would give it: one of the options, a number, or some of the groups offered."""
    fact = KB.facts[question["fact"]]
    assert question["text"]
    assert question["type"] == fact.type
    offered = [option["value"] for option in question["options"]]
    if fact.type == "set":
        return rng.sample(offered, rng.choice([0, 1, 2]))
    if fact.type == "choice":
        return rng.choice(offered)
    if fact.type == "bool":
        assert offered == ["true", "false"]
    return some_value(KB, fact, rng)


def test_what_could_not_be_answered_is_not_asked_again():
    skipped, seen = set(), []
    while True:
        question = policies_kb.assess(KB, "tongnan", {}, DAY, skip=frozenset(skipped)).next_question
        if question is None:
            break
        seen.append(question.fact.name)
        skipped.add(question.fact.name)
    assert len(seen) == len(set(seen))
    assert set(seen) == {name for result in assess("tongnan")["results"] for name in result["missing"]}


@pytest.mark.parametrize("region", REGIONS)
def test_groups_offered_are_those_that_the_region_tells_apart(region):
    question = KB.question("categories", region)
    named = {code for rule in KB.benefits_of(region) for leaf in rule.when.leaves() if (code := getattr(getattr(leaf, "option", None), "value", None))}
    assert {value for value, _ in question.options} == named


def test_question_names_the_place():
    assert "曲靖" in KB.question("local_tie", "qujing").text
    assert "{" not in KB.question("local_tie", "qujing").text


def test_the_most_telling_fact_stands_first():
    (result,) = assess("qujing", {"categories": ["zero_employment_family"], "training_type": "work_training"}, benefit="qujing.work_training")["results"]
    assert result["missing"] == ["employer_type", "employer_insured"]


# ---- the verdict's own words -----------------------------------------------------------------------------------------
def test_worked_example_of_the_contract():
    shown = assess("qujing", {"categories": ["disabled"], "training_days": 40}, benefit="qujing.living_allowance")
    (result,) = shown["results"]
    figures = KB.documents["qujing-2019-112"].figures
    total = figures["living_per_day"].value * 40
    assert (result["status"], result["amount"]["kind"], result["amount"]["value"]) == ("eligible", "exact", f"{total:.2f}")
    assert {"document": "qujing-2019-112", "number": "曲政办发〔2019〕112号", "clause": "十八"}.items() <= result["citations"][0].items()
    assert result["reasons"] == [{"text": "残疾人在曲靖属于就业困难人员", "holds": True, "clause": "四"}]
    assert result["presumed"] == {"headcount": 1}


def test_settled_by_every_completion_says_so():
    facts = {"categories": ["laid_off", "non_continuing_graduate"], "age": 80, "training_days": 2}
    (result,) = assess("qujing", facts, benefit="qujing.living_allowance")["results"]
    assert result["status"] == "eligible"
    assert [reason["holds"] for reason in result["reasons"]] == [True]


@pytest.mark.parametrize("benefit", sorted(b for b, rule in KB.benefits.items() if rule.open_list))
def test_open_list_is_told_when_it_bars(benefit):
    rule = KB.benefits[benefit]
    (barred,) = assess(rule.region, {"categories": []}, benefit=benefit)["results"]
    assert rule.open_list in barred["notes"]
    (asked,) = assess(rule.region, benefit=benefit)["results"]
    assert rule.open_list not in asked["notes"]


QUJING_CLAIMS = sorted(b for b in KB.benefits if b.startswith("qujing."))


@pytest.mark.parametrize("benefit", QUJING_CLAIMS)
def test_no_second_claim_in_qujing(benefit):
    (result,) = assess("qujing", benefit=benefit)["results"]
    assert any("重复申报" in note for note in result["notes"])


TOLD_LIMITS = ("apprenticeship", "skill_level", "short_post", "onboarding", "job_transfer", "high_risk_safety")


@pytest.mark.parametrize("name", TOLD_LIMITS)
def test_limits_told_in_panzhihua_bind_each_worker(name):
    (result,) = assess("panzhihua", benefit=f"panzhihua.{name}")["results"]
    assert any("每个工人" in note for note in result["notes"])
    assert not {"subsidies_this_year", "same_occupation_level_before", "pension_entitled", "age"} & set(result["missing"])
