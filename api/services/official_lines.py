"""Lines of an official text, cleaned: widths, page furniture, text set vertically; and lines joined to paragraphs."""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, replace
from itertools import pairwise

# Chinese punctuation that NFKC would turn into ASCII; it stays as it is printed
_KEPT = set("，。；：？！（）《》〈〉“”‘’、〔〕【】—…")
_ENDS = "。！？!?；;：:.”）)】》"
# what may end a paragraph; a closing quotation mark ends a word as often
_STOPS = "。！？!?；;：:.）)"
_PAGE_NUMBER = re.compile(r"[-–—―•·]\s*\d{1,4}\s*[-–—―•·]|第?\s*\d{1,4}\s*页(\s*[,，/]?\s*共\s*\d{1,4}\s*页)?")
_PUNCTUATION = re.compile(r"[，。；：、,;:.!?！？“”]")
# a line of at most this many characters may be one step of a vertical column
_VERTICAL_WIDTH = 3
_VERTICAL_RUN = 12
_MARGIN = 0.12


@dataclass(frozen=True)
class Line:
    """One line with words in it.

    `number` counts from 1 in the text as it came; `indent` is its leading blanks; `gap` the blank lines before
    it; `marker` the length of the item number taken off its head; `vertical` marks a whole run of column steps
    put back into one line.
    """

    number: int
    text: str
    indent: int = 0
    gap: int = 0
    marker: int = 0
    vertical: bool = False

    @property
    def squeezed(self) -> str:
        """The words without any white space."""
        return re.sub(r"\s+", "", self.text)

    @property
    def ends_sentence(self) -> bool:
        """Whether a sentence or a heading's bracket closes here."""
        return self.squeezed[-1:] in _ENDS


def read_lines(text: str) -> list[Line]:
    """The lines of a text without page numbers and running heads, vertical columns put back into rows."""
    lines, page_ends = _split(text)
    lines = _without_page_furniture(lines, page_ends)
    return _vertical_joined(lines)


def uses_ascii_stops(lines: list[Line]) -> bool:
    """Whether sentences of this text end in "." (some typesetting systems give it so) instead of "。"."""
    text = "".join(line.squeezed for line in lines)
    return len(re.findall(r"[\u4e00-\u9fff”）)]\.", text)) > text.count("。")


class Joiner:
    """Puts broken lines together, as the text at hand breaks them."""

    def __init__(self, lines: list[Line]) -> None:
        lengths = sorted(len(line.squeezed) for line in lines if not line.vertical) or [0]
        self._width = lengths[int(len(lengths) * 0.9)]
        # lines of about one short length that mostly stop in mid-sentence were broken by the width of a page
        full = [line for line in lines if self._is_full(line)]
        self._wrapped = self._width <= 60 and sum(line.squeezed[-1] in _STOPS for line in full) < len(full) / 2
        indented = sum(line.indent >= 2 for line in lines)
        self._indents = self._wrapped and 0 < indented < len(lines) * 0.6
        self._ascii_stops = uses_ascii_stops(lines)

    def paragraphs(self, lines: list[Line]) -> list[tuple[int, str]]:
        """(line, text) of each paragraph."""
        found: list[tuple[int, str]] = []
        for index, line in enumerate(lines):
            if index and not self._begins(lines[index - 1], line):
                found[-1] = found[-1][0], found[-1][1] + self._glue(found[-1][1], line.text) + line.text.strip()
            else:
                found.append((line.number, line.text.strip()))
        return [(number, self.tidy(text)) for number, text in found]

    def text(self, lines: list[Line]) -> str:
        """All of it, one paragraph a line."""
        return "\n".join(text for _, text in self.paragraphs(lines))

    def tidy(self, text: str) -> str:
        """One paragraph with Chinese punctuation and without the blanks of the typesetting."""
        text = re.sub(r"(?<![A-Za-z0-9])\s+|\s+(?![A-Za-z0-9])", "", text)
        text = text.replace("(", "（").replace(")", "）")
        text = re.sub(r"(?<!\d),|,(?!\d)", "，", text)
        text = re.sub(r"(?<!\d):|:(?!\d)", "：", text)
        text = re.sub(r"(?<=[\u4e00-\u9fff”）》]);", "；", text)
        text = re.sub(r"(?<=[\u4e00-\u9fff”）》])!", "！", text)
        if self._ascii_stops:
            text = re.sub(r"(?<=[\u4e00-\u9fff”）》%])\.", "。", text)
        return text

    def _begins(self, previous: Line, line: Line) -> bool:
        if self._indents:
            return line.indent >= 2
        return previous.squeezed[-1:] in _STOPS and not (self._wrapped and self._is_full(previous))

    def _is_full(self, line: Line) -> bool:
        return len(line.squeezed) + line.marker >= self._width * (1 - _MARGIN)

    @staticmethod
    def _glue(before: str, after: str) -> str:
        return " " if re.search(r"[A-Za-z]$", before) and re.match(r"[A-Za-z]", after.strip()) else ""


def plain_width(text: str) -> str:
    """Full-width digits, letters and signs in their plain form; Chinese punctuation as it is."""
    shown = "".join(c if c in _KEPT else unicodedata.normalize("NFKC", c) for c in text)
    return shown.replace("«", "《").replace("»", "》")


def _split(text: str) -> tuple[list[Line], set[int]]:
    """Lines with words, and the indexes of those that end a page (a form feed follows)."""
    lines: list[Line] = []
    page_ends: set[int] = set()
    gap = 0
    unix = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    for number, raw in enumerate(unix.split("\n"), 1):
        for piece_index, piece in enumerate(raw.split("\f")):
            if piece_index and lines:
                page_ends.add(len(lines) - 1)
            expanded = piece.expandtabs(2).replace("\u3000", "\u3000\u3000")
            indent = len(expanded) - len(expanded.lstrip())
            # inside a line an ideographic space only spaces letters, a plain one may part two cells
            stripped = plain_width(piece.replace("\u3000", "")).strip()
            if not stripped:
                gap += 1
                continue
            lines.append(Line(number, stripped, indent, gap))
            gap = 0
    return lines, page_ends


def _without_page_furniture(lines: list[Line], page_ends: set[int]) -> list[Line]:
    gone = {index for index, line in enumerate(lines) if _PAGE_NUMBER.fullmatch(line.text)}
    for index in sorted(gone):
        gone |= _footer_above(lines, index)
    gone |= _bare_page_numbers(lines, page_ends) | _running_heads(lines, page_ends)
    # what stood around a page break is one text: the gap there is no gap
    return [replace(line, gap=1) if index - 1 in gone else line
            for index, line in enumerate(lines) if index not in gone]


def _footer_above(lines: list[Line], page_number: int) -> set[int]:
    """Short lines without a stop between a wide gap and the page number: the issuer's footer."""
    footer: set[int] = set()
    for index in range(page_number - 1, max(page_number - 6, 0) - 1, -1):
        line = lines[index]
        if _PUNCTUATION.search(line.text) or len(line.squeezed) > 40:
            return set()
        footer.add(index)
        if line.gap >= 2:
            return footer
    return set()


def _bare_page_numbers(lines: list[Line], page_ends: set[int]) -> set[int]:
    """Bare figures at the foot of every page that count up by one (a table's row numbers do not)."""
    feet = sorted(index for index in page_ends if lines[index].text.isdecimal())
    values = [int(lines[index].text) for index in feet]
    counts = len(values) >= 2 and all(b - a == 1 for a, b in pairwise(values))
    return set(feet) if counts else set()


def _running_heads(lines: list[Line], page_ends: set[int]) -> set[int]:
    """Lines that stand at the top of three pages or more."""
    tops = [index + 1 for index in page_ends if index + 1 < len(lines)]
    common = {text for text, times in Counter(lines[index].squeezed for index in tops).items() if times >= 3}
    return {index for index in tops if lines[index].squeezed in common}


def _vertical_joined(lines: list[Line]) -> list[Line]:
    result: list[Line] = []
    run: list[Line] = []
    for line in [*lines, None]:
        if line is not None and len(line.squeezed) <= _VERTICAL_WIDTH:
            run.append(line)
            continue
        result += _as_rows(run)
        run = []
        if line is not None:
            result.append(line)
    return result


def _as_rows(run: list[Line]) -> list[Line]:
    """A long run of column steps as one line (its "附件2" apart); a short one as it was."""
    if len(run) < _VERTICAL_RUN:
        return run
    text = "".join(line.squeezed for line in run)
    first = run[0].number
    if head := re.match(r"附件\d{0,2}", text):
        return [Line(first, head[0], gap=run[0].gap), Line(first, text[head.end():], vertical=True)]
    return [Line(first, text, gap=run[0].gap, vertical=True)]
