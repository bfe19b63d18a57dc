"""Words of ours known by their sound; text that is right is not touched."""

import pytest

import policies_kb
from policies_kb import libraries, sound
from policies_kb.reading import reader
from policies_kb.text import canonical

libraries.install()
KB = policies_kb.load_knowledge_base()
READER = reader(KB)


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("聊成", "聊城"), ("聊成生活费", "聊城生活费"), ("退五军人", "退伍军人"), ("残急人", "残疾人"), ("同南两后声", "潼南两后生"),
        ("曲经", "曲靖"), ("免废培训", "免费培训"), ("panzhihua shenghuofei duoshao", "攀枝花生活费多少"), ("攀技花", "攀枝花"),
        ("技能登级证书", "技能等级证书"), ("重亲网课", "重庆网课"), ("童男区创业", "潼南区创业"),
    ],
)
def test_corrected(written, wanted):
    assert READER.canonical(written) == wanted


@pytest.mark.parametrize("text", ["聊城", "退伍军人", "攀枝花", "曲靖师傅", "潼南两后生", "今天天气怎么样", "hello", "生活费多少", "转岗的训完", "童男童女", ""])
def test_right_text_stays(text):
    assert READER.canonical(text) == text


@pytest.mark.parametrize(
    ("one", "other"), [("zhong", "zong"), ("chu", "cu"), ("shi", "si"), ("nan", "lang"), ("fei", "hei"), ("pin", "ping"), ("ren", "reng")]
)
def test_confused_syllables_are_one(one, other):
    assert sound.syllable_key(one) == sound.syllable_key(other)


@pytest.mark.parametrize(("one", "other"), [("ma", "na"), ("liao", "lian"), ("qu", "ju"), ("ta", "da")])
def test_other_syllables_are_told_apart(one, other):
    assert sound.syllable_key(one) != sound.syllable_key(other)


def test_hardly_any_way_of_asking_is_changed():
    assert READER.sounds.ready
    texts = sorted({canonical(ask, READER.words) for answer in KB.answers for ask in answer.ask})
    changed = [text for text in texts if READER.canonical(text) != text]
    assert len(changed) <= 0.003 * len(texts), changed


def test_two_syllables_alone_say_too_little():
    """Of two characters one must be written right: a name of a place is not heard in just anything."""
    index = sound.SoundIndex(["曲靖"], ["曲靖"], [])
    assert index.corrected("曲经") == "曲靖"
    assert index.corrected("去静") == "去静"


def test_what_stands_in_our_own_texts_is_right():
    assert sound.SoundIndex(["补贴"], ["补贴"], []).corrected("补铁") == "补贴"
    assert sound.SoundIndex(["补贴"], ["补贴"], ["多吃补铁的菜"]).corrected("补铁") == "补铁"


def test_a_word_already_recognised_is_not_cut():
    index = sound.SoundIndex(["补贴"], ["补贴"], [])
    assert index.corrected("补铁剂", known=[(1, 3)]) == "补铁剂"
