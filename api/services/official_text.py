"""An official text as it comes, split into its clauses: text in, OfficialText out, or an error that names the line.

How a document numbers itself is read from the document: chapters 一、 with items （一） that run through the text
or begin anew in each chapter, chapters alone, annexes. What the clauses are called is data: the names in the
knowledge base. Every name must be found and every piece of text must find its name.
"""

import hashlib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from api.services.official_annexes import is_table_head, numbered_rows, vertical_table
from api.services.official_lines import Joiner, Line, plain_width, read_lines

PREAMBLE = "前言"
CLOSING = "末段"
ANNEX = "附件"

_NUMERAL = "[一二三四五六七八九十]{1,3}"
_CHAPTER = re.compile(rf"({_NUMERAL})、(.+)")
_ITEM = re.compile(rf"[（(]\s*({_NUMERAL})\s*[）)]\s*(.*)")
_ANNEX = re.compile(rf"附\s*件\s*(\d{{1,2}}|{_NUMERAL})?\s*[:：]?")
_AFTERWORD = re.compile(
    r"附\s*件\s*[:：\d]|[（(]此件|抄\s*送|主题词|信息公开|(?:联系人|联系电话)\s*[:：]|.*\d{4}年\d{1,2}月\d{1,2}日(?:印发)?$")
_SIGNATURE = re.compile(r"[^，。、：；]{2,40}(?:政府|办公室|局|委员会|厅|部|领导小组)")


class OfficialTextError(Exception):
    """The text cannot be split; `problems` are (line in the text, what is wrong there)."""

    def __init__(self, problems: list[tuple[int, str]]) -> None:
        self.problems = sorted(problems)
        super().__init__("\n".join(f"第 {line} 行:{message}" for line, message in self.problems))


class KnownDocument(Protocol):
    """What is asked of a document of the knowledge base."""

    @property
    def number(self) -> str:
        """Its 文号."""

    @property
    def clauses(self) -> Mapping[str, object]:
        """By name."""


@dataclass(frozen=True)
class OfficialClause:
    """A clause's own words, and the line on which they begin."""

    name: str
    line: int
    text: str


@dataclass(frozen=True)
class OfficialText:
    """A document's own words. `checksum` is the SHA-256 of the text as it came."""

    document: str
    number: str
    clauses: tuple[OfficialClause, ...]
    checksum: str


@dataclass
class _Unit:
    """A chapter's own text, or an item's, before it has its name."""

    line: int
    chapter: str
    item: str | None
    title: str
    lines: list[Line] = field(default_factory=list)


def read_official_text(text: str, documents: Mapping[str, KnownDocument]) -> OfficialText:
    """Split a text into the clauses of that document of `documents` whose number it bears.

    Errors: OfficialTextError with every line that is in the way.
    """
    lines = read_lines(text)
    document = _recognise(lines, documents)
    names = documents[document].clauses
    joiner = Joiner(lines)
    body, annexes = _annexes_apart(lines)
    preamble, units, headings = _units(body)
    found, problems = _place(preamble, units, names, joiner)
    for annex in annexes:
        clauses, faults = _annex(annex, names, headings, joiner)
        found += clauses
        problems += faults
    problems += _missing(found, names, lines)
    if problems:
        raise OfficialTextError(problems)
    position = {name: index for index, name in enumerate(names)}
    clauses = sorted(found, key=lambda clause: position[clause.name])
    return OfficialText(document, documents[document].number, tuple(clauses),
                        hashlib.sha256(text.encode()).hexdigest())


def _recognise(lines: list[Line], documents: Mapping[str, KnownDocument]) -> str:
    """The document whose number stands alone on a line, else the one whose number stands first."""
    numbers = {_bare(document.number): name for name, document in documents.items()}
    for line in lines:
        if name := numbers.get(_bare(line.text)):
            return name
    text = "".join(_bare(line.text) for line in lines)
    places = {name: text.find(number) for number, name in numbers.items() if number in text}
    if not places:
        known = "、".join(document.number for document in documents.values())
        raise OfficialTextError([(1, f"没有认出文号。知识库里的文件是:{known}")])
    return min(places, key=lambda name: places[name])


def _bare(number: str) -> str:
    return re.sub(r"[\s〔〕\[\]【】()（）]", "", plain_width(number))


def _annexes_apart(lines: list[Line]) -> tuple[list[Line], list[list[Line]]]:
    """The body, and each annex from its line "附件…" on."""
    starts = [index for index, line in enumerate(lines) if not line.vertical and _ANNEX.fullmatch(line.squeezed)]
    if not starts:
        return lines, []
    ends = [*starts[1:], len(lines)]
    return lines[:starts[0]], [lines[start:end] for start, end in zip(starts, ends, strict=True)]


def _units(body: list[Line]) -> tuple[list[Line], list[_Unit], list[str]]:
    """(preamble, chapters and items in order, chapter headings)."""
    preamble: list[Line] = []
    units: list[_Unit] = []
    problems: list[tuple[int, str]] = []
    chapter = item = 0
    open_heading = True
    for line, previous in zip(body, [None, *body], strict=False):
        # a marker opens a paragraph; the same signs in mid-sentence are words
        begins = previous is None or open_heading or previous.ends_sentence or line.indent >= 2
        if begins and (match := _CHAPTER.fullmatch(line.text)):
            number = _value(match[1])
            if number <= chapter:
                problems.append((line.number, f"章号“{match[1]}、”倒退或重复"))
            chapter = max(chapter, number)
            title, _, rest = match[2].partition("。")
            units.append(_Unit(line.number, match[1], None, title.strip()))
            if rest.strip():
                units[-1].lines.append(Line(line.number, rest.strip()))
            open_heading = not rest.strip()
        elif begins and units and (match := _ITEM.fullmatch(line.text)):
            number = _value(match[1])
            restarts = number == 1 and not any(unit.item and unit.chapter == units[-1].chapter for unit in units)
            if number <= item and not restarts:
                problems.append((line.number, f"项号“（{match[1]}）”倒退或重复"))
            item = number
            units.append(_Unit(line.number, units[-1].chapter, match[1], ""))
            units[-1].lines.append(replace(line, text=match[2], indent=2, marker=len(match[1]) + 2))
            open_heading = False
        elif units:
            units[-1].lines.append(line)
            open_heading = False
        else:
            preamble.append(line)
    if not units:
        problems.append((1, "没有找到“一、”这样的章"))
    if problems:
        raise OfficialTextError(problems)
    units[-1].lines = _without_afterword(units[-1].lines)
    return preamble, units, [unit.title for unit in units if unit.item is None]


def _without_afterword(lines: list[Line]) -> list[Line]:
    """The last clause without what follows it: list of annexes, signature, date, copies."""
    for index in range(1, len(lines)):
        line = lines[index]
        signed = lines[index - 1].ends_sentence and _SIGNATURE.fullmatch(line.squeezed)
        if signed or _AFTERWORD.match(line.squeezed):
            return lines[:index]
    return lines


def _place(preamble: list[Line], units: list[_Unit], names: Collection[str],
           joiner: Joiner) -> tuple[list[OfficialClause], list[tuple[int, str]]]:
    """Give every piece its name."""
    items = [unit for unit in units if unit.item]
    restarts = len({unit.chapter for unit in items if unit.item == "一"}) > 1
    through = bool(items) and not restarts and len({unit.chapter for unit in items}) > 1
    found: list[OfficialClause] = []
    problems: list[tuple[int, str]] = []
    if PREAMBLE in names and preamble:
        found.append(OfficialClause(PREAMBLE, preamble[0].number, joiner.text(preamble)))
    pieces = {index: joiner.paragraphs(unit.lines) for index, unit in enumerate(units)}
    if CLOSING in names and len(pieces[len(units) - 1]) > 1:
        line, text = pieces[len(units) - 1].pop()
        found.append(OfficialClause(CLOSING, line, text))
    for index, unit in enumerate(units):
        if unit.item is None and unit.chapter in names and not through and not pieces[index]:
            pieces[index] = _chapter_words(units, pieces, index)
    for index, unit in enumerate(units):
        text = "\n".join(words for _, words in pieces[index])
        candidates = _candidates(unit, through, restarts, has_items=bool(items))
        name = next((name for name in candidates if name in names and all(name != clause.name for clause in found)), None)
        if name:
            found.append(OfficialClause(name, unit.line, text or unit.title))
        elif text:
            what = f"第{unit.chapter}章" + (f"（{unit.item}）项" if unit.item else "")
            problems.append((unit.line, f"{what}“{(unit.title or text)[:20]}”在知识库里没有对应的条款"))
    return found, problems


def _chapter_words(units: list[_Unit], pieces: dict[int, list[tuple[int, str]]], index: int) -> list[tuple[int, str]]:
    """For a chapter whose clause has no opening words: the paragraphs without number after its last item."""
    last = max((i for i, unit in enumerate(units) if unit.chapter == units[index].chapter), default=index)
    words = pieces[last][1:]
    del pieces[last][1:]
    return words


def _candidates(unit: _Unit, through: bool, restarts: bool, has_items: bool) -> list[str]:
    """What this piece may be called, the likeliest first. With items in one chapter alone both ways are open."""
    names = []
    if unit.item is None:
        if has_items and not restarts:
            names.append(f"{unit.chapter}、")
        if not through:
            names.append(unit.chapter)
    else:
        if not through:
            names.append(f"{unit.chapter}({unit.item})")
        if not restarts:
            names.append(unit.item)
    return names


def _annex(lines: list[Line], names: Collection[str], headings: list[str],
           joiner: Joiner) -> tuple[list[OfficialClause], list[tuple[int, str]]]:
    """An annex as one clause, or a clause for each of its rows where the knowledge base names rows."""
    head, content = lines[0], lines[1:]
    number = _ANNEX.fullmatch(head.squeezed)[1] or ""
    if number and not number.isdecimal():
        number = str(_value(number))
    rows = numbered_rows(content, joiner)
    if not number and rows and f"{ANNEX}{len(rows)}" in names:
        return [OfficialClause(f"{ANNEX}{row.number}", row.line, row.text()) for row in rows], []
    name = f"{ANNEX}{number}"
    if name not in names:
        return [], [(head.number, f"{name}在知识库里没有对应的条款")]
    if not content:
        return [], [(head.number, f"{name}是空的")]
    return [OfficialClause(name, head.number, _annex_text(content, headings, joiner))], []


def _annex_text(lines: list[Line], headings: list[str], joiner: Joiner) -> str:
    parts: list[str] = []
    across = [line for line in lines if not line.vertical]
    if rows := numbered_rows(across, joiner):
        parts += [f"{row.number}. {row.text()}" for row in rows]
    else:
        # cells of a plain table keep the blank between them
        parts += [" ".join(joiner.tidy(cell) for cell in _cells(line.text)) for line in across if not is_table_head(line)]
    for line in lines:
        if line.vertical:
            parts += vertical_table(line.text, headings, joiner)
    return "\n".join(parts)


def _cells(text: str) -> list[str]:
    cells = text.split()
    return ["".join(cells)] if all(len(cell) == 1 for cell in cells) else cells


def _missing(found: list[OfficialClause], names: Collection[str], lines: list[Line]) -> list[tuple[int, str]]:
    """Clauses of the knowledge base without words, each with the line where it should have begun."""
    lines_by_name = {clause.name: clause.line for clause in found}
    problems: list[tuple[int, str]] = []
    ordered = list(names)
    for index, name in enumerate(ordered):
        if name in lines_by_name or name == PREAMBLE:
            continue
        after = next((lines_by_name[later] for later in ordered[index + 1:] if later in lines_by_name), None)
        problems.append((after or lines[-1].number, f"此处之前应有“{name}”,文件里没有找到"))
    return problems


def _value(numeral: str) -> int:
    """一 … 九十九 as a number."""
    digits = "零一二三四五六七八九"
    tens, ten, ones = numeral.rpartition("十")
    if not ten:
        return digits.index(numeral)
    return (digits.index(tens) if tens else 1) * 10 + (digits.index(ones) if ones else 0)
