"""Chinese numerals in sentences → digits: 四十天 → 40天, 三千二 → 3200, 一百零八号人 → 108号人, 半年 → 6个月, 百分之二十 → 20%."""

from __future__ import annotations

import re

DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "俩": 2, "三": 3, "仨": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10000}
RUN = "零〇一二两三四五六七八九十百千万"
MEASURES = (
    "节课|个半月|个月|个学时|个课时|个小时|个人|个工人|个员工|个职工|个学徒|个新员工|号人|口人|口子|口|天|日|月|年|岁|周岁|人次|人|名|位|个|学时|课时|小时|"
    "元|块|次|回|盘(?!棋|子|点)|倍|成|折|分之|万|千|期"
)
KEPT = re.compile(
    r"第[零一二三四五六七八九十百]+|两后生|三个一|五类人|四个目录|[一二三四五六七八九]大|三进三送|十九冶|一线|一次性|两样|两个都|两口子|一起|一共|一般|一定|"
    r"一样|一些|一点|一下|一直|万一|统一|(?<!合)同一|三支|十佳|一家|一律|双一流|[零一二三四五六七八九十]+[((][零一二三四五六七八九十]+[))]|"
    r"[一二三四五六七八九十]+、"
)
# 一天, 一年 … are rates ("一天多少钱") unless something says that one was really attended, signed or served
RATE = re.compile(r"一(个月|个人|天|日|月|年|人|次|回|个|名|位|岁|块|元)")
COUNTED_BEFORE = re.compile(r"(签的?|满|了|学|训|期|干|做|徒|同|带|都|不到|满了|足|才|只有|就)$")
PAID_AFTER = re.compile(r"^(发|给|补|领|拿|得|多少|能(领|拿|补))")
COUNTED_AFTER = re.compile(r"^(的?(劳动)?合同|期|以上|以下|多(?!少)|半|零)")


def chinese_number(run: str) -> int | None:
    """The number that a run of Chinese numerals means (三千二 is 3200, 一百二 is 120), or None if it means none."""
    if not run:
        return None
    if all(char in DIGITS for char in run):
        return int("".join(str(DIGITS[char]) for char in run))
    total = section = digit = 0
    last_unit = 1
    for char in run:
        if char in DIGITS:
            digit = DIGITS[char]
            if char in "零〇":
                last_unit = 10
        elif char == "万":
            total = (total + section + digit) * 10000
            section = digit = 0
            last_unit = 10000
        else:
            unit = UNITS[char]
            section += (digit or 1) * unit
            digit = 0
            last_unit = unit
    if digit:
        # 三千二: the digit stands one place below the last unit
        section += digit * (last_unit // 10 if last_unit >= 100 and run[-2] != "零" else 1)
    return total + section


def to_digits(text: str) -> str:
    """The text with its counted Chinese numerals as digits; fixed words (两后生, 第十八条, 三个一) stay."""
    text = re.sub(r"百分之([" + RUN + r"]+|\d+(?:\.\d+)?)", lambda m: f"{_number(m.group(1))}%", text)
    text = re.sub(r"([一二三四五六七八九])成(?![年人立为本功绩交])", lambda m: f"{DIGITS[m.group(1)] * 10}%", text)
    text = re.sub(r"([一二三四五六七八九])折(?!算|旧|腾)", lambda m: f"{DIGITS[m.group(1)] * 10}%", text)
    text = re.sub(r"半年(?!报)", "6个月", text)
    kept = [match.span() for match in KEPT.finditer(text)]

    def replace(match: re.Match[str]) -> str:
        if any(start <= match.start() < end for start, end in kept):
            return match.group(0)
        if text[match.end():].startswith("分之"):
            return match.group(0)  # 百分之多少 asks for a share
        if match.re.groups > 1 and match.group(2):
            # 工资4000八个月: two numbers that only stand side by side
            return f",{chinese_number(match.group(2))}"
        rate = RATE.match(text, match.start())
        if match.group(1) == "一" and rate and PAID_AFTER.match(text[rate.end():]):
            return match.group(0)
        if match.group(1) == "一" and rate:
            before, after = text[max(0, match.start() - 3):match.start()], text[rate.end():]
            if not (COUNTED_BEFORE.search(before) or COUNTED_AFTER.match(after)):
                return match.group(0)
        number = chinese_number(match.group(1))
        return match.group(0) if number is None else str(number)

    text = re.sub(rf"(?<![第几{RUN}\d])([{RUN}]*[百千万][{RUN}]*)(?![{RUN}]|多|来|把|几)", replace, text)
    text = re.sub(rf"(?<![\d万几])([{RUN}]+|[俩仨])(?={MEASURES})|(?<=\d)([一二两三四五六七八九十]+)(?={MEASURES})", replace, text)
    text = re.sub(r"(俩|仨)(?![口])", lambda m: f"{DIGITS[m.group(1)]}个人", text)
    text = re.sub(r"(\d+(?:\.\d+)?)万(\d{1,4})?", _ten_thousands, text)
    text = re.sub(r"(\d+)千(\d)?(?=元|块|$|[^\d])", lambda m: str(int(m.group(1)) * 1000 + (int(m.group(2)) * 100 if m.group(2) else 0)), text)
    text = re.sub(r"(?<!\d)(一|\d{1,2})年零?(\d{1,2})个月", lambda m: f"{(1 if m[1] == '一' else int(m[1])) * 12 + int(m[2])}个月", text)
    text = re.sub(r"(\d+)个半月", lambda m: f"{int(m.group(1))}.5个月", text)
    return re.sub(r"(?<!\d)(\d{1,2})年半(?!年)", lambda m: f"{int(m.group(1)) * 12 + 6}个月", text)


def _number(run: str) -> str:
    if run[0].isdigit():
        return run
    number = chinese_number(run)
    return run if number is None else str(number)


def _ten_thousands(match: re.Match[str]) -> str:
    whole = float(match.group(1)) * 10000
    rest = match.group(2)
    if rest:
        whole += int(rest) * 10 ** (4 - len(rest))
    return str(int(whole)) if whole == int(whole) else str(whole)
