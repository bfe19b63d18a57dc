"""Splitting: the five official texts, and small texts of our own for every way of numbering and every fault."""

from types import SimpleNamespace

import pytest

from api.services.official_text import OfficialTextError, read_official_text


def known(*clauses, number="某府发〔2020〕3号"):
    return {"x-2020-3": SimpleNamespace(number=number, clauses=dict.fromkeys(clauses))}


def split(text, *clauses):
    return {clause.name: clause.text for clause in read_official_text(text, known(*clauses)).clauses}


HEAD = "某府发〔2020〕3号\n关于培训的通知\n各单位:\n为做好培训,通知如下。\n"
TAIL = "某市人民政府办公室\n2020年3月1日\n(此件公开发布)\n"

RUNNING = HEAD + """一、目标
今年培训一千人。
二、对象
(一)职工。企业职工可以参加。
(二)农民工。农民工可以参加。
三、补贴
(三)标准。每人五百元。
""" + TAIL


def test_items_that_run_through_the_text():
    assert split(RUNNING, "一、", "一", "二", "三") == {
        "一、": "今年培训一千人。", "一": "职工。企业职工可以参加。", "二": "农民工。农民工可以参加。", "三": "标准。每人五百元。"}


RESTARTING = HEAD + """一、目标
今年培训一千人。
二、对象
下面这些人可以参加。
(一)职工。企业职工。
(二)农民工。进城的农民工。
三、补贴
(一)标准。每人五百元。
本办法自印发之日起施行。
""" + TAIL


def test_items_that_begin_anew_in_each_chapter():
    assert split(RESTARTING, "一", "二", "二(一)", "二(二)", "三(一)", "末段") == {
        "一": "今年培训一千人。", "二": "下面这些人可以参加。", "二(一)": "职工。企业职工。", "二(二)": "农民工。进城的农民工。",
        "三(一)": "标准。每人五百元。", "末段": "本办法自印发之日起施行。"}


def test_chapters_alone_and_a_heading_with_its_text_on_one_line():
    text = HEAD + "一、目标。今年培训一千人。\n二、补贴\n每人五百元。\n按月发放。\n" + TAIL
    assert split(text, "一", "二") == {"一": "今年培训一千人。", "二": "每人五百元。\n按月发放。"}


def test_a_preamble_has_its_name_where_the_knowledge_base_gives_it_one():
    assert split(RUNNING, "前言", "一、", "一", "二", "三")["前言"].endswith("通知如下。")


def test_words_after_the_last_item_are_the_chapters_where_the_knowledge_base_has_it():
    text = RESTARTING.replace("下面这些人可以参加。\n", "").replace("进城的农民工。\n", "进城的农民工。\n他们都要自愿报名。\n")
    without = split(text, "一", "二(一)", "二(二)", "三(一)", "末段")
    assert without["二(二)"] == "农民工。进城的农民工。\n他们都要自愿报名。"
    with_chapter = split(text, "一", "二", "二(一)", "二(二)", "三(一)", "末段")
    assert (with_chapter["二"], with_chapter["二(二)"]) == ("他们都要自愿报名。", "农民工。进城的农民工。")


def test_signs_in_mid_sentence_are_words():
    text = HEAD + "一、目标\n培训要做到统\n一、规范,并按前面\n(一)项的要求办理。\n二、补贴\n每人五百元。\n" + TAIL
    assert split(text, "一", "二") == {"一": "培训要做到统一、规范\uff0c并按前面\uff08一\uff09项的要求办理。", "二": "每人五百元。"}


TABLE = RUNNING + """附件
重点任务分解表
序号 主要工作 具体任务 牵头单位 责任单位 备注
1
办好职工
培训
组织企业开展岗前培训和在岗培训,全年不
少于一百人。
市人社局
市工会、市国资
委等
2 国有企业先行一步,开展轮训。
市国资委 国有企业
\f序号 主要工作 具体任务 牵头单位 责任单位 备注
3 对农民工开展培训。 市农业局 各镇(街道)
"""


def test_rows_of_a_table_are_clauses_where_the_knowledge_base_names_them():
    clauses = split(TABLE, "一、", "一", "二", "三", "附件1", "附件2", "附件3")
    assert clauses["附件1"] == ("主要工作\uff1a办好职工培训\n具体任务\uff1a组织企业开展岗前培训和在岗培训\uff0c全年不少于一百人。\n"
                              "牵头单位\uff1a市人社局\n责任单位\uff1a市工会、市国资委等")
    assert clauses["附件2"] == "具体任务\uff1a国有企业先行一步\uff0c开展轮训。\n牵头单位\uff1a市国资委\n责任单位\uff1a国有企业"
    assert clauses["附件3"].endswith("牵头单位\uff1a市农业局\n责任单位\uff1a各镇\uff08街道\uff09")


def test_numbered_annexes_are_clauses_and_a_plain_table_keeps_its_cells():
    text = RUNNING + "附件1\n任务表\n地 区 人数(人)\n东 城 区 300\n合  计 300\n附件2\n名单\n略。\n"
    clauses = split(text, "一、", "一", "二", "三", "附件1", "附件2")
    assert clauses["附件1"].splitlines()[-1].endswith("300")
    assert clauses["附件2"] == "名单\n略。"


def vertical(text):
    return "\n".join(text[i:i + 2] + ("\n" if i % 4 else "") for i in range(0, len(text), 2))


def test_a_table_set_vertically_becomes_rows():
    table = ("附件1重点任务分工工作任务工作要求责任单位对象组织好职工培训.抓好安全.市人社局、市工会等按职责分工负责"
             "培训好农民工.市人社局、市农业局等按职责分工负责补贴按时发放补贴.市财政局发现问题要改.市财政局、市人社局等按职责分工负责")
    text = RUNNING.replace("。", ".") + vertical(table)
    assert split(text, "一、", "一", "二", "三", "附件1")["附件1"].splitlines() == [
        "重点任务分工",
        "工作任务\uff1a对象", "工作要求\uff1a组织好职工培训。抓好安全。", "责任单位\uff1a市人社局、市工会等按职责分工负责",
        "工作要求\uff1a培训好农民工。", "责任单位\uff1a市人社局、市农业局等按职责分工负责",
        "工作任务\uff1a补贴", "工作要求\uff1a按时发放补贴。", "责任单位\uff1a市财政局",
        "工作要求\uff1a发现问题要改。", "责任单位\uff1a市财政局、市人社局等按职责分工负责"]


def refused(text, *clauses):
    with pytest.raises(OfficialTextError) as error:
        read_official_text(text, known(*clauses))
    return error.value.problems


def test_a_missing_clause_is_told_with_the_line_where_it_should_be():
    (line, message), = refused(RUNNING.replace("(二)农民工。农民工可以参加。\n", ""), "一、", "一", "二", "三")
    assert "二" in message
    assert RUNNING.replace("(二)农民工。农民工可以参加。\n", "").splitlines()[line - 1].startswith("(三)")


def test_a_piece_without_a_place_is_told_with_its_line():
    (line, message), = refused(RUNNING, "一、", "一", "二")
    assert RUNNING.splitlines()[line - 1].startswith("(三)")
    assert "标准" in message


@pytest.mark.parametrize(("was", "now", "words"), [
    ("三、补贴", "二、补贴", "章号"), ("(三)标准", "(二)标准", "项号"),
])
def test_a_number_that_goes_back_is_told_with_its_line(was, now, words):
    text = RUNNING.replace(was, now)
    (line, message), = refused(text, "一、", "一", "二", "三")
    assert text.splitlines()[line - 1].startswith(now[:3])
    assert words in message


@pytest.mark.parametrize(("annex", "words"), [("附件7\n表\n", "附件7"), ("附件1\n", "空的")])
def test_an_annex_without_place_or_words_is_told(annex, words):
    assert any(words in message for _, message in refused(RUNNING + annex, "一、", "一", "二", "三", "附件1"))


@pytest.mark.parametrize("text", ["", "随便一段话。", HEAD.replace("3号", "4号")])
def test_a_text_without_a_known_number_is_refused_with_the_numbers_that_are_known(text):
    (line, message), = refused(text, "一")
    assert line == 1
    assert "某府发〔2020〕3号" in message


def test_a_text_without_chapters_is_refused():
    assert refused(HEAD + "没有章节。\n", "一") == [(1, "没有找到“一、”这样的章")]


def test_the_number_may_be_written_with_other_brackets_and_blanks():
    assert split(RUNNING.replace("某府发〔2020〕3号", "某府发 [2020] 3 号"), "一、", "一", "二", "三")


def test_a_document_that_cites_another_is_taken_by_its_own_number():
    documents = known("一、", "一", "二", "三") | known("一", number="别府发〔2019〕1号")
    documents["other"] = SimpleNamespace(number="别府发〔2019〕1号", clauses={"一": None})
    documents["x-2020-3"] = known("一、", "一", "二", "三")["x-2020-3"]
    text = "根据别府发〔2019〕1号文件的规定\n" + RUNNING
    assert read_official_text(text, documents).document == "x-2020-3"


# ---- the five as they come; nothing of their words stands here

FIGURES = {
    "qujing-2019-112": {"十八": "60元", "十六": "800元", "十九": "20%"},
    "panzhihua-2020-2": {"四(六)": "50元", "四(一)": "6000元", "四(十)": "1000元", "末段": "2021年12月31日"},
    "tongnan-2019-80": {"一、": "31400人次", "九": "4000元", "附件24": "4000元", "附件16": "区应急局"},
    "liaocheng-2019-10": {"一、": "4.01万人次", "九": "200名", "附件1": "冠县 3400", "附件2": "25%"},
    "chongqing-2021-12": {"一": "180元", "二": "60元", "末段": "印发之日"},
}


def test_the_five_official_texts_split_without_a_hands_touch(official_texts, kb):
    seen = set()
    for path in sorted(official_texts.glob("*.txt")):
        text = read_official_text(path.read_text(encoding="utf-8"), kb.documents)
        clauses = {clause.name: clause.text for clause in text.clauses}
        assert list(clauses) == [name for name in kb.documents[text.document].clauses if name in clauses]
        for name, words in FIGURES[text.document].items():
            assert words in clauses[name], (text.document, name)
        everything = "\n".join(clauses.values())
        for noise in ("发布\n", "- 10 -", "\uff0d", "\f", "抄送"):
            assert noise not in everything
        assert not any("\uff10" <= c <= "\uff19" for c in everything)
        seen.add(text.document)
    assert seen == set(FIGURES)


def test_the_vertical_table_of_liaocheng_has_its_rows(official_texts, kb):
    path = next(path for path in official_texts.glob("*.txt") if "聊政办发" in path.read_text(encoding="utf-8"))
    clauses = {clause.name: clause.text for clause in read_official_text(path.read_text(encoding="utf-8"), kb.documents).clauses}
    rows = clauses["附件2"].splitlines()
    assert sum(row.startswith("工作任务\uff1a") for row in rows) == 5
    assert sum(row.startswith("工作要求\uff1a") for row in rows) == sum(row.startswith("责任单位\uff1a") for row in rows) == 26
    assert all(row.endswith("。") for row in rows if row.startswith("工作要求\uff1a"))
