"""Reading data files: a small folder made here, each kind of slip a problem with file and line, one figure in one place."""

import copy
from datetime import date

import pytest
import yaml

import policies_kb
from policies_kb import KnowledgeBaseError
from policies_kb.loading import Loader

DAY = date(2020, 6, 1)
DOCUMENT = "mini/documents/mini-2020-1"
FILES = {
    "categories.yml": """\
- category: veteran
  label: 退役军人
  words: [当过兵]
- category: disabled
  label: 残疾人
  words: [残疾]
""",
    "facts/person.yml": """\
- fact: role
  type: choice
  label: 身份
  question: 替谁问?
  options:
    worker: {label: 本人}
    employer: {label: 单位}
- fact: categories
  type: set
  label: 类别
  question: 哪几类?
- fact: training_type
  type: choice
  label: 培训类型
  question: 哪一种?
  options:
    onboarding: {label: 岗前培训}
    work_training: {label: 以工代训}
- fact: training_days
  type: int
  minimum: 0
  unit: 天
  label: 天数
  question: 几天?
- fact: headcount
  type: int
  minimum: 1
  presumed: 1
  unit: 人
  label: 人数
  question: 几人?
""",
    "terms.yml": """\
helped:
  label: 帮扶对象
  group: true
  when: {categories: [veteran, disabled]}
""",
    "mini/region.yml": """\
name: 小市
short_name: 小市
full_name: 某省小市
code: "999900"
""",
    f"{DOCUMENT}/document.yml": """\
number: 小政发〔2020〕1号
title: 小市的方案
short_title: 方案
issuer: 小市政府
issued: 2020-01-01
in_force_from: 2020-01-01
in_force_to: 2021-12-31
in_force_basis: 文件写明
clause_form: running
clauses: [一, 二]
""",
    f"{DOCUMENT}/clauses/01-all.yml": """\
- clause: 一
  title: 生活费
  text: 每人每天{living_per_day}元,四十天是{living_per_day*40}元。
  figures:
    living_per_day: {value: 60, unit: 元/人/天, means: 每天}
- clause: 二
  title: 别的
  text: 别的事。
""",
    f"{DOCUMENT}/answers/living.yml": """\
- id: per-day
  clause: 一
  topic: living_allowance
  kind: amount
  ask: [一天多少]
  answer: 每人每天{living_per_day}元。
  short: 每天{living_per_day}元
""",
    "mini/benefits/living.yml": """\
name: 生活费
topic: living_allowance
document: mini-2020-1
clauses: [一]
paid_to: worker
when: {term: helped}
amount: {exact: {times: [living_per_day, training_days, headcount]}}
notes:
  - 每天{living_per_day}元,从第一天算起。
""",
}


@pytest.fixture
def folder(tmp_path):
    """Makes a data folder: the small one, with some files given anew (None: left out)."""
    made = []

    def make(**changes):
        root = tmp_path / f"data{len(made)}"
        made.append(root)
        for name, text in {**FILES, **changes.pop("files", {})}.items():
            if text is not None:
                path = root / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
        return root

    return make


def changed(name, old, new):
    """The files with one passage of one file replaced."""
    assert old in FILES[name]
    return {name: FILES[name].replace(old, new)}


def line_of(text, passage):
    """The line of a file that holds a passage, from 1."""
    return next(number for number, line in enumerate(text.splitlines(), 1) if passage in line)


def problems(root):
    """What is wrong with a data folder."""
    with pytest.raises(KnowledgeBaseError) as caught:
        policies_kb.load_knowledge_base(root)
    assert all(str(problem) in str(caught.value) for problem in caught.value.problems)
    return caught.value.problems


def living(kb, **facts):
    """The result of the only benefit."""
    return policies_kb.assess(kb, "mini", {"categories": ["veteran"], **facts}, DAY).results[0]


def test_small_folder(folder):
    kb = policies_kb.load_knowledge_base(folder())
    result = living(kb, training_days=40)
    assert (result.status, str(result.amount.value)) == ("eligible", "2400.00")
    assert kb.documents["mini-2020-1"].clauses["一"].text == "每人每天60元,四十天是2400元。"
    assert (kb.answers[0].text, kb.answers[0].short) == ("每人每天60元。", "每天60元")
    assert result.notes == ("每天60元,从第一天算起。",)


def test_a_figure_is_changed_in_one_place(folder):
    before = policies_kb.load_knowledge_base(folder())
    after = policies_kb.load_knowledge_base(folder(files=changed(f"{DOCUMENT}/clauses/01-all.yml", "value: 60", "value: 65.5")))
    result = living(after, training_days=40)
    assert str(result.amount.value) == "2620.00"
    assert result.amount.formula == "65.5元/天 × 40天 × 1人"
    assert result.notes == ("每天65.5元,从第一天算起。",)
    assert after.documents["mini-2020-1"].clauses["一"].text == "每人每天65.5元,四十天是2620元。"
    assert (after.answers[0].text, after.answers[0].short) == ("每人每天65.5元。", "每天65.5元")
    assert after.version != before.version


def test_version_follows_the_content_alone(folder):
    one, same = policies_kb.load_knowledge_base(folder()), policies_kb.load_knowledge_base(folder())
    assert one is not same
    assert one.version == same.version


def test_read_once(folder):
    root = folder()
    assert policies_kb.load_knowledge_base(root) is policies_kb.load_knowledge_base(str(root))


CLAUSES, ANSWERS, BENEFIT = f"{DOCUMENT}/clauses/01-all.yml", f"{DOCUMENT}/answers/living.yml", "mini/benefits/living.yml"

# what is wrong, the file, the passage and what stands there instead, the line that is to be named, words of the message
SLIPS = [
    ("键写了两次", BENEFIT, "paid_to: worker\n", "paid_to: worker\npaid_to: employer\n", "paid_to: employer", "paid_to"),
    ("里层的键写了两次", CLAUSES, "unit: 元/人/天,", "unit: 元/人/天, unit: 元,", "unit: 元,", "unit"),
    ("没有这个事实", BENEFIT, "when: {term: helped}", "when: {fact: no_such_fact}", "no_such_fact", "no_such_fact"),
    ("没有这个类别", BENEFIT, "when: {term: helped}", "when: {category: nobody}", "nobody", "nobody"),
    ("没有这个共用条件", BENEFIT, "when: {term: helped}", "when: {term: unheard_of}", "unheard_of", "unheard_of"),
    ("条件里有没有的词", BENEFIT, "when: {term: helped}", "when: {either: [1, 2]}", "either", "either"),
    ("没有这种培训", BENEFIT, "when: {term: helped}", "when: {subject: flying}", "flying", "flying"),
    ("选项不存在", BENEFIT, "when: {term: helped}", "when: {fact: role, is: queen}", "queen", "queen"),
    ("引用了没有的条款", BENEFIT, "clauses: [一]", "clauses: [九]", None, "九"),
    ("算式里没有这个数字", BENEFIT, "living_per_day, training_days", "no_figure, training_days", None, "no_figure"),
    ("算式里直接写了数", BENEFIT, "living_per_day, training_days", "60, training_days", None, "60"),
    ("说明里引用了没有的数字", BENEFIT, "每天{living_per_day}元", "每天{no_figure}元", None, "no_figure"),
    ("收款人不存在", BENEFIT, "paid_to: worker", "paid_to: nobody", None, "nobody"),
    ("缺名称", BENEFIT, "name: 生活费\n", "", None, "name"),
    ("条款文字引用了没有的数字", CLAUSES, "每人每天{living_per_day}元", "每人每天{no_figure}元", "clause: 一", "no_figure"),
    ("条款文字里不是算式", CLAUSES, "每人每天{living_per_day}元", "每人每天{living_per_day**2}元", "clause: 一", "living_per_day"),
    ("数字不是数", CLAUSES, "value: 60", "value: 六十", "六十", "六十"),
    ("数字没有值", CLAUSES, "value: 60, ", "", "living_per_day:", "value"),
    ("条款写了两次", CLAUSES, "clause: 二", "clause: 一", None, "一"),
    ("目录里没有的条款", CLAUSES, "clause: 二", "clause: 三", "clause: 三", "三"),
    ("答案引用了没有的条款", ANSWERS, "clause: 一", "clause: 五", "id: per-day", "五"),
    ("答案引用了没有的数字", ANSWERS, "short: 每天{living_per_day}元", "short: 每天{no_figure}元", "id: per-day", "no_figure"),
    ("答案缺正文要的键", ANSWERS, "  topic: living_allowance\n", "", "id: per-day", "topic"),
    ("花括号里的文字被逗号截断", BENEFIT, "  - 每天{living_per_day}元,从第一天算起。", "  - {text: 每天有补贴, 从第一天算起。}", "从第一天", "从第一天算起"),
    ("不是 YAML", BENEFIT, "clauses: [一]", "clauses: [一", None, "YAML"),
    ("文件缺文号", f"{DOCUMENT}/document.yml", "number: 小政发〔2020〕1号\n", "", None, "number"),
    ("事实缺类型", "facts/person.yml", "- fact: training_days\n  type: int\n", "- fact: training_days\n", "fact: training_days", "type"),
    ("事实写了两次", "facts/person.yml", "- fact: headcount", "- fact: training_days", None, "training_days"),
    ("地区缺代码", "mini/region.yml", 'code: "999900"\n', "", None, "code"),
    ("文字里除以零", CLAUSES, "{living_per_day}元,", "{living_per_day/0}元,", "clause: 一", "living_per_day/0"),
    ("文字里的数大得没边", CLAUSES, "{living_per_day}元,", "{1e999}元,", "clause: 一", "算不出来"),
    ("文字里的数大得没边,答案", ANSWERS, "short: 每天{living_per_day}元", "short: 每天{1e999*living_per_day}元", "id: per-day", "算不出来"),
    ("cites 没写条款", BENEFIT, "clauses: [一]", "clauses: [一]\ncites: [mini-2020-1]", "cites", "mini-2020-1"),
    ("cites 的条款不存在", BENEFIT, "clauses: [一]", "clauses: [一]\ncites: [mini-2020-1/九]", None, "mini-2020-1/九"),
    ("数字没写成映射", CLAUSES, "living_per_day: {value: 60, unit: 元/人/天, means: 每天}", "living_per_day: 60", "living_per_day: 60", "living_per_day"),
    ("figures 写成列表", CLAUSES, "    living_per_day: {value", "    - living_per_day: {value", "figures", "figures"),
    ("数字是 nan", CLAUSES, "value: 60", "value: .nan", ".nan", "不是数"),
    ("数字无穷大", CLAUSES, "value: 60", "value: .inf", ".inf", "不是数"),
    ("range 只有一项", BENEFIT, "{exact: {times: [living_per_day, training_days, headcount]}}", "{range: [living_per_day]}", "range", "range"),
    ("界限写成列表", BENEFIT, "when: {term: helped}", "when: {fact: training_days, at_least: [1]}", "at_least", "at_least"),
    ("生效日不是日期", f"{DOCUMENT}/document.yml", "in_force_from: 2020-01-01", "in_force_from: 昨天", "昨天", "昨天"),
    ("没有这一天", f"{DOCUMENT}/document.yml", "in_force_from: 2020-01-01", "in_force_from: 2020-13-01", "2020-13-01", "2020-13-01"),
    ("印发日带了时刻", f"{DOCUMENT}/document.yml", "issued: 2020-01-01", "issued: 2020-01-01 08:00:00", "issued", "issued"),
    ("截止日加了引号", f"{DOCUMENT}/document.yml", "in_force_to: 2021-12-31", 'in_force_to: "2021-12-31"', "in_force_to", "不加引号"),
    ("说明的日期不是日期", BENEFIT, "  - 每天{living_per_day}元,从第一天算起。", "  - {text: 早知道, since: soon}", "soon", "soon"),
    ("条件的日期不是日期", BENEFIT, "when: {term: helped}", "when: {term: helped, until: 年底}", "年底", "年底"),
    ("补贴的截止日不是日期", BENEFIT, "clauses: [一]", "clauses: [一]\nin_force_to: 2021", "in_force_to", "2021"),
    ("条款没有文字", CLAUSES, "  text: 别的事。\n", "", "clause: 二", "text"),
    ("clauses 写成文字", BENEFIT, "clauses: [一]", "clauses: 一二", "clauses", "列表"),
    ("算式里不是数的事实", BENEFIT, "training_days, headcount", "training_days, role", "amount", "role"),
    ("不是数的事实比大小", BENEFIT, "when: {term: helped}", "when: {fact: role, at_least: 3}", "role", "role"),
    ("数写了 is", BENEFIT, "when: {term: helped}", "when: {fact: training_days, is: many}", "many", "training_days"),
    ("人员类别写了 is", BENEFIT, "when: {term: helped}", "when: {fact: categories, is: veteran}", "veteran", "categories"),
    ("界限旁边写了 is", BENEFIT, "when: {term: helped}", "when: {fact: training_days, at_least: 3, is: x}", "at_least", "is"),
    ("补贴里有不认识的键", BENEFIT, "paid_to: worker", "payed_to: worker", "payed_to", "paid_to"),
    ("答案里有不认识的键", ANSWERS, "  short:", "  shrot:", "shrot", "short"),
    ("条款里有不认识的键", CLAUSES, "  title: 别的", "  titel: 别的", "titel", "title"),
    ("条件里有不认识的键", BENEFIT, "when: {term: helped}", "when: {term: helped, says_: 甲}", "says_", "says"),
    ("共用条件里有不认识的键", "terms.yml", "  group: true", "  gruop: true", "gruop", "group"),
    ("共用条件里没有的事实", "terms.yml", "{categories: [veteran, disabled]}", "{fact: tall}", None, None),
    ("答案的 ask 不是列表", ANSWERS, "ask: [一天多少]", "ask: 一天多少", "ask", "列表"),
    ("答案的 clause 是映射", ANSWERS, "clause: 一", "clause: {一: 二}", "clause", "clause"),
    ("答案的 topic 是列表", ANSWERS, "topic: living_allowance", "topic: [living_allowance]", "topic", "topic"),
    ("答案的 id 是数", ANSWERS, "id: per-day", "id: 3", "id", "id"),
    ("assumes 的事实不存在", BENEFIT, "clauses: [一]", "clauses: [一]\nassumes: [{fact: tall, is: true, beside: role}]", "assumes", "tall"),
    ("收款的事实不存在", BENEFIT, "paid_to: worker", "paid_to: {fact: nobody}", None, "nobody"),
    ("implies 的事实不存在", "facts/person.yml", "  label: 天数", "  implies: {tall: true}\n  label: 天数", "fact: training_days", "tall"),
    ("implies 的值不对", "facts/person.yml", "  label: 天数", "  implies: {headcount: 0}\n  label: 天数", "fact: training_days", "headcount"),
    ("presumed 的值不对", "facts/person.yml", "presumed: 1", "presumed: 几个", "fact: headcount", "几个"),
    ("assumes 的值不对", BENEFIT, "clauses: [一]", "clauses: [一]\nassumes: [{fact: role, is: queen, beside: headcount}]", None, "queen"),
    ("条件的条款不存在", BENEFIT, "when: {term: helped}", "when: {term: helped, clause: 九}", "clause: 九", "九"),
    ("共用条件的条款不存在", "terms.yml", "  group: true", "  clause: 九", None, None),
    ("共用条件绕回自己", "terms.yml", "{categories: [veteran, disabled]}", "{term: helped}", None, None),
    ("键不是文字", BENEFIT, "clauses: [一]", "clauses: [一]\nyes: 好", "yes", "键"),
    ("键是列表", BENEFIT, "clauses: [一]", "clauses: [一]\n? [a]\n: b", "[a]", "键"),
    ("上级地区是自己", "mini/region.yml", 'code: "999900"\n', 'code: "999900"\nwithin: mini\n', "within", "绕回"),
    ("上级地区不存在", "mini/region.yml", 'code: "999900"\n', 'code: "999900"\nwithin: moon\n', None, "moon"),
]


@pytest.mark.parametrize(("file", "old", "new", "at", "words"), [slip[1:] for slip in SLIPS], ids=[slip[0] for slip in SLIPS])
def test_slip_is_named_with_file_and_line(folder, file, old, new, at, words):
    files = changed(file, old, new)
    if words is None:  # told where the shared condition is used
        file, words = BENEFIT, "terms.yml 第"
    found = [problem for problem in problems(folder(files=files)) if problem.file == file and words in problem.message]
    assert found
    for problem in found:
        assert problem.line >= 1
        assert str(problem).startswith(f"{file}:{problem.line}: ")
    if at is not None:
        assert line_of(files[file], at) in [problem.line for problem in found]


def test_a_clause_that_is_missing(folder):
    text = FILES[CLAUSES].split("- clause: 二")[0]
    (problem,) = problems(folder(files={CLAUSES: text}))
    assert problem.file == f"{DOCUMENT}/document.yml"
    assert "二" in problem.message


def test_all_problems_are_told_at_once(folder):
    files = {**changed(BENEFIT, "paid_to: worker", "paid_to: nobody"), **changed(ANSWERS, "clause: 一", "clause: 五")}
    assert {problem.file for problem in problems(folder(files=files))} == {BENEFIT, ANSWERS}


def test_a_figure_twice_in_one_document(folder):
    more = FILES[CLAUSES] + "  figures:\n    living_per_day: {value: 50, unit: 元, means: 又一次}\n"
    (problem,) = problems(folder(files={CLAUSES: more}))
    assert problem.line == line_of(more, "value: 50")
    assert "living_per_day" in problem.message


def test_an_empty_folder(tmp_path):
    assert problems(tmp_path)


def test_a_broken_figure_does_not_stop_the_rest(folder):
    kb = policies_kb.load_knowledge_base(folder(files={ANSWERS: None}))
    assert kb.answers == ()
    assert living(kb, training_days=1).amount.value == 60


@pytest.mark.parametrize("file", sorted({*FILES, "mini/terms.yml", f"{DOCUMENT}/calculations.yml"}))
@pytest.mark.parametrize("text", ["", "# 空的\n", "甲\n", "3\n", "- 甲\n- [乙]\n", "甲: 乙\n", "- {甲: 乙}\n", "- 3\n- {a: [}\n", "--- 1\n--- 2\n", "\x00"])
def test_a_file_of_any_other_shape_is_a_problem(folder, file, text):
    found = problems(folder(files={file: text}))
    assert any(problem.file == file for problem in found)
    assert all(any("\u4e00" <= char <= "\u9fff" for char in problem.message) for problem in found)


def test_a_broken_clause_leaves_the_rest_of_the_document(folder):
    loader = Loader(folder(files=changed(CLAUSES, "  text: 别的事。\n", "")))
    kb = loader.load()
    (problem,) = loader.problems
    assert (problem.file, problem.line) == (CLAUSES, line_of(FILES[CLAUSES], "clause: 二"))
    assert list(kb.documents["mini-2020-1"].clauses) == ["一"]
    assert living(kb, training_days=40).amount.value == 2400


CALCULATION = """\
- clause: 一
  topics: [living_allowance]
  cue: 一共
  needs: [training_days]
  formula: training_days * living_per_day
  says: 一共{result}元。
"""


@pytest.mark.parametrize(("old", "new", "words"), [
    ("  formula: training_days * living_per_day\n", "", "formula"), ("formula: training_days", "formula: (training_days", "不是算式"),
    ("cue: 一共", "cue: (一共", "正则"), ("needs: [training_days]", "needs: training_days", "needs"), ("- clause", "  clause", "列表"),
    ("topics: [living_allowance]", "topics: [[]]", "topics"),
    ("says: 一共{result}元。", "says: 60", "says"),
    ("clause: 一", "clause: 九", "九"), ("* living_per_day", "* no_figure", "no_figure"), ("formula: training_days", "formula: result", "result"),
    ("一共{result}元", "一共{resutl}元", "resutl"),
])
def test_a_malformed_calculation(folder, old, new, words):
    file = f"{DOCUMENT}/calculations.yml"
    (problem,) = problems(folder(files={file: CALCULATION.replace(old, new)}))
    assert problem.file == file and problem.line >= 1 and words in problem.message


def test_merge_keys_may_be_overridden(folder):
    text = FILES[CLAUSES].replace("living_per_day: {", "living_per_day: &day {") + (
        "  figures:\n    travel_per_day: {<<: *day, value: 20, means: 路费}\n    food_per_day: {value: 9, <<: *day}\n"
    )
    figures = policies_kb.load_knowledge_base(folder(files={CLAUSES: text})).documents["mini-2020-1"].figures
    assert {name: (int(figure.value), figure.unit, figure.means) for name, figure in figures.items()} == {
        "living_per_day": (60, "元/人/天", "每天"), "travel_per_day": (20, "元/人/天", "路费"), "food_per_day": (9, "元/人/天", "每天"),
    }
    problem = problems(folder(files={CLAUSES: text.replace("value: 20,", "value: 20, value: 30,")}))[0]
    assert problem.file == CLAUSES and "value" in problem.message and problem.line == line_of(text, "travel_per_day")


def nodes(content, path=()):
    """The places of all parts of a YAML file."""
    yield path
    for key, part in content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ():
        yield from nodes(part, (*path, key))


def with_part(content, path, part):
    """The content with another part in one place."""
    if not path:
        return part
    content = copy.deepcopy(content)
    inner = content
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = part
    return content


RICH = {
    **FILES,
    f"{DOCUMENT}/calculations.yml": CALCULATION,
    "mini/terms.yml": """\
terms:
  here: {label: 本地人, group: true, clause: 二, when: {any: [{category: veteran}, {fact: training_days, at_least: living_per_day}]}}
reductions:
  less: {when: {fact: headcount, above: 3}, share: living_per_day, says: "按{living_per_day}给"}
""",
    "mini/benefits/rich.yml": """\
name: 别的
topic: living_allowance
document: mini-2020-1
clauses: [二]
cites: [mini-2020-1/一]
paid_to: {fact: role}
reduction: {use: less, when: {fact: role, is: employer}}
assumes: [{fact: training_type, is: onboarding, beside: training_days}]
open_list: 名单后面还有等字
in_force_to: 2020-12-31
when:
  all:
    - {term: here, clause: 一, since: 2020-01-01}
    - {not: {category: disabled}, says: 不是残疾人}
    - {subject: onboarding}
    - {fact: role, is: [worker, employer], presumed: {when: {given: training_days}, is: worker}}
    - {compare: {left: training_days, at_most: {times: [headcount, living_per_day]}}, says: 不太多, samples: [1, 2]}
    - {fact: headcount, above: 0, unless_known: true}
amount:
  choose:
    - when: {categories: [veteran]}
      then: {range: [living_per_day, {plus: [living_per_day, {limit: training_days, to: living_per_day, optional: true}]}], says: 看着给}
    - when: {fact: role, is: worker}
      then: {at_most: {choose: [{when: {fact: role, is: worker}, then: living_per_day}, {else: training_days}]}}
    - else: {not_stated: 没写}
notes:
  - {text: "{living_per_day}", since: 2020-01-01, until: 2020-12-31, status: [eligible], when: {category: veteran}}
""",
}
ODD = [None, True, 3, float("nan"), "甲", "{1/0}", [3], {"甲": "乙"}, {3: [None]}]


def test_the_rich_folder_is_sound(folder):
    kb = policies_kb.load_knowledge_base(folder(files=RICH))
    assert len(kb.benefits) == 2 and kb.statuses["mini"]


@pytest.mark.parametrize("file", sorted(RICH))
def test_no_part_of_any_shape_makes_the_reading_fail(folder, file):
    root, content = folder(files=RICH), yaml.safe_load(RICH[file])
    for path in nodes(content):
        for part in ODD:
            (root / file).write_text(yaml.dump(with_part(content, path, part), allow_unicode=True), encoding="utf-8")
            loader = Loader(root)
            kb = loader.load()
            assert all(problem.line >= 1 for problem in loader.problems if problem.file)
            if not loader.problems:
                for facts in ({}, {"role": "worker", "categories": ["veteran"], "training_days": 3}):
                    policies_kb.assess(kb, "mini", facts, DAY).to_dict()


def test_our_own_data_is_sound():
    kb = policies_kb.load_knowledge_base()
    written = {document.region for document in kb.documents.values()}
    assert all(written & {*kb.scope(region)} for region in kb.regions), "every region has a document that holds there"
    assert kb.scope("tongnan") == ("tongnan", "chongqing")
