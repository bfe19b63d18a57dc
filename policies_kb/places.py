"""Where a question is asked about: the places it names, the one talked of before, or none that we know."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from policies_kb import wording
from policies_kb.context import Context
from policies_kb.reading import Reading
from policies_kb.reply import Reply, button

if TYPE_CHECKING:
    from policies_kb.knowledge import KnowledgeBase

EVERYWHERE = re.compile(r"(哪个|哪些|几个|[2-9]个|五个|各个|每个|所有)(城市|地方|地区|区市)|[2-9]个(里头|里面|地)|(哪个|各)(市|地)(?!方)|哪里(最|更)|各地")
ALIKE = re.compile(r"一样|一个样|同样|差不多")


def regions_asked(kb: KnowledgeBase, reading: Reading, context: Context) -> tuple[str, ...]:
    """The regions a question is about: those named, all of them, or the one talked of before; none for a place not ours."""
    named = reading.regions
    if len(named) == 2 and reading.premise and ALIKE.search(reading.text):
        # 聊城不是跟曲靖一样吗: asked about the first, the second is only what it is likened to (not so in 算法是不是一样)
        likened = {r for r in named if re.search(
            rf"(跟|和|同|像|照|比)[^,.]{{0,2}}{kb.regions[r].short_name}[^,.]{{0,3}}({ALIKE.pattern})", reading.text
        )}
        named = tuple(r for r in named if r not in likened) or named[:1]
    if EVERYWHERE.search(reading.text) and not named:
        return tuple(kb.regions)
    if len(named) > 1 and "comparison" not in reading.kinds:
        # 重庆潼南: the smaller place is meant
        inner = [r for r in named if kb.regions[r].within in named and _as_one(kb, reading.text, r)]
        if inner:
            named = tuple(r for r in named if r not in {kb.regions[i].within for i in inner})
    if len(named) == 1 and "comparison" in reading.kinds and context.region and context.region != named[0] and (reading.elliptical or len(reading.text) < 12):
        return (context.region, named[0])
    if named:
        return named
    if reading.places and not (context.region and all(_only_from(reading.text, place) for place in reading.places)):
        return ()
    return (context.region,) if context.region else ()


FROM = r"(社保|医保|户口|户籍|养老|参保|老家|公司|总部|证|毕业|来)[^,.]{0,6}"


def _only_from(text: str, place: str) -> bool:
    """Whether a place not ours only tells where somebody comes from (他社保在贵州买的), not what is asked about."""
    return re.search(FROM + re.escape(place), text) is not None


def _as_one(kb: KnowledgeBase, text: str, region: str) -> bool:
    """Whether a place is named with the one around it (重庆潼南), not beside it (潼南和重庆)."""
    outer = kb.regions[kb.regions[region].within or region].short_name
    return re.search(rf"{outer}市?(的|那边|这边)?{kb.regions[region].short_name}", text) is not None


BESIDE = r"(的)?(补贴|补助|标准|政策|规定|岗前|学徒|生活费|培训补贴|免费|以工代训|呢|一个人|多少)"


def beside_ours(kb: KnowledgeBase, reading: Reading) -> bool:
    """Whether a place that we have no document of is asked about together with one of ours (成都和攀枝花哪个多)."""
    ours = "|".join(re.escape(region.short_name) for region in kb.regions.values())
    return any(
        re.search(rf"{re.escape(place)}({BESIDE}|(和|跟|与|还是|比|、)({ours}))|({ours})(和|跟|与|还是|比|、){re.escape(place)}", reading.text)
        for place in reading.places if not _only_from(reading.text, place)
    )


def no_document(places: tuple[str, ...]) -> str:
    """What is said first of places that we have no document of."""
    return f"{'、'.join(places)}的文件我这里没有,请打当地12333。"


def unknown_place(kb: KnowledgeBase, reading: Reading) -> Reply:
    """What is said of a place that we have no document of: which we have, and whom to ask there."""
    place = "、".join(reading.places)
    have = "、".join(region.short_name for region in kb.regions.values())
    return Reply(
        f"{place}的文件我这里没有,不能拿别处的规定来答。我有的是{have}这几个地方的。{place}的请打当地12333问人社部门。",
        buttons=tuple(button(region.short_name) for region in kb.regions.values()), status="outside",
    )


def welcome(kb: KnowledgeBase, region: str) -> Reply:
    """When only a place was named: what may be asked."""
    place = kb.regions[region].short_name
    return Reply(
        f"好的,{place}。您想问什么?比如:能不能免费学、生活费补多少、企业培训补多少。也可以一步步测算。",
        buttons=(button(f"{place}哪些人能免费培训"), button(f"{place}生活费补贴多少钱"), wording.CHECK_BUTTON), status="clarify",
    )
