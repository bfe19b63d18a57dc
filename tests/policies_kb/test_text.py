"""Messages → canonical text, and replies → Chinese punctuation."""

import pytest

import policies_kb
from policies_kb import libraries
from policies_kb.reading import reader
from policies_kb.text import canonical, normalise, polished

libraries.install()
KB = policies_kb.load_knowledge_base()
WORDS = reader(KB).words


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("４０天，能领多少？", "40天,能领多少?"),
        ("ＡＢＣ", "abc"),
        ("培訓補貼怎麼領", "培训补贴怎么领"),
        ("殘疾人學技術有錢嗎", "残疾人学技术有钱吗"),
        ("生活费😀多少👍", "生活费多少"),
        ("  培训   40 天 ", "培训40天"),
        ("我要\u200b补贴\ufeff", "我要补贴"),
        ("“两后生”", "两后生"),
        ("hello   world", "hello world"),
        ("可以。好、对", "可以.好、对"),
    ],
)
def test_normalise(written, wanted):
    assert normalise(written) == wanted
    assert normalise(wanted) == wanted


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("生活费好多钱", "生活费多少钱"), ("咋个领", "怎么领"), ("啷个办", "怎么办"), ("啥子补贴", "什么补贴"),
        ("莫得证", "没有证"), ("晓得不", "知道不"), ("屋头", "家里"), ("学好多天", "学多少天"), ("四十天好多钱", "40天多少钱"),
    ],
)
def test_dialect(written, wanted):
    assert canonical(written, WORDS) == wanted


@pytest.mark.parametrize("word", sorted(WORDS.kept))
def test_words_that_only_contain_a_dialect_word_are_kept(word):
    assert WORDS.standard(word) == word


def test_fillers_go():
    assert WORDS.without_fillers("请问生活费多少") == "生活费多少"
    assert WORDS.without_fillers("生活费多少") == "生活费多少"


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("可以,每天60元。", "可以，每天60元。"), ("您好:请说", "您好：请说"), ("50%,封顶", "50%，封顶"), ("好;不好", "好；不好"),
        ("“好”,可以!", "“好”，可以！"), ("能吗?能", "能吗？能"), ("依据:某发〔2020〕2号 四(六)。", "依据：某发〔2020〕2号 四(六)。"),
        ("四(六),四(九)", "四(六)，四(九)"),
    ],
)
def test_polished(written, wanted):
    assert polished(written) == wanted
    assert polished(wanted) == wanted


@pytest.mark.parametrize("text", ["四(六)", "附件1", "12:30", "1,000", "a,b", "第十八条"])
def test_polished_leaves(text):
    assert polished(text) == text


@pytest.mark.parametrize("document", sorted(KB.documents))
def test_polished_never_touches_a_label(document):
    labels = [clause.label for clause in KB.documents[document].clauses.values()]
    assert labels
    assert [polished(f"见{label}。") for label in labels] == [f"见{label}。" for label in labels]


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("潼南培训班有6个人没来上课 你帮我编一份签到表", "潼南培训班有6个人没来上课,你帮我编一份签到表"),
        ("生活 费 多少", "生活费多少"), ("聊城 退役军人 免费", "聊城退役军人免费"),
    ],
)
def test_a_blank_between_clauses_is_a_comma_and_inside_a_word_nothing(typed, wanted):
    assert normalise(typed) == wanted
