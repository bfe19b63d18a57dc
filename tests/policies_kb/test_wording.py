"""Results as they are said: verdict or figure first, then the condition, then the source."""

from datetime import date
from decimal import Decimal

import pytest

import policies_kb
from policies_kb import wording
from tests.figures import figure

KB = policies_kb.load_knowledge_base()
DAY = date(2020, 6, 1)
QUJING, PANZHIHUA = "qujing-2019-112", "panzhihua-2020-2"
LEARNER = {"role": "worker", "categories": ["disabled"], "training_days": 40}
SHORT = int(figure(PANZHIHUA, "onboarding_contract_months_min")) - 1


def result_of(benefit, facts, day=DAY):
    """The only result of assessing one benefit."""
    (result,) = policies_kb.assess(KB, benefit.split(".")[0], facts, day, benefit=benefit).results
    return result


@pytest.mark.parametrize(
    ("benefit", "facts", "status", "kind", "opening", "inside"),
    [
        ("qujing.living_allowance", LEARNER, "eligible", "exact", "可以领,", f"{figure(QUJING, 'living_per_day*40')}元"),
        ("qujing.free_training", LEARNER, "eligible", "free", "可以。", "免费"),
        ("qujing.living_allowance", {"categories": ["disabled"]}, "eligible", "pending", "可以领。", "培训天数"),
        ("qujing.living_allowance", {}, "unknown", "pending", "现在还定不了,要看:", "人员类别"),
        ("liaocheng.work_training", {"categories": ["veteran"]}, "not_eligible", None, "不能领", "贫困劳动力"),
        ("panzhihua.onboarding", {"training_type": "onboarding", "contract_months": SHORT}, "not_eligible", None, "不能领", f"{SHORT}个月"),
    ],
)
def test_result_text(benefit, facts, status, kind, opening, inside):
    result = result_of(benefit, facts)
    assert result.status == status
    assert (result.amount.kind if result.amount else None) == kind
    text = wording.result_text(KB, result)
    assert text.startswith(opening)
    assert inside in text
    assert text.endswith(wording.source(KB, result.citations))
    assert "。。" not in text


def test_a_verdict_without_a_sum_says_that_the_document_sets_none():
    facts = {"training_type": "work_training", "employer_type": "poverty_workshop", "categories": ["poor_labourer"]}
    result = result_of("liaocheng.work_training", facts)
    assert (result.status, result.amount.kind) == ("eligible", "not_stated")
    text = wording.result_text(KB, result)
    assert text.startswith(f"可以,有{result.benefit.name}。")
    assert result.amount.says in text
    assert not any(char.isdigit() for char in text.split("依据")[0])


def test_an_open_verdict_shows_how_the_sum_is_worked_out():
    text = wording.result_text(KB, result_of("qujing.living_allowance", {}))
    assert f"{figure(QUJING, 'living_per_day')}元/天 × 培训天数" in text


@pytest.mark.parametrize("region", sorted(KB.regions))
@pytest.mark.parametrize("facts", [LEARNER, {}, {"categories": ["veteran"]}, {"role": "employer", "training_type": "work_training"}])
def test_summary_text(region, facts):
    assessment = policies_kb.assess(KB, region, facts, date(2021, 6, 1))
    text = wording.summary_text(KB, assessment)
    by_status = {status: [r.benefit.name for r in assessment.results if r.status == status] for status in ("eligible", "unknown", "not_eligible")}
    marks = {"eligible": "✓", "unknown": "?", "not_eligible": "✗"}
    for status, names in by_status.items():
        lines = [line for line in text.splitlines() if line.startswith(f"{marks[status]} ")]
        assert [line[2:].split(":", 1)[0] for line in lines] == names
    assert (f"能享受{len(by_status['eligible'])}项" in text) is bool(by_status["eligible"])
    assert ("还没有一项" in text) == (not by_status["eligible"])
    assert KB.regions[region].short_name in text
    assert "12333" in text


def test_summary_shows_sum_and_source():
    text = wording.summary_text(KB, policies_kb.assess(KB, "qujing", LEARNER, DAY))
    assert f"{figure(QUJING, 'living_per_day*40')}元" in text
    assert KB.documents[QUJING].clauses["十八"].label in text
    assert "提醒" not in text


def test_summary_after_the_period():
    text = wording.summary_text(KB, policies_kb.assess(KB, "qujing", LEARNER, date(2026, 1, 1)))
    assert text.count("提醒") == 1
    assert text.endswith(wording.period_note(KB.documents[QUJING]))


@pytest.mark.parametrize(("value", "said"), [(Decimal("2400.00"), "2400元"), (Decimal("7201.20"), "7201.2元"), (Decimal(0), "0元"), (None, "")])
def test_yuan(value, said):
    assert wording.yuan(value) == said


def test_source_names_each_clause_once_and_document_by_document():
    citations = [KB.documents[d].citation(c) for d, c in ((QUJING, "十八"), (QUJING, "十九"), (QUJING, "十八"), (PANZHIHUA, "四(六)"))]
    assert wording.source(KB, citations) == (
        f"依据:{KB.documents[QUJING].number} 第十八条、第十九条;{KB.documents[PANZHIHUA].number} 四(六)。"
    )


@pytest.mark.parametrize(
    ("benefit", "facts", "words"),
    [
        ("qujing.living_allowance", LEARNER, f"{figure(QUJING, 'living_per_day*40')}元"),
        ("qujing.living_allowance", {"categories": ["disabled"]}, "能领,数额看培训天数"),
        ("panzhihua.onboarding", {"contract_months": SHORT}, "不能("),
    ],
)
def test_line(benefit, facts, words):
    result = result_of(benefit, facts)
    text = wording.line(KB, result)
    assert text.startswith(f"{result.benefit.name}:")
    assert words in text
    assert "\n" not in text
