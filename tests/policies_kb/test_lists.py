"""The lists of the documents, complete: for every value of a choice and every group, whether it is on the list.

Each line is read from the clause: what is known beside (``facts``), which fact is tried, and the values that are on the
list. All others are not. Implied groups (转岗职工 is 企业职工) are written where they follow.
"""

from datetime import date

import pytest

import policies_kb

KB = policies_kb.load_knowledge_base()
BEFORE, AFTER = date(2020, 6, 1), date(2021, 6, 1)
LONG = 600
"""Months of a contract or hours of a class: beyond what any document asks for."""
YEARS = int(KB.documents["panzhihua-2020-2"].figures["apprentice_years_max"].value)

NOT_UNEMPLOYED = {"registered_unemployed": False}
LIMITS_KEPT = {"subsidies_this_year": 0, "same_occupation_level_before": False, "pension_entitled": False}
CLAIM = {**LIMITS_KEPT, "local_tie": True}
FIVE_CERTIFICATES = {"vocational_qualification", "skill_level", "special_ability", "special_operation", "completion"}
ANY_CERTIFICATE = FIVE_CERTIFICATES | {"safety", "entrepreneurship"}
BUSINESSES = {"enterprise", "cooperative", "poverty_workshop", "other_business"}
UNEMPLOYED = {"laid_off", "capacity_cut_unemployed"}
EMPLOYEES = {"enterprise_employee", "transferred_worker"}
TONGNAN_HARD = {"hard_to_employ", "disabled", "prisoner", "compulsory_rehab", "rehab_recovering"}
APPRENTICE = {"training_type": "apprenticeship", "contract_months": LONG, "new_post": True, "apprenticeship_years": YEARS, "skill_level": "junior"}
ONBOARDING = {"training_type": "onboarding", "newly_hired": True, "contract_months": LONG}
WORK = {"training_type": "work_training", "concurrent_training": False}

# benefit, clause, facts known beside, the fact tried, the values on the list
LISTS = [
    ("tongnan.free_training", "九", NOT_UNEMPLOYED, "categories",
     {"poor_family_child", "poor_labourer", "non_continuing_graduate", "rural_migrant", "transferred_worker", "veteran", "disabled"} | UNEMPLOYED),
    ("tongnan.living_allowance", "九、二", {"hukou": "urban", "dibao_family": False}, "categories",
     {"poor_labourer", "zero_employment_family"} | TONGNAN_HARD),
    ("tongnan.living_allowance", "九", {"hukou": "rural", "dibao_family": False}, "categories",
     {"poor_labourer", "zero_employment_family", "non_continuing_graduate"} | TONGNAN_HARD),
    ("tongnan.training_subsidy", "十", CLAIM, "certificate", FIVE_CERTIFICATES),
    ("tongnan.employee_training", "九", {"training_type": "onboarding"}, "categories", EMPLOYEES),
    ("tongnan.employee_training", "九", {"categories": ["enterprise_employee"]}, "training_type",
     {"onboarding", "on_the_job_safety", "high_risk_safety", "job_transfer", "skill_level"}),
    ("tongnan.apprenticeship", "九", {"training_type": "apprenticeship"}, "categories", EMPLOYEES),
    ("tongnan.apprenticeship", "九", {"categories": ["enterprise_employee"]}, "training_type", {"apprenticeship"}),
    ("tongnan.work_training", "九、二", {**WORK, "employer_type": "enterprise"}, "categories", TONGNAN_HARD | {"zero_employment_family"}),
    ("tongnan.work_training", "九", {**WORK, "categories": ["hard_to_employ"]}, "employer_type", BUSINESSES),
    ("tongnan.work_training", "九", {"employer_type": "enterprise", "categories": ["hard_to_employ"], "concurrent_training": False},
     "training_type", {"work_training"}),
    ("tongnan.project_training", "十", {"training_type": "project_based"}, "categories", {"poor_labourer", "capacity_cut_unemployed", "veteran"}),
    ("tongnan.project_training", "十", {"categories": ["veteran"]}, "training_type", {"project_based"}),
    ("tongnan.prepayment", "十", {}, "employer_type", {"enterprise"}),
    ("tongnan.project_prepayment", "十", {}, "training_type", {"project_based"}),
    ("tongnan.entrepreneurship", "二", {"training_type": "entrepreneurship", **NOT_UNEMPLOYED}, "categories",
     {"rural_migrant", "non_continuing_graduate", "veteran"} | UNEMPLOYED | TONGNAN_HARD),
    ("tongnan.entrepreneurship", "二", {"categories": ["veteran"]}, "training_type", {"entrepreneurship"}),
    ("qujing.free_training", "十七", NOT_UNEMPLOYED, "categories",
     {"poor_labourer", "non_continuing_graduate", "rural_migrant", "transferred_worker", "disabled", "veteran"} | UNEMPLOYED),
    ("qujing.living_allowance", "十八、四", {**NOT_UNEMPLOYED, "hukou": "rural", "dibao_family": False}, "categories",
     {"poor_labourer", "hard_to_employ", "disabled", "non_continuing_graduate"}),
    ("qujing.living_allowance", "十八、四", {**NOT_UNEMPLOYED, "hukou": "urban", "dibao_family": True}, "categories",
     {"poor_labourer", "hard_to_employ", "disabled"} | UNEMPLOYED),
    ("qujing.living_allowance", "四", {**NOT_UNEMPLOYED, "hukou": "urban", "dibao_family": False, "age": 60}, "categories",
     {"poor_labourer", "hard_to_employ", "disabled"} | UNEMPLOYED),
    ("qujing.living_allowance", "四", {"registered_unemployed": True, "hukou": "rural", "dibao_family": False, "unemployed_months": 11},
     "categories", {"poor_labourer", "hard_to_employ", "disabled", "zero_employment_family", "non_continuing_graduate"}),
    ("qujing.training_subsidy", "十六", {**CLAIM, "self_chosen": False}, "certificate", FIVE_CERTIFICATES),
    ("qujing.training_subsidy", "十二", {**CLAIM, "self_chosen": True}, "certificate",
     {"vocational_qualification", "skill_level", "special_ability"}),
    ("qujing.employee_training", "十六", {}, "training_type", {"onboarding", "on_the_job_safety", "job_transfer"}),
    ("qujing.apprenticeship", "十六", {"training_type": "apprenticeship"}, "categories", EMPLOYEES),
    ("qujing.apprenticeship", "十六", {"categories": ["enterprise_employee"]}, "training_type", {"apprenticeship"}),
    ("qujing.work_training", "十九", {**WORK, "categories": ["poor_labourer"], "employer_insured": False}, "employer_type", BUSINESSES),
    ("qujing.work_training", "十九", {**WORK, "categories": ["zero_employment_family"], "employer_insured": True}, "employer_type", {"enterprise"}),
    ("qujing.work_training", "十九、四",
     {**WORK, **NOT_UNEMPLOYED, "employer_type": "enterprise", "employer_insured": True, "dibao_family": False, "hukou": "rural"}, "categories",
     {"poor_labourer", "hard_to_employ", "disabled", "zero_employment_family"}),
    ("qujing.work_training", "十九", {"categories": ["poor_labourer"], "employer_type": "enterprise"}, "training_type", {"work_training"}),
    ("qujing.prepayment", "二十", {"in_training_plan": True}, "employer_type", {"enterprise"}),
    ("qujing.project_prepayment", "二十", {"training_type": "project_based", "provider_won_tender": True}, "categories",
     {"poor_labourer", "capacity_cut_unemployed", "veteran"}),
    ("qujing.project_prepayment", "二十", {"provider_won_tender": True, "categories": ["veteran"]}, "training_type", {"project_based"}),
    ("liaocheng.employment_training", "一", {**NOT_UNEMPLOYED, "graduated_this_year": False}, "categories",
     {"poor_family_child", "college_student", "rural_migrant"}),
    ("liaocheng.employment_training", "一", {**NOT_UNEMPLOYED, "graduated_this_year": True}, "categories",
     {"poor_family_child", "college_student", "rural_migrant", "non_continuing_graduate"}),
    ("liaocheng.employment_training", "一", {"categories": ["rural_migrant"]}, "training_type", {"employment_skill"}),
    ("liaocheng.project_training", "一", {}, "categories",
     {"capacity_cut_unemployed", "poor_labourer", "near_release_prisoner", "compulsory_rehab", "yellow_river_relocatee"}),
    ("liaocheng.project_training", "一", {"categories": ["poor_labourer"]}, "training_type", {"project_based"}),
    ("liaocheng.veteran_free_training", "八", {"veteran_free_training_used": False}, "categories", {"veteran"}),
    ("liaocheng.living_allowance", "三", {"unemployment_insurance_recipient": True, "training_type": "employment_skill"}, "categories",
     {"hard_to_employ", "zero_employment_family"}),
    ("liaocheng.living_allowance", "六", {"unemployment_insurance_recipient": False, "training_type": "project_based"}, "categories", {"poor_labourer"}),
    ("liaocheng.living_allowance", "六", {"unemployment_insurance_recipient": False, "categories": ["poor_labourer"]}, "training_type", {"project_based"}),
    ("liaocheng.training_subsidy", "二十一", LIMITS_KEPT, "certificate", FIVE_CERTIFICATES),
    ("liaocheng.employee_training", "二", {"training_type": "onboarding"}, "categories", EMPLOYEES),
    ("liaocheng.employee_training", "二、十一", {"categories": ["enterprise_employee"], "employer_in_difficulty": False}, "training_type",
     {"onboarding", "skill_level", "on_the_job_safety", "high_risk_safety"}),
    ("liaocheng.employee_training", "十二", {"categories": ["enterprise_employee"], "employer_in_difficulty": True}, "training_type",
     {"onboarding", "skill_level", "on_the_job_safety", "high_risk_safety", "job_transfer"}),
    ("liaocheng.apprenticeship", "二", {"training_type": "apprenticeship", "within_job_choice_period": False}, "categories", EMPLOYEES),
    ("liaocheng.apprenticeship", "四", {"training_type": "apprenticeship", "within_job_choice_period": True, "contract_months": LONG}, "categories",
     EMPLOYEES | {"college_graduate"}),
    ("liaocheng.apprenticeship", "二", {"categories": ["enterprise_employee"]}, "training_type", {"apprenticeship"}),
    ("liaocheng.apprenticeship_prepayment", "十二",
     {"training_type": "apprenticeship", "in_training_plan": True, "within_job_choice_period": True, "contract_months": LONG}, "categories",
     EMPLOYEES | {"college_graduate"}),
    ("liaocheng.work_training", "六", {**WORK, "employer_type": "enterprise"}, "categories", {"poor_labourer"}),
    ("liaocheng.work_training", "六", {**WORK, "categories": ["poor_labourer"]}, "employer_type", BUSINESSES),
    ("liaocheng.work_training", "六", {"employer_type": "enterprise", "categories": ["poor_labourer"]}, "training_type", {"work_training"}),
    ("liaocheng.entrepreneurship", "九", {"business_registered_years": 1}, "categories", {"micro_business_owner"}),
    ("liaocheng.entrepreneurship", "九", {"business_registered_years": 1, "categories": ["micro_business_owner"]}, "training_type", {"entrepreneurship"}),
    ("panzhihua.free_training", "四(六)", NOT_UNEMPLOYED, "categories",
     {"poor_family_child", "poor_labourer", "non_continuing_graduate", "rural_migrant", "college_graduate", "veteran", "disabled"} | UNEMPLOYED),
    ("panzhihua.free_training", "四(六)", {"categories": ["veteran"]}, "training_type", {"employment_skill"}),
    ("panzhihua.living_allowance", "四(六)", {"hukou": "urban", "dibao_family": False}, "categories",
     {"poor_labourer", "hard_to_employ", "zero_employment_family"}),
    ("panzhihua.living_allowance", "四(六)", {"hukou": "urban", "dibao_family": True}, "categories",
     {"poor_labourer", "hard_to_employ", "zero_employment_family", "non_continuing_graduate"}),
    ("panzhihua.living_allowance", "四(六)", {"categories": ["poor_labourer"]}, "training_type", {"employment_skill"}),
    ("panzhihua.college_student", "四(六)", {**LIMITS_KEPT, "certificate": "skill_level"}, "categories", {"college_student"}),
    ("panzhihua.college_student", "四", {**LIMITS_KEPT, "categories": ["college_student"]}, "certificate", FIVE_CERTIFICATES | {"safety"}),
    ("panzhihua.college_student", "四(六)", {**LIMITS_KEPT, "certificate": "skill_level", "categories": ["college_student"]}, "training_type",
     {"employment_skill"}),
    ("panzhihua.training_subsidy", "四", LIMITS_KEPT, "certificate", FIVE_CERTIFICATES | {"safety"}),
    ("panzhihua.appraisal", "四", {"first_appraisal": True}, "certificate", {"vocational_qualification", "skill_level"}),
    ("panzhihua.apprenticeship", "四(一)", APPRENTICE, "certificate", ANY_CERTIFICATE),
    ("panzhihua.apprenticeship", "四(一)", {**APPRENTICE, "certificate": "skill_level"}, "training_type", {"apprenticeship"}),
    ("panzhihua.apprenticeship_prepayment", "四(一)", {**APPRENTICE, "in_training_plan": True}, "training_type", {"apprenticeship"}),
    ("panzhihua.skill_level", "四(二)", {"categories": ["enterprise_employee"], "training_type": "skill_level"}, "certificate",
     FIVE_CERTIFICATES | {"safety"}),
    ("panzhihua.skill_level", "四(二)", {"training_type": "skill_level", "certificate": "skill_level"}, "categories", EMPLOYEES),
    ("panzhihua.skill_level", "四(二)", {"categories": ["enterprise_employee"], "certificate": "skill_level"}, "training_type", {"skill_level"}),
    ("panzhihua.short_post", "四(三)", {"categories": ["enterprise_employee"], "training_type": "short_post", "class_hours": LONG}, "certificate",
     ANY_CERTIFICATE),
    ("panzhihua.short_post", "四(三)", {"training_type": "short_post", "class_hours": LONG, "certificate": "completion"}, "categories", EMPLOYEES),
    ("panzhihua.onboarding", "四(四)", ONBOARDING, "certificate", ANY_CERTIFICATE),
    ("panzhihua.onboarding", "四(四)", {**ONBOARDING, "certificate": "completion"}, "training_type", {"onboarding"}),
    ("panzhihua.job_transfer", "四(五)", {"training_type": "job_transfer", "employer_in_difficulty": True}, "certificate", ANY_CERTIFICATE),
    ("panzhihua.job_transfer", "四(五)", {"certificate": "completion", "employer_in_difficulty": True}, "training_type", {"job_transfer"}),
    ("panzhihua.entrepreneurship", "四(七)、二(二)",
     {**LIMITS_KEPT, **NOT_UNEMPLOYED, "training_type": "entrepreneurship", "certificate": "entrepreneurship"}, "categories",
     {"rural_migrant", "college_graduate", "college_student", "non_continuing_graduate", "veteran", "disabled", "poor_labourer", "poor_family_child"}),
    ("panzhihua.entrepreneurship", "四(七)", {**LIMITS_KEPT, "training_type": "entrepreneurship", "categories": ["veteran"]}, "certificate",
     {"entrepreneurship"}),
    ("panzhihua.work_training", "四(八)", {**WORK, "employer_insured": True}, "categories", {"poor_labourer", "hard_to_employ", "zero_employment_family"}),
    ("panzhihua.work_training", "四(八)", {"employer_insured": True, "categories": ["poor_labourer"]}, "training_type", {"work_training"}),
    ("panzhihua.project_prepayment", "四(九)", {"provider_won_tender": True}, "training_type", {"project_based"}),
    ("panzhihua.high_risk_safety", "四(十)", {"training_type": "high_risk_safety"}, "certificate", {"safety", "special_operation"}),
    ("panzhihua.high_risk_safety", "四(十)", {"certificate": "safety"}, "training_type", {"high_risk_safety"}),
    ("chongqing.work_training", "三", {"concurrent_training": False}, "training_type", {"work_training"}),
    ("chongqing.widened_scope", "四", {}, "categories", EMPLOYEES | {"flexible_worker", "flexible_domestic_worker"}),
    ("chongqing.apprenticeship_early", "五", {"training_type": "apprenticeship", "apprenticeship_ended_early": True}, "certificate", ANY_CERTIFICATE),
    ("chongqing.apprenticeship_early", "五", {"certificate": "completion", "apprenticeship_ended_early": True}, "training_type", {"apprenticeship"}),
]


def on_the_list(benefit, facts, fact, day):
    """The values of a fact with which the benefit is eligible; with every other value it is not."""
    found = set()
    for option in KB.facts[fact].options:
        tried = [option.value] if fact == "categories" else option.value
        (result,) = policies_kb.assess(KB, benefit.split(".")[0], {**facts, fact: tried}, day, benefit=benefit).results
        assert result.status != "unknown", (option.value, result.missing)
        if result.status == "eligible":
            found.add(option.value)
    return found


@pytest.mark.parametrize("day", [BEFORE, AFTER], ids=str)
@pytest.mark.parametrize(("benefit", "clause", "facts", "fact", "expected"), LISTS, ids=[f"{line[0]} {line[1]} {line[3]}" for line in LISTS])
def test_list_is_complete(benefit, clause, facts, fact, expected, day):
    assert on_the_list(benefit, facts, fact, day) == expected


def test_every_choice_that_a_rule_names_is_tried():
    """In the cities that are here; one that is added brings its worked examples, and may stand here too."""
    cities = {KB.benefits[line[0]].region for line in LISTS}
    named = {
        (rule.id, fact) for rule in KB.benefits.values() if rule.region in cities
        for leaf in rule.when.leaves() for fact in leaf.facts() if fact in ("categories", "certificate", "employer_type") and not getattr(leaf, "bounds", ())
    }
    # in 聊城 a group only brings a note to the common subsidy; the prepayment's certificate is that of the rule beside
    assert named <= {(line[0], line[3]) for line in LISTS}


LEVELS = {
    "junior": "apprentice_junior", "intermediate": "apprentice_intermediate", "senior": "apprentice_senior",
    "ungraded": None, "technician": None, "senior_technician": None,
}


@pytest.mark.parametrize("level", sorted(LEVELS))
def test_apprentices_of_each_level_in_panzhihua(level):
    facts = {**APPRENTICE, "skill_level": level, "certificate": "skill_level", "apprenticeship_years": YEARS, "headcount": 3}
    (result,) = policies_kb.assess(KB, "panzhihua", facts, BEFORE, benefit="panzhihua.apprenticeship").results
    figure = KB.documents["panzhihua-2020-2"].figures.get(LEVELS[level] or "")
    assert result.amount.kind == ("exact" if figure else "not_stated")
    assert result.amount.value == (figure.value * YEARS * 3 if figure else None)


def test_levels_tried_are_all_there_are():
    assert set(LEVELS) == {option.value for option in KB.facts["skill_level"].options}


RATES = {
    ("manufacturing", False): ("day_manufacturing", "day_manufacturing_senior"),
    ("manufacturing", True): ("day_manufacturing", "day_manufacturing_senior"),
    ("professional_technical", False): ("day_other", "day_other_senior"),
    ("professional_technical", True): ("day_other", "day_other_senior"),
    ("other", False): ("day_other", "day_other_senior"),
    ("other", True): ("day_new_occupation", "day_new_occupation_senior"),
}


@pytest.mark.parametrize("level", sorted(LEVELS))
@pytest.mark.parametrize(("kind", "new"), sorted(RATES))
def test_rates_of_a_day_in_chongqing(kind, new, level):
    figures = KB.documents["chongqing-2021-12"].figures
    rate = figures[RATES[kind, new][level in ("senior", "technician", "senior_technician")]].value
    facts = {"offline_days": 8, "online_days": 2, "occupation_class": kind, "new_occupation": new, "skill_level": level, "headcount": 5}
    (result,) = policies_kb.assess(KB, "chongqing", facts, AFTER, benefit="chongqing.course_subsidy").results
    most = rate if (kind, new) == ("other", True) else figures["day_max"].value
    assert result.amount.kind == "range"
    assert result.amount.minimum == rate * 8 * 5
    assert result.amount.maximum == (most * 8 + figures["online_day_max"].value * 2) * 5
    (result,) = policies_kb.assess(KB, "chongqing", {**facts, "online_days": 0}, AFTER, benefit="chongqing.course_subsidy").results
    assert result.amount.value == (rate * 8 * 5 if (kind, new) == ("other", True) else None)
