"""Words of the vocabulary recognised by their sound: 退五军人 → 退役/退伍军人, 聊成 → 聊城, panzhihua → 攀枝花.

Voice input and hurried typing give characters of the right sound and the wrong look. A stretch of text that is no word of
ours, and stands nowhere in our own texts, is taken for the word of ours that sounds the same (without tones, and with the
usual confusions z/zh, c/ch, s/sh, n/l, f/h, an/ang, en/eng, in/ing). Text that is right is never touched. The reading of
characters comes from a library that the program installs (:mod:`policies_kb.libraries`); without it nothing is changed.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

Pinyin = Callable[[str], Sequence[str]]

_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"), ("h", "f"))
_FINALS = (("ang", "an"), ("eng", "en"), ("ing", "in"))
_LATIN = re.compile(r"[a-z]{2,}(?:[ ']+[a-z]{2,})*")
_CJK_RUN = re.compile("[\u4e00-\u9fff]{2,}")
PLACE_AFTER = re.compile(r"(区|市|县|这个|那个|这边|那边|这里|那里)")
"""What shows that two syllables before it name a place, whatever characters they were written with (童男区)."""
POLYPHONES = {"重": ("chong", "zhong"), "曲": ("qu",), "长": ("chang", "zhang"), "乐": ("le", "yue")}
"""Characters of place names that voice input writes by their other reading (重亲 for 重庆)."""
COMMON = 25
"""How often two or three characters must stand together in our texts for their pinyin to be read as them (zhusufei → 住宿费)."""
LONGEST_SPELLING = 24
SYLLABLES = {
    "ma": "吗", "yao": "要", "neng": "能", "xue": "学", "qian": "钱", "bu": "不", "you": "有", "ge": "个", "tian": "天", "nian": "年", "ren": "人",
    "wo": "我", "de": "的", "shi": "是", "qu": "去", "lai": "来", "chu": "出", "ling": "领", "zai": "在", "ji": "几", "ne": "呢", "yue": "月",
    "yi": "一", "er": "二", "san": "三", "si": "四", "wu": "五", "liu": "六", "ming": "名", "wan": "万", "zhan": "占", "zong": "总", "bai": "百", "hai": "还", "ba": "吧", "le": "了", "kao": "考", "zheng": "证", "gei": "给", "dao": "到", "duo": "多", "mei": "每", "xiang": "想",
}
"""What single syllables are taken for between longer words; by themselves they would say too little."""
SHORT = 2
"""Words this short must share a character with what was written: two syllables alone say too little."""

FUNCTION_WORDS = frozenset("的了是在和吗不有个这那我你他就也都还要到给把被从对")
"""Characters that stand for themselves: a word is not read into a text by replacing one of them."""

_reader: list[Pinyin] = []


def use_pinyin(pinyin: Pinyin) -> None:
    """Install the function that gives the toneless syllable of each character of a text."""
    _reader[:] = [pinyin]
    _keys.cache_clear()


@lru_cache(maxsize=2048)
def syllable_key(syllable: str) -> str:
    """A syllable with the usual confusions evened out: zhong and zong, lan and lang, fei and hei are one."""
    for written, kept in _INITIALS:
        if syllable.startswith(written):
            syllable = kept + syllable[len(written):]
            break
    for written, kept in _FINALS:
        if syllable.endswith(written):
            return syllable[: -len(written)] + kept
    return syllable


@lru_cache(maxsize=8192)
def _keys(text: str) -> tuple[str, ...]:
    return tuple(syllable_key(syllable) for syllable in _reader[0](text)) if _reader else ()


def _cuts(known: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    """Whether a word already recognised would be cut or replaced as a whole by changing this stretch."""
    return any(s < end and start < e and not (start < s or e < end) for s, e in known) or any(
        s < start < e or s < end < e for s, e in known
    )


class SoundIndex:
    """The words of a vocabulary by sound.

    ``short_words`` may be as short as two characters; ``texts`` are right as they stand: nothing that occurs in them is changed;
    ``asking`` are question words that are known by their spelling only; ``names`` are also known with one wrong character;
    ``places`` are known by sound alone where a 区 or 市 follows.
    """

    def __init__(
        self, words: Iterable[str], short_words: Iterable[str], texts: Iterable[str], asking: Iterable[str] = (), names: Iterable[str] = (),
        places: Iterable[str] = ()
    ) -> None:
        self.ready = bool(_reader)
        self.by_key: dict[tuple[str, ...], list[str]] = defaultdict(list)
        self.by_spelling: dict[str, str] = {}
        self.by_gap: dict[str, str] = {}
        self.common: dict[str, str] = {}
        self.right: set[str] = set()
        if not self.ready:
            return
        short = set(short_words)
        self.places = frozenset(places)
        words = set(words)
        # 曲靖市 sounds like the beginning of 曲靖师傅: where the bare name is known, the name with its ending is not listened for
        words -= {word for word in words if word[-1:] in "市区县省" and word[:-1] in words}
        for word in sorted({w for w in words if re.fullmatch("[\u4e00-\u9fff]{2,9}", w)}, key=len):
            if len(word) > SHORT or word in short:
                self.by_key[_keys(word)].append(word)
                for other in POLYPHONES.get(word[0], ()):
                    key = (syllable_key(other), *_keys(word)[1:])
                    if word not in self.by_key[key]:
                        self.by_key[key].append(word)
                spelling = "".join(_reader[0](word))
                if len(spelling) >= 5:
                    self.by_spelling.setdefault(spelling, word)
        for word in asking:
            self.by_spelling.setdefault("".join(_reader[0](word)), word)
        for word in names:
            # 攀技花: a slip inside a long name; at its edges the wrong character may well be the next word
            if len(word) >= 3:
                for i in range(1, len(word) - 1):
                    self.by_gap.setdefault(f"{word[:i]}?{word[i + 1:]}", word)
        self.longest = max((len(key) for key in self.by_key), default=0)
        frequent: Counter[str] = Counter()
        for text in texts:
            for run in _CJK_RUN.findall(text):
                for size in range(2, 6):
                    pieces = [run[i:i + size] for i in range(len(run) - size + 1)]
                    self.right.update(pieces)
                    if size <= 3:
                        frequent.update(pieces)
        for piece, count in sorted(frequent.items(), key=lambda item: (-item[1], item[0])):
            if count < COMMON:
                break
            self.common.setdefault("".join(_reader[0](piece)), piece)

    def corrected(self, text: str, known: Sequence[tuple[int, int]] = ()) -> str:
        """The text with sound-alike stretches written as our words. ``known`` are places of words already recognised."""
        if not self.ready:
            return text
        return self._characters(self._latin(text), known if not _LATIN.search(text) else ())

    def _typed(self, letters: str) -> str | None:
        """Letters that are pinyin from end to end, as the words of ours they most likely are; None where they are not."""
        best: list[tuple[int, str] | None] = [None] * (len(letters) + 1)
        best[0] = (0, "")
        for at in range(len(letters)):
            if best[at] is None:
                continue
            cost, done = best[at]  # type: ignore[misc]
            for end in range(at + 1, min(len(letters), at + LONGEST_SPELLING) + 1):
                word = self.by_spelling.get(letters[at:end]) or self.common.get(letters[at:end]) or SYLLABLES.get(letters[at:end])
                # fewest words, so long ones win
                if word and (best[end] is None or cost + 1 < best[end][0]):  # type: ignore[index]
                    best[end] = (cost + 1, done + word)
        return best[-1][1] if best[-1] is not None else None

    def _latin(self, text: str) -> str:
        def replace(match: re.Match[str]) -> str:
            letters = re.sub(r"[ ']", "", match.group(0))
            if len(letters) >= 5 and (typed := self._typed(letters)) is not None:
                return typed
            words: list[str] = []
            at = 0
            while at < len(letters):
                end = next((e for e in range(len(letters), at + 4, -1) if letters[at:e] in self.by_spelling), None)
                words.append(letters[at] if end is None else self.by_spelling[letters[at:end]])
                at = at + 1 if end is None else end
            return "".join(words)

        return _LATIN.sub(replace, text)

    def _characters(self, text: str, known: Sequence[tuple[int, int]]) -> str:
        result: list[str] = []
        done = 0
        for run in _CJK_RUN.finditer(text):
            keys = _keys(run.group(0))
            if len(keys) != len(run.group(0)):
                continue
            at = 0
            while at < len(keys):
                found = self._word_at(run.group(0), keys, at, run.start(), known)
                found = found or self._lookalike(run.group(0), at, run.start(), known)
                if found is None or found == run.group(0)[at:at + len(found)]:
                    at += 1
                    continue
                word = found
                result.append(text[done:run.start() + at] + word)
                at += len(word)
                done = run.start() + at
        return "".join(result) + text[done:]

    def _lookalike(self, run: str, at: int, offset: int, known: Sequence[tuple[int, int]]) -> str | None:
        """A long word of ours with one wrong character: 攀技花, 技能登级证书."""
        for size in range(min(self.longest, len(run) - at), 2, -1):
            written = run[at:at + size]
            if written in self.right or _cuts(known, offset + at, offset + at + size):
                continue
            for i in range(size):
                if written[i] in FUNCTION_WORDS:
                    continue  # 转岗的训完 is no slip of 转岗培训
                word = self.by_gap.get(f"{written[:i]}?{written[i + 1:]}")
                if word is not None and word != written:
                    return word
        return None

    def _word_at(self, run: str, keys: tuple[str, ...], at: int, offset: int, known: Sequence[tuple[int, int]]) -> str | None:
        for size in range(min(self.longest, len(keys) - at), 1, -1):
            words = self.by_key.get(keys[at:at + size])
            if not words:
                continue
            written = run[at:at + size]
            if written in words:
                return None
            if written in self.right or _cuts(known, offset + at, offset + at + size):
                continue
            shared = {word: sum(a == b for a, b in zip(word, written, strict=False)) for word in words}
            best = max(words, key=lambda word: shared[word])
            if size > SHORT or shared[best] or (best in self.places and PLACE_AFTER.match(run, at + size)):
                return best
        return None
