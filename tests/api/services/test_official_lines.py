"""Lines as they come, cleaned and joined."""

import pytest

from api.services.official_lines import Joiner, plain_width, read_lines


def texts(text):
    return [line.text for line in read_lines(text)]


def joined(text):
    lines = read_lines(text)
    return Joiner(lines).text(lines)


@pytest.mark.parametrize("number", ["- 10 -", "—１０—", "-10-", "— 7 —", "第 3 页", "第3页 共8页", "\uff0d１２\uff0d"])
def test_page_numbers_go(number):
    assert texts(f"上一行没有说完的话\n\n{number}\n\n下一行接着说。") == ["上一行没有说完的话", "下一行接着说。"]


def test_figures_of_a_text_stay():
    assert texts("2019\n第3页的表\n1") == ["2019", "第3页的表", "1"]


def test_bare_figures_at_the_foot_of_pages_go_when_they_count_up():
    assert texts("甲\n1\f乙\n2\f丙\n3") == ["甲", "乙", "丙", "3"]
    assert texts("甲\n5\f乙\n9\f丙") == ["甲", "5", "乙", "9", "丙"]


def test_a_footer_above_the_page_number_goes_with_it():
    text = "工作由区财\n\n\n\n某区人民政府文件\n\n某区人民政府办公室发布\n\n- 3 -\n\n政局负责。"
    assert joined(text) == "工作由区财政局负责。"


def test_a_running_head_goes():
    assert texts("甲\f某某文件\n乙\f某某文件\n丙\f某某文件\n丁") == ["甲", "乙", "丙", "丁"]


def test_line_numbers_count_the_text_as_it_came():
    assert [line.number for line in read_lines("\ufeff一\r\n\r\n二\f三\n四")] == [1, 3, 3, 4]


def test_full_width_figures_become_plain_and_punctuation_stays():
    assert plain_width("２０１９年,２５％。«通知»") == "2019年,25%。《通知》"


def test_lines_broken_by_the_page_width_are_joined():
    text = "对参加培训并且考试合格的人员给\n\n予补贴,每人每年最多三次,同一个\n\n工种不能重复领取,具体办法另行通\n\n知。"
    assert joined(text) == text.replace("\n", "").replace(",", "\uff0c")


def test_a_short_line_with_a_stop_ends_a_paragraph():
    text = "这一行写得满满当当一直写到了页边\n到此为止。\n这是另外一段话也写得满满当当到页边\n完。"
    assert joined(text) == "这一行写得满满当当一直写到了页边到此为止。\n这是另外一段话也写得满满当当到页边完。"


def test_indents_part_paragraphs_where_the_text_uses_them():
    text = "  第一段写得满满当当一直写到页边。\n接着写到了这一行的页边也是满满的\n就完了。\n  第二段。\n还有这一行也写得满满当当到了页边"
    assert joined(text).count("\n") == 1


def test_half_width_stops_become_chinese_ones_where_a_text_uses_them():
    assert joined("有补贴,按规定发(见表).每人4.5万元.") == "有补贴\uff0c按规定发\uff08见表\uff09。每人4.5万元。"
    assert joined("每人150元/人.天。另算。") == "每人150元/人.天。另算。"


def test_blanks_of_the_typesetting_go_and_words_stay_apart():
    assert joined("2019 年 8 月 ,Big Data 培训") == "2019年8月\uff0cBig Data培训"


def test_a_column_set_vertically_becomes_one_line():
    lines = read_lines("\n".join("附件2工作任务责任单位做好培训市人社局"))
    assert [(line.text, line.vertical) for line in lines] == [("附件2", False), ("工作任务责任单位做好培训市人社局", True)]
