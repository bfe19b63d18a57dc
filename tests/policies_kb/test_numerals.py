"""Chinese numerals in sentences → digits; what is no count stays as it is written."""

import pytest

from policies_kb.numerals import chinese_number, to_digits


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("四十天", "40天"), ("三千二", "3200"), ("三千二百元", "3200元"), ("一百零八号人", "108号人"), ("一万五", "15000"),
        ("5万", "50000"), ("1.2万", "12000"), ("1万5", "15000"), ("2千3", "2300"), ("二〇二〇年", "2020年"),
        ("半年", "6个月"), ("一年半", "18个月"), ("两年半", "30个月"), ("3个半月", "3.5个月"), ("两个半月", "2.5个月"),
        ("百分之二十", "20%"), ("百分之8.5", "8.5%"), ("三成", "30%"), ("八折", "80%"),
        ("签一年合同", "签1年合同"), ("签一年的", "签1年的"), ("一年的合同", "1年的合同"), ("干了一年", "干了1年"), ("带一个学徒", "带1个学徒"),
        ("工资4000八个月", "工资4000,8个月"), ("俩人", "2人"), ("仨人", "3人"),
        ("招了八个人培训二十五天", "招了8个人培训25天"),
    ],
)
def test_counted(written, wanted):
    assert to_digits(written) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "第十八条", "两后生", "三个一", "四(六)", "一、", "五类人", "一线职工", "一次性", "一共", "一样", "万一", "一般",
        "一天多少钱", "一个月多少钱", "每人一次", "一年多少", "二十来天", "十几个人", "三百多人", "几百块", "打折扣", "百分之多少",
    ],
)
def test_stays(text):
    assert to_digits(text) == text


@pytest.mark.parametrize("text", ["残疾人四十天领多少", "签一年半合同的三个人", "工资4000八个月,百分之二十", "三千二百块"])
def test_twice_is_once(text):
    once = to_digits(text)
    assert once != text
    assert to_digits(once) == once


@pytest.mark.parametrize(
    ("run", "wanted"),
    [
        ("十", 10), ("十五", 15), ("二十", 20), ("一百二", 120), ("一百零二", 102), ("两千零五", 2005), ("三千二", 3200),
        ("一万零三百", 10300), ("十二万", 120000), ("一万二千三百四十五", 12345), ("二〇一九", 2019), ("", None),
    ],
)
def test_chinese_number(run, wanted):
    assert chinese_number(run) == wanted
