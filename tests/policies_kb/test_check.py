"""``kb check`` names each slip with its file and line. Each test makes one slip in a copy of the data."""

import shutil
from pathlib import Path

import pytest

from policies_kb import check, schema
from policies_kb.loading import DATA
from tests.figures import figure

DOCUMENT = "qujing/documents/qujing-2019-112"
LIVING = f"{DOCUMENT}/answers/living_allowance.yml"
SUBSIDIES = f"{DOCUMENT}/clauses/06-subsidies.yml"
RULE = "qujing/benefits/living_allowance.yml"
PER_DAY, NO_FIGURE = figure("qujing-2019-112", "living_per_day"), "98765"
MONTHS = figure("qujing-2019-112", "long_unemployed_months")
TIMES = figure("qujing-2019-112", "times_per_year_max")


class Folder:
    """A copy of the shared data and one city, to be spoilt."""

    def __init__(self, path: Path, before: set[tuple[str, str]]) -> None:
        self.path = path
        self.before = before

    def replace(self, file: str, old: str, new: str) -> int:
        """Put ``new`` in place of the first ``old``; the line (from 1) where it stood."""
        text = (self.path / file).read_text(encoding="utf-8")
        assert old in text, f"{file} 里没有 {old!r}"
        (self.path / file).write_text(text.replace(old, new, 1), encoding="utf-8")
        return text[: text.index(old)].count("\n") + 1

    def add(self, file: str, text: str) -> int:
        """Put text at the end of a file (made if need be); the line on which it begins."""
        path = self.path / file
        path.parent.mkdir(parents=True, exist_ok=True)
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        path.write_text(before + text, encoding="utf-8")
        return before.count("\n") + 1

    def problems(self) -> list[tuple[str, int, str]]:
        """What the slip brought about; what the data had before is the affair of test_our_own_data_is_clean."""
        return [
            (problem.file, problem.line, problem.message) for problem in check.run(self.path)
            if (problem.file, problem.message) not in self.before
        ]

    def only(self) -> tuple[str, int, str]:
        """The one problem there is."""
        found = self.problems()
        assert len(found) == 1, found
        return found[0]


@pytest.fixture(scope="module")
def pristine(tmp_path_factory):
    path = tmp_path_factory.mktemp("pristine")
    for name in ("facts", "vocabulary", "qujing"):
        shutil.copytree(DATA / name, path / name)
    for name in ("categories.yml", "terms.yml"):
        shutil.copy(DATA / name, path / name)
    return path, {(problem.file, problem.message) for problem in check.run(path)}


@pytest.fixture
def folder(tmp_path, pristine):
    path, before = pristine
    shutil.copytree(path, tmp_path / "data")
    return Folder(tmp_path / "data", before)


def test_our_own_data_is_clean():
    assert [str(problem) for problem in check.run()] == []


# ---- what the loader finds is told as well ----------------------------------------------------------------------------
def test_a_key_that_stands_twice(folder):
    line = folder.replace("qujing/region.yml", "short_name: 曲靖\n", "short_name: 曲靖\nshort_name: 曲靖\n")
    assert ("qujing/region.yml", line + 1, "键“short_name”写了两次") in folder.problems()


def test_a_missing_clause(folder):
    folder.replace(f"{DOCUMENT}/document.yml", "二十四]", "二十四, 二十五]")
    file, line, message = folder.only()
    assert (file, message) == (f"{DOCUMENT}/document.yml", "缺条款 二十五")


def test_an_unknown_fact_in_a_rule(folder):
    line = folder.replace("qujing/benefits/prepayment.yml", "fact: in_training_plan", "fact: in_trainings_plan")
    assert ("qujing/benefits/prepayment.yml", line, "没有事实 in_trainings_plan") in folder.problems()


# ---- shapes -----------------------------------------------------------------------------------------------------------
def test_a_misspelt_key(folder):
    line = folder.replace(LIVING, "  short: ", "  shrot: ")
    file, at, message = folder.only()
    assert (file, message.split(",")[0]) == (LIVING, "不认识的键 shrot")
    assert at <= line


def test_a_file_of_another_shape_does_not_stop_the_check(folder):
    (folder.path / "qujing/region.yml").write_text("- 曲靖\n", encoding="utf-8")
    assert ("qujing/region.yml", 1, "整个文件要写成映射") in folder.problems()


@pytest.mark.parametrize("text", ["", "甲\n", "- 甲\n", "{}\n", "[]\n", "a: 1\n", "- {a: 1}\n"])
@pytest.mark.parametrize("file", [
    "qujing/region.yml", "qujing/terms.yml", "terms.yml", "categories.yml", "facts/person.yml", "vocabulary/topics.yml", RULE,
    f"{DOCUMENT}/document.yml", SUBSIDIES, LIVING,
])
def test_nothing_in_a_file_makes_the_check_fail(folder, file, text):
    (folder.path / file).write_text(text, encoding="utf-8")
    found = folder.problems()
    assert found or (file == LIVING and text in ("", "[]\n"))


def test_an_empty_folder(tmp_path):
    assert check.run(tmp_path)


def test_broken_yaml_names_its_line(folder):
    folder.add(RULE, "notes: [\n")
    assert any(file == RULE and line > 10 for file, line, _ in folder.problems())


def test_a_misspelt_key_of_a_condition(folder):
    line = folder.replace("qujing/terms.yml", "at_least: long_unemployed_months", "at_lest: long_unemployed_months")
    assert any(
        file == "qujing/terms.yml" and at == line and message.startswith("不认识的键 at_lest")
        for file, at, message in folder.problems()
    )


# ---- clauses and answers ----------------------------------------------------------------------------------------------
def test_a_clause_that_no_answer_covers(folder):
    folder.replace(f"{DOCUMENT}/document.yml", "二十四]", "二十四, 末段]")
    line = folder.add(f"{DOCUMENT}/clauses/09-last.yml", "- clause: 末段\n  title: 其他\n  text: 本方案由市里解释。\n")
    assert folder.only() == (f"{DOCUMENT}/clauses/09-last.yml", line, "条款 末段 没有一条回答引用它")


@pytest.mark.parametrize(("field", "value", "said"), [
    ("topic: living_allowance", "topic: pocket_money", "话题 pocket_money 不存在"),
    ("kind: amount", "kind: how_much", "kind how_much 不存在"),
    ("benefit: qujing.living_allowance", "benefit: qujing.living", "补贴项目 qujing.living 不存在"),
    ("kind: amount", "kind: amount\n  groups: [martian]", "人员类别 martian 不存在"),
    ("kind: amount", "kind: amount\n  roles: [uncle]", "身份 role uncle 不存在"),
])
def test_names_that_the_vocabulary_lacks(folder, field, value, said):
    line = folder.replace(LIVING, field, value)
    file, at, message = folder.only()
    assert file == LIVING and said in message
    assert at == line + value.count("\n")


def test_an_unknown_topic_of_a_benefit(folder):
    line = folder.replace(RULE, "topic: living_allowance", "topic: pocket_money")
    assert folder.only() == (RULE, line, "补贴项目 qujing.living_allowance 的话题 pocket_money 不存在")


def test_one_phrase_for_two_answers(folder):
    line = folder.replace(LIVING, "- 哪些人有生活费补贴", "- 培训期间生活费,一天多少钱?")
    file, at, message = folder.only()
    assert (file, at) == (LIVING, line)
    assert "living-allowance-per-day 和 living-allowance-who" in message


# ---- figures ----------------------------------------------------------------------------------------------------------
def test_a_typed_figure_that_a_clause_holds(folder):
    line = folder.replace(LIVING, "每人每天{living_per_day}元", f"每人每天{PER_DAY}元")
    assert folder.only() == (LIVING, line, f"“{PER_DAY}元”是直接写的数字,要引用条款 十八 的 {{living_per_day}}")


def test_a_typed_figure_that_no_clause_holds(folder):
    line = folder.replace(LIVING, "每人每天{living_per_day}元", f"每人每天{NO_FIGURE}元")
    file, at, message = folder.only()
    assert (file, at) == (LIVING, line)
    assert message.startswith(f"“{NO_FIGURE}元”是直接写的数字,条款的 figures 里没有它")


def test_a_typed_figure_in_a_clause(folder):
    line = folder.replace(SUBSIDIES, "每人每天给{living_per_day}元", f"每人每天给{PER_DAY}元")
    assert folder.only() == (SUBSIDIES, line, f"“{PER_DAY}元”是直接写的数字,要引用条款 十八 的 {{living_per_day}}")


@pytest.mark.parametrize(("file", "old", "new"), [
    (RULE, "由培训机构先垫付", f"每天{PER_DAY}元由培训机构先垫付"),
    ("qujing/terms.yml", '"连续失业满{long_unemployed_months}个月"', f"连续失业满{MONTHS}个月"),
    ("terms.yml", '"一年里领培训补贴没满{times_per_year_max}次"', f"一年里领培训补贴没满{TIMES}次"),
])
def test_a_typed_figure_in_the_words_of_a_rule(folder, file, old, new):
    line = folder.replace(file, old, new)
    found, at, message = folder.only()
    assert (found, at) == (file, line)
    assert "直接写的数字,要引用条款" in message


def test_a_figure_of_a_clause_that_the_answer_does_not_cite(folder):
    folder.replace(LIVING, "clause: 十八", "clause: 十九")
    file, line, message = folder.only()
    assert message == "答案 living-allowance-per-day 用了条款 十八 的数字 {living_per_day},clause 里却没有引用这一条"
    assert file == LIVING and "{living_per_day}" in (folder.path / LIVING).read_text(encoding="utf-8").splitlines()[line - 1]


def test_a_figure_of_a_clause_that_the_rule_does_not_cite(folder):
    folder.replace(RULE, "clauses: [十八]", "clauses: [十七]")
    file, line, message = folder.only()
    assert file == RULE and "用了条款 十八 的数字 {living_per_day},却没有引用这一条" in message
    assert "living_per_day" in (folder.path / RULE).read_text(encoding="utf-8").splitlines()[line - 1]


@pytest.mark.parametrize(("text", "figures"), [
    ("每天60元", ["60元"]), ("130到200元", ["130", "200元"]), ("1到{most}元", ["1"]), ("先给50%", ["50%"]), ("３次", ["３次"]),
    ("3.5万元", ["3.5万元"]), ("每{months}个月,5000人次", ["5000人次"]),
    ("2019—2021年", []), ("2019年9月29日", []), ("渝人社发〔2019〕124号", []), ("打12333", []), ("4050人员", []),
    ("附件第1、4项", []), ("附件5", []), ("{a*40}元", []), ("三次", []),
])
def test_what_counts_as_a_typed_figure(text, figures):
    assert [written for _, _, written in check.typed_figures(text)] == figures


# ---- regions, facts, rules --------------------------------------------------------------------------------------------
REGION = 'name: 样例市\nshort_name: 样例\nfull_name: 样例省样例市\ncode: "{code}"\ndistricts: [{district}]\n'


@pytest.mark.parametrize(("code", "said"), [("53030", "写法不对"), ("530300", "已经是 qujing 的"), ("", "空的")])
def test_region_codes(folder, code, said):
    folder.add("sample/region.yml", REGION.format(code=code, district="东门"))
    if code == "530300":
        # the order of equal codes is by id: the first to claim it keeps it
        folder.path.joinpath("sample").rename(folder.path / "zz_sample")
    assert any(said in message and "region.yml" in file for file, _, message in folder.problems())


def test_a_place_that_two_regions_claim(folder):
    folder.add("sample/region.yml", REGION.format(code="990100", district="宣威"))
    assert folder.only() == ("sample/region.yml", 5, "地名“宣威”同时归 qujing 和 sample,分不清说的是哪里")


def test_a_place_may_be_claimed_by_a_region_and_the_one_around_it(folder):
    folder.add("sample/region.yml", REGION.format(code="990100", district="宣威") + "within: qujing\n")
    assert folder.problems() == []


def test_regions_in_a_circle(folder):
    folder.add("sample/region.yml", REGION.format(code="990100", district="东门") + "within: qujing\n")
    folder.add("qujing/region.yml", "within: sample\n")
    assert any("绕回" in message for _, _, message in folder.problems())


def test_a_word_of_two_options(folder):
    line = folder.replace("facts/person.yml", "male: {label: 男, words: [", "male: {label: 男, words: [妇女, ")
    file, at, message = folder.only()
    assert file == "facts/person.yml" and at >= line and "“妇女”同时归 male 和 female" in message


def test_a_word_of_two_categories(folder):
    folder.replace("categories.yml", "words: [退役军人, ", "words: [退役军人, 盲人, ")
    file, _, message = folder.only()
    assert file == "categories.yml" and "“盲人”同时归 veteran 和 disabled" in message


def test_a_word_for_yes_and_no(folder):
    folder.replace("facts/person.yml", "false_words: [不是低保, ", "false_words: [低保户, 不是低保, ")
    assert "“低保户”同时归 true_words 和 false_words" in folder.only()[2]


def test_a_rule_with_too_many_completions(folder, monkeypatch):
    from policies_kb import exact

    monkeypatch.setattr(exact, "MAX_COMPLETIONS", 4)
    assert all("种组合,超过 4" in message and "/benefits/" in file for file, _, message in folder.problems())
    assert folder.problems()


@pytest.mark.parametrize(("file", "old", "new", "said"), [
    ("vocabulary/topics.yml", "broader: employee_training", "broader: everything", "上一级话题 everything 不存在"),
    ("vocabulary/topics.yml", "training_type: onboarding", "training_type: sleeping", "培训类型 sleeping 不存在"),
    ("categories.yml", "implies: [enterprise_employee]", "implies: [employee]", "没有类别 employee"),
    ("facts/person.yml", "unasked_beside: [pension_entitled]", "unasked_beside: [pension]", "提到的事实 pension 不存在"),
])
def test_names_within_the_vocabulary(folder, file, old, new, said):
    line = folder.replace(file, old, new)
    found, at, message = folder.only()
    assert found == file and at <= line and said in message


CALCULATION = """- clause: 十六
  topics: [training_subsidy]
  cue: 剩几次
  needs: [subsidies_this_year]
  formula: times_per_year_max - subsidies_this_year
  says: 还能领{result}次。
"""


@pytest.mark.parametrize(("old", "new", "said"), [
    ("clause: 十六", "clause: 十九", "用了条款 十六 的数字 times_per_year_max,clause 写的却是 十九"),
    ("clause: 十六", "clause: 九十", "条款 九十 不存在"),
    ("[training_subsidy]", "[pocket_money]", "话题 pocket_money 不存在"),
    ("[subsidies_this_year]", "[subsidies]", "事实 subsidies 不存在"),
    ("times_per_year_max -", "times_max -", "times_max 不是条款里的数字"),
    ("还能领{result}次", f"{TIMES}次里还能领{{result}}次", f"“{TIMES}次”是直接写的数字,要引用条款 十六 的 {{times_per_year_max}}"),
])
def test_a_calculation(folder, old, new, said):
    file = f"{DOCUMENT}/calculations.yml"
    folder.path.joinpath(file).write_text(CALCULATION.replace(old, new), encoding="utf-8")
    assert any(found == file and said in message for found, _, message in folder.problems())


# ---- the schemas' small reader ----------------------------------------------------------------------------------------
def test_every_data_file_has_a_schema_or_is_vocabulary_of_words():
    covered = {path for pattern in schema.FILES for path in DATA.glob(pattern)}
    rest = {path for path in DATA.glob("**/*.yml") if path not in covered}
    assert {path.parent for path in rest} == {DATA / "vocabulary"}
    assert not rest & {DATA / "vocabulary/topics.yml", DATA / "vocabulary/kinds.yml"}
