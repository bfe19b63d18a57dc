"""A detail that no document sets is said to be missing before the rest is told; what is set is never said to be missing."""

from datetime import date

import pytest

import policies_kb
from policies_kb import libraries

libraries.install()
KB = policies_kb.load_knowledge_base()


def reply_to(message):
    return policies_kb.answer(KB, message, None, date(2020, 6, 1))[0]


@pytest.mark.parametrize(
    ("message", "what"),
    [
        ("曲靖培训结束后,生活费补贴多少个工作日能到卡上", "到账要多少天"), ("潼南企业设首席技师,每个月政府给几百的津贴", "津贴"),
        ("攀枝花公司自己搞的岗前技能培训至少得几天", "最少要上几天"),
    ],
)
def test_a_missing_detail_comes_first(message, what):
    reply = reply_to(message)
    assert reply.text.startswith(f"文件没写{what}。")
    assert reply.status == "not_stated"
    assert reply.citations


@pytest.mark.parametrize("message", ["曲靖多大年纪算就业困难人员", "攀枝花短期岗位培训至少上几个学时", "重庆一天算几个课时"])
def test_what_the_document_sets_is_not_called_missing(message):
    assert not reply_to(message).text.startswith("文件没写")
