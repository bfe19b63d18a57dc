"""Which fact a number becomes, and which figures are only claims."""

from decimal import Decimal

import pytest

from policies_kb import quantities
from policies_kb.quantities import Claim


@pytest.mark.parametrize(
    ("text", "topics", "wanted"),
    [
        ("培训40天", (), {"training_days": 40}),
        ("上了90个学时", (), {"class_hours": 90}),
        ("55岁", (), {"age": 55}),
        ("签3年合同", (), {"contract_months": 36}),
        ("签18个月合同的5个人", (), {"contract_months": 18, "headcount": 5}),
        ("失业6个月了", (), {"unemployed_months": 6}),
        ("注册3年", (), {"business_registered_years": 3}),
        ("学2年", ("apprenticeship",), {"apprenticeship_years": 2}),
        ("带18个月", ("apprenticeship",), {"apprenticeship_years": Decimal("1.5")}),
        ("做6个月", ("work_training",), {"work_training_months": 6}),
        ("开店2年", ("entrepreneurship",), {"business_registered_years": 2}),
        ("招了8个人", (), {"headcount": 8}),
        ("培训108号人", (), {"headcount": 108}),
        ("工资3200", (), {"monthly_wage": 3200}),
        ("工资3200元做6个月", ("work_training",), {"monthly_wage": 3200, "work_training_months": 6}),
        ("目录标准1500元", (), {"catalogue_standard": 1500}),
        ("补贴总额30000元", ("prepayment",), {"subsidy_total": 30000}),
        ("今年已经领了2次", (), {"subsidies_this_year": 2}),
        ("一晚上2个课时,去了24晚", (), {"class_hours": 48}),
        ("目录上是2000的话", (), {"catalogue_standard": 2000}),
        ("108个转岗的训完", ("job_transfer",), {"headcount": 108}),
        ("学徒制分3个等级", ("apprenticeship",), {}),
        ("线上10天线下20天", (), {"online_days": 10, "offline_days": 20}),
        ("10个人,工资总额30000元,做6个月", ("work_training",), {"headcount": 10, "work_training_months": 6, "monthly_wage": 500}),
    ],
)
def test_facts(text, topics, wanted):
    facts, claims = quantities.read(text, topics)
    assert facts == wanted
    assert claims == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("每天80元", Claim(Decimal(80), "元")), ("一天发80", Claim(Decimal(80), "元")), ("发80块钱", Claim(Decimal(80), "元")),
        ("预支50%", Claim(Decimal(50), "%")), ("能领3次", Claim(Decimal(3), "次")), ("能领3回", Claim(Decimal(3), "次")),
        ("最长8个月", Claim(Decimal(8), "个月")), ("给5000人次", Claim(Decimal(5000), "人次")),
    ],
)
def test_claims(text, wanted):
    facts, claims = quantities.read(text, ())
    assert facts == {}
    assert claims == [wanted]


@pytest.mark.parametrize("text", ["2019年的文件", "家里5口人", "每天多少钱", "112号", "12月31日", "1课时45分钟", "3级", "80"])
def test_neither(text):
    assert quantities.read(text, ()) == ({}, [])


@pytest.mark.parametrize(
    ("text", "hint", "wanted"),
    [
        ("40", "training_days", {"training_days": 40}), ("52", "age", {"age": 52}), ("8", "headcount", {"headcount": 8}),
        ("2年", "contract_months", {"contract_months": 24}), ("1.5", "headcount", {}),
    ],
)
def test_a_bare_number_answers_what_was_asked(text, hint, wanted):
    assert quantities.read(text, (), hint)[0] == wanted


def test_a_number_before_people_counts_them():
    text = "4个农村两后生"
    assert quantities.read(text, ())[0] == {}
    assert quantities.read(text, (), people=frozenset({text.index("农村")}))[0] == {"headcount": 4}
