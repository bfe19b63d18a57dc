"""Kept libraries that reading is better with: OpenCC (Traditional → Simplified) and pypinyin (the sound of characters).

This package itself needs neither; programs that serve people (gateway, action server, Rasa, command line) install them once
at start-up, before the knowledge base is first read.
"""

from __future__ import annotations

from functools import lru_cache

from policies_kb import sound, text

_TRADITIONAL_HINT = set("嗎麼們這個還沒過來說話費補貼訓練員殘疾農貧戶業單證書區縣學廠錢塊發給領辦問請與為時會對現後從應當實際結構導職務級師舊聽認識讓寫讀買賣車長門開關間歲飯幾麽聯兩")


@lru_cache(maxsize=1)
def install() -> None:
    """Install both, once. Raises ImportError if a program that should have the libraries was set up without them."""
    from opencc import OpenCC
    from pypinyin import lazy_pinyin

    simplify = OpenCC("t2s").convert

    def convert(message: str) -> str:
        # OpenCC takes a good part of a millisecond, and hardly any message is written in Traditional characters
        return simplify(message) if not _TRADITIONAL_HINT.isdisjoint(message) else message

    text.use_converter(convert)
    sound.use_pinyin(lambda characters: lazy_pinyin(characters))


__all__ = ["install"]
