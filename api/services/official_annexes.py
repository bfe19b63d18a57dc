"""Tables of annexes as readable rows: set across with numbered rows, or set vertically."""

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

from api.services.official_lines import Joiner, Line

# what the columns of a table of tasks are called
_LABELS = ("序号", "工作任务", "主要工作", "重点任务", "主要任务", "具体任务", "工作要求", "主要内容", "牵头单位", "责任单位",
           "配合单位", "完成时限", "备注")
_ORGANISATION = r"(?:局|委|办|会|联|校|院|行|处|中心|集团|单位|企业|政府|街道|部|等)"
_UNIT_LIST_TAIL = r"(?:及[^、。，]{2,10}?(?=等|按职责))?等?(?:按职责分工负责)?"
_SHORT_CELL = 8


@dataclass(frozen=True)
class Row:
    """One row of a table."""

    number: int
    line: int
    task: str
    work: str
    lead: str
    units: str

    def text(self) -> str:
        """The row to read, one cell a line."""
        cells = (("主要工作", self.task), ("具体任务", self.work), ("牵头单位", self.lead), ("责任单位", self.units))
        return "\n".join(f"{label}：{words}" for label, words in cells if words)


def is_table_head(line: Line) -> bool:
    """Whether the line names the columns of a table."""
    return sum(label in line.squeezed for label in _LABELS) >= 3


def numbered_rows(lines: list[Line], joiner: Joiner) -> list[Row]:
    """The rows 1, 2, 3 … of a table whose number opens each row, alone or before the first cell. Empty if it has none."""
    starts: list[int] = []
    for index, line in enumerate(lines):
        if re.match(rf"{len(starts) + 1}(?!\S)", line.text) and not is_table_head(line):
            starts.append(index)
    rows = []
    for number, (start, end) in enumerate(pairwise([*starts, len(lines)]), 1):
        cells = [line for line in lines[start:end] if not is_table_head(line)]
        first = cells[0].text[len(str(number)):].strip()
        texts = [text for text in (first, *(line.text for line in cells[1:])) if text]
        rows.append(_row(number, cells[0].number, texts, joiner))
    return rows


def _row(number: int, line: int, texts: list[str], joiner: Joiner) -> Row:
    """Cells of one row: short lines name the work, then what is to be done up to its last stop, then who does it."""
    head = 0
    while head < len(texts) - 1 and len(texts[head]) <= _SHORT_CELL and texts[head][-1] not in "。.、":
        head += 1
    task, body = "".join(texts[:head]), texts[head:]
    stops = [index for index, text in enumerate(body) if "。" in text]
    last = stops[-1] if stops else len(body) - 1
    cut = body[last].rfind("。") + 1 if stops else len(body[last])
    work = "".join([*body[:last], body[last][:cut]])
    lead, units = _lead_and_units([body[last][cut:].strip(), *body[last + 1:]])
    return Row(number, line, joiner.tidy(task), joiner.tidy(work), joiner.tidy(lead), joiner.tidy(units))


def _lead_and_units(texts: list[str]) -> tuple[str, str]:
    """The first cell that closes on an organisation leads; the rest share the work."""
    pieces = [piece for text in texts for piece in text.split()]
    lead = ""
    while pieces:
        lead += pieces.pop(0)
        if re.search(rf"(?:{_ORGANISATION}|[）)])$", lead) and lead.count("（") == lead.count("）"):
            break
    return lead, "".join(pieces)


def vertical_table(text: str, headings: list[str], joiner: Joiner) -> list[str]:
    """A table set vertically, from its characters in reading order: title, then one text a row.

    Nothing but the words tells where a cell ends: what is to be done closes on a stop, the units after it are
    names that stand in the table's own lists, and a new task opens with one of the document's `headings`.
    """
    text = joiner.tidy(text)
    label = "|".join(_LABELS)
    head = re.search(rf"(?:{label}){{2,}}", text)
    labels = re.findall(label, head[0]) if head else []
    title, body = (text[:head.start()], text[head.start():].replace(head[0], "")) if head else ("", text)
    task_label, work_label, units_label = labels if len(labels) == 3 else ("主要工作", "具体任务", "责任单位")
    parts = [title] if title else []
    task, end = "", 0
    for match in re.finditer(rf"(.+?。)({_unit_list(body)})", body):
        work, units = match.groups()
        end = match.end()
        opened = next((heading for heading in headings if work.startswith(heading)), None)
        cells = [] if opened in (None, task) else [f"{task_label}：{opened}"]
        task = opened or task
        cells += [f"{work_label}：{work.removeprefix(opened or '')}", f"{units_label}：{units}"]
        parts.append("\n".join(cells))
    return parts + ([body[end:]] if body[end:] else [])


def _unit_list(body: str) -> str:
    """A pattern for the lists of organisations in this table, made of the names that its lists part by 、"""
    # the 、 inside 各县（市、区） parts no names
    outside = re.sub(r"（[^（）]*）", lambda m: m[0].replace("、", "\0"), body)
    times = Counter(re.sub(r"等?按职责分工负责.*|等$", "", piece).replace("\0", "、")
                    for piece in re.split(r"[、。]", outside))
    names = {piece: count for piece, count in times.items()
             if re.fullmatch(rf"(?:各|市|区|县|省|州|团|驻)[^，]{{1,18}}?{_ORGANISATION}", piece)}
    # a name with words run on behind it (…局鼓励用人单位) begins with a name that stands more often
    whole = [name for name, count in names.items()
             if not any(name != other and name.startswith(other) and names[other] > count for other in names)]
    if not whole:
        return r"(?!)"
    name = "|".join(re.escape(name) for name in sorted(whole, key=len, reverse=True))
    return rf"(?:{name})(?:、(?:{name}))*{_UNIT_LIST_TAIL}"
