"""Numbers with units in a sentence → facts of the vocabulary, or claims (a figure that the speaker takes for granted)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

NUMBER = r"(?<![\d.])(\d+(?:\.\d+)?)"
UNIT = re.compile(
    NUMBER + r"\s*(?:多|来|几)?(个半月|个月|个学时|个课时|个小时|学时|课时|小时|节课|个人|个工人|个员工|个职工|个学徒|个新员工|号人|口人|口子|名|位|人次|人|周岁|岁|天|日|月|年|"
    r"元|块钱|块|次|回|盘|%|个)?"
)
PEOPLE = {"个人", "个工人", "个员工", "个职工", "个学徒", "个新员工", "号人", "口人", "口子", "名", "位", "人", "个"}
HOURS = {"学时", "课时", "小时", "个学时", "个课时", "个小时", "节课"}
MONEY = {"元", "块", "块钱"}
PERSON_AFTER = re.compile(r"^(签|新|老|初级|中级|高级|技师|返乡|毕业|在校|大学|贫困|残疾|退役|退伍|学徒|工人|员工|职工|人|农民工|下岗|就业困难|零就业|建档|学员|徒弟|的?(新员工|工人|贫困|残疾))")
COUNTING = {"onboarding", "job_transfer", "safety_training", "short_post", "skill_level", "apprenticeship", "work_training", "employee_training"}
"""Topics in which a bare 个 counts people (108个转岗的) unless a thing follows."""
THING_AFTER = re.compile(r"[^,.]{0,2}(证|项目|班|地方|城市|市|县|区|机构|基地|工种|条件|材料|方面|部门|单位|企业|公司|厂|等级|级|工作日|小时|月|年|学时|课时|文件|政策|问题|档|阶段|次)|[的]?$|[,.?!]")
NO_PERSON = re.compile(r"(地方|城市|市|区|县|文件|项目|班|证|部门|单位|条件)")
CHILD_AFTER = re.compile(r"(的)?(孩子|小孩|儿子|女儿|老人|娃|崽|孙)")
PERSON_BEFORE = re.compile(r"(招了?|训了?|培训了?|带了?|来了|进了|收了?|安排了?|组织了?|吸纳了?|有|共|送了?|派了?|转岗的?|一共|总共|学徒|徒弟|留下|剩下?|新人|员工|工人|职工|学员|人员|残疾人|贫困户)$")


@dataclass(frozen=True)
class Quantity:
    """A number with its unit and place."""

    value: Decimal
    unit: str
    start: int
    end: int


@dataclass(frozen=True)
class Claim:
    """A figure in the question that is no fact about the asker: money, a share, times or months taken for granted."""

    value: Decimal
    unit: str


def find(text: str) -> list[Quantity]:
    """All numbers of a canonical text with their units (a year such as 2019年 is none)."""
    result = []
    for match in UNIT.finditer(text):
        value, unit = Decimal(match.group(1)), match.group(2) or ""
        if unit == "年" and 1990 <= value <= 2100:
            continue
        if unit in ("月", "日") and re.search(r"年$|月$", text[:match.start()]):
            continue
        year = 1990 <= value <= 2100 and not re.search(r"(标准|工资|补贴|总额|目录|发|开|钱|薪|每月|每个月|一个月|每人|补|领)(上|里)?(写)?(的|每月|每个月|一个月)?[是为]?$", text[:match.start()])
        if not unit and (year or re.match(r"号|〕|\)|）|-|级|型|届|期|后(?!面)|年代", text[match.end():])):
            continue
        if unit == "日" or (unit == "月" and re.match(r"\d|日|号|份", text[match.end():])):
            continue
        if text[match.end():].startswith(("级", "五", "号文")) and not unit:
            continue
        result.append(Quantity(value, unit, match.start(), match.end()))
    return result


def read(
    text: str, topics: tuple[str, ...], hint: str | None = None, people: frozenset[int] = frozenset()
) -> tuple[dict[str, Any], list[Claim]]:
    """Facts and claims of a canonical text. ``topics`` (the first one leading) decide where the words leave it open.

    ``hint`` is the fact that was just asked for: a bare number answers it. ``people`` are the places where words for people begin:
    a number just before one counts them (4个农村两后生).
    """
    facts: dict[str, Any] = {}
    claims: list[Claim] = []
    quantities = find(text)
    for q in quantities:
        before, after = text[max(0, q.start - 10):q.start], text[q.end:q.end + 8]
        name = _fact_of(q, before, after, text, topics)
        if name is None and q.unit == "个" and not NO_PERSON.match(text[q.end:]) and any(q.end <= start <= q.end + 5 for start in people):
            name = "headcount"
        if name is None and hint is not None and len(quantities) == 1 and (not q.unit or len(text) <= 12):
            name = hint
        if name is None:
            if not q.unit and q.value >= 10 and re.search(r"(发|给|补|领|拿|补助|补贴|有|得|算|领了|改成|写的|写成|一天|每天|按|是|就|每人|人均|每月|一个月|每年|固定|固定给|才|只|只有|统一|一律|就|都|写着|标准|达到|(发|给|补|领|拿|补助|补贴|奖)[^\d,.]{1,4})$", before) or not q.unit and q.value >= 1000 and re.search(r"(经费|工资|总额|结余|基金|补贴|提了|提取|薪金|花了|有)[^,.]{0,6}$", before):
                claims.append(Claim(q.value, "元"))
            elif q.unit in MONEY or q.unit in ("%", "次", "回", "盘", "个月", "天", "年", "人次"):
                claims.append(Claim(q.value, "元" if q.unit in MONEY else "次" if q.unit in ("回", "盘") else q.unit))
            continue
        value = _converted(name, q)
        if value is not None:
            facts[name] = value
    _single_spans(text, topics, facts)
    _each_times(text, facts)
    if "subsidy_total" in facts and facts.get("headcount", 1) > 1 and re.search(r"每人[^,.\d]{0,6}" + str(facts["subsidy_total"]), text):
        facts["subsidy_total"] *= facts["headcount"]
    return facts, claims


FAMILY = re.compile(r"(?:家里?|一家|全家|我家|我们家)(\d+)口(?:人|子)?[^,.]{0,8}(?:都|全|一起|一块)|(2)口子[^,.]{0,4}都")


def _each_times(text: str, facts: dict[str, Any]) -> None:
    """一晚上2个课时,去了24晚: so many each time, so many times; 家里3口都是…: the family counts."""
    family = FAMILY.search(text)
    if family is not None and "headcount" not in facts:
        facts["headcount"] = int(family[1] or family[2])
    rate = re.search(r"(?:1|一|每)个?(晚上?|天|次|周|月|个月)[^,.\d]{0,4}\d+(?:个)?(?:课时|学时|节)", text)
    if rate is None or "class_hours" not in facts:
        return
    times = re.search(rf"(?<![\d.])(\d+)(?:个)?{rate.group(1)[0]}", text[rate.end():] + ";" + text[:rate.start()])
    if times is not None:
        facts["class_hours"] *= int(times.group(1))


def _single_spans(text: str, topics: tuple[str, ...], facts: dict[str, Any]) -> None:
    """一年, 一个月 are rates by themselves; beside people or wages that are counted they are the span of the claim."""
    counted = "apprenticeship" in topics and "apprenticeship_years" not in facts and facts.get("headcount", 1) > 1
    if counted and re.search(r"(?<!每)(?<!每人)一年", text):
        facts["apprenticeship_years"] = Decimal(1)
    paid = "work_training" in topics and "work_training_months" not in facts and "monthly_wage" in facts
    if paid and re.search(r"(?<!每)一个?月(各|能|要)?(补|多少|领|得)", text):
        facts["work_training_months"] = 1
    if "monthly_wage" in facts and re.search(r"(总共|一共|合计|全部|加起来)[^,.]{0,20}工资|工资(总额|一共|总共|合计)", text):
        # wages told as a total: the rule speaks of one worker's month
        facts["monthly_wage"] = facts["monthly_wage"] / facts.get("work_training_months", 1) / facts.get("headcount", 1)


def _fact_of(q: Quantity, before: str, after: str, text: str, topics: tuple[str, ...]) -> str | None:
    near = before + after
    if q.unit in ("岁", "周岁"):
        return "age"
    if q.unit in HOURS:
        return None if re.match(r"(算|是|为|等于)?(一|1)天", after) or "分钟" in near else "class_hours"
    if q.unit == "天":
        if re.search(r"(线上|网课|网上|在线)[^线,.]{0,6}$", before) or re.match(r"(的)?(线上|网课|网上)", after):
            return "online_days"
        if re.search(r"(线下|面授|现场|实操)[^线,.]{0,6}$", before) or re.match(r"(的)?(线下|面授|现场|实操)", after):
            return "offline_days"
        if before.endswith(("每", "多少钱", "等于", "合", "折", "前", "过", "头", "第", "哪", "等")):
            return None
        if q.value <= 3 and before.endswith(("这", "那")):
            return None  # 这两天 is about the weather
        rate = q.value == 1 and (before.endswith(("按", "算")) or re.search(r"\d(元|块|块钱)?,?$", before))
        return None if rate else "training_days"
    if q.unit in ("个月", "月", "个半月", "年"):
        return _span(q, before, after, text, topics)
    if q.unit in ("次", "回", "盘"):
        if re.search(r"(已经|领过|领了|补过|享受过|享受了|拿过|补了|拿了|今年)[^,.]{0,5}$", before):
            return "subsidies_this_year"
        return None
    if q.unit in PEOPLE:
        if CHILD_AFTER.match(after):
            return None  # 老婆带2个娃 counts no trainees
        if q.unit == "个" and not (set(topics) & COUNTING and not THING_AFTER.match(after)) and not (PERSON_AFTER.match(after) or PERSON_BEFORE.search(before) or (len(text) < 16 and not after.strip(",.?!呢吗"))):
            return None
        if (q.value == 1 and re.match(r"(一|1)?(天|个?月|年|次)", after)) or before.endswith(("每", "人均")):
            return None
        if q.unit in ("口人", "口子", "口") and re.search(r"(家里|一家|全家|家有|我家|屋里|家)$", before):
            return None
        if q.unit in ("人", "个人") and q.value == 1 and not PERSON_BEFORE.search(before):
            return None
        return "headcount"
    if q.unit in MONEY or not q.unit:
        return _money(q, before, after, text, topics)
    return None


def _span(q: Quantity, before: str, after: str, text: str, topics: tuple[str, ...]) -> str | None:
    if re.search(r"(合同|签了?|签的|签订|签)[^,.]{0,5}$", before) or re.match(r"(以上|多)?的?(劳动)?合同", after) or re.match(r"期?的?合同", after):
        return "contract_months"
    if re.search(r"(失业|没工作|没上班|没活干|没事做|没班上)[^,.]{0,5}$", before) or re.match(r"(多)?(没工作|没上班|失业)", after):
        return "unemployed_months"
    if re.search(r"(注册|开店|开了|执照|开业|办照)[^,.]{0,5}$", before) and q.unit == "年":
        return "business_registered_years"
    if "apprenticeship" in topics and (q.unit == "年" or q.value >= 12):
        return "apprenticeship_years"
    if "work_training" in topics:
        return "work_training_months"
    if "entrepreneurship" in topics and q.unit == "年":
        return "business_registered_years"
    return None


def _money(q: Quantity, before: str, after: str, text: str, topics: tuple[str, ...]) -> str | None:
    if not q.unit and q.value < 100:
        return None
    if re.search(r"(工资|月薪|薪水|薪资|底薪|每月发|一个月发|月工资|一月发|开|每个月发)[^,.补贴]{0,6}$", before) or re.match(r"的?(工资|月薪|薪水|底薪)", after):
        return "monthly_wage"
    if re.search(r"(目录|标准)[^,.]{0,8}$", before) or re.match(r"的?(目录)?标准", after):
        if "course_hours" in topics and q.value <= 300:
            return None
        return "catalogue_standard"
    if "prepayment" in topics and q.value >= 1000:
        return "subsidy_total"
    if re.search(r"(总额|总补贴|补贴(一共|总共|合计|总计|共|款|总额)?(是|有|为)?|一共补贴|总共)[^,.]{0,4}$", before) and q.value >= 3000 and "work_training" not in topics:
        return "subsidy_total" if "prepayment" in topics else None
    if "work_training" in topics and q.value >= 1000:
        return "monthly_wage"
    return None


def _converted(name: str, q: Quantity) -> Any:
    months = name in ("contract_months", "unemployed_months", "work_training_months")
    value = q.value
    if months and q.unit == "年":
        value *= 12
    if name in ("apprenticeship_years", "business_registered_years") and q.unit in ("个月", "月"):
        value = value / 12
    if name in ("age", "headcount", "training_days", "class_hours", "subsidies_this_year") or months:
        return int(value) if value == value.to_integral_value() else None
    return value


__all__ = ["Claim", "Quantity", "find", "read"]
