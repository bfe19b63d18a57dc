"""A data folder: its files read and held against their schemas, and everything that is wrong with them, by file and line."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from policies_kb import rendering, schema, yaml_files
from policies_kb.errors import Problem, WenBuError
from policies_kb.model import Figure
from policies_kb.rules import RuleError


class Source:
    """The files of one data folder. ``problems`` collects what is wrong, so that an editor sees everything at once."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.problems: list[Problem] = []

    def files(self, pattern: str) -> list[Path]:
        """The files of a pattern, in a certain order."""
        return sorted(self.root.glob(pattern))

    def name(self, path: Path) -> str:
        """How a file is named in problems."""
        return path.relative_to(self.root).as_posix()

    def problem(self, path: Path, line: int, message: str) -> None:
        """Note a problem."""
        self.problems.append(Problem(self.name(path), line, message))

    def version(self) -> str:
        """A hash of all that the folder holds."""
        digest = hashlib.sha256()
        for path in self.files("**/*.yml"):
            digest.update(self.name(path).encode() + b"\0" + path.read_bytes() + b"\0")
        return digest.hexdigest()[:16]

    # ---- content ----------------------------------------------------------------------------------------------------
    def words(self, path: Path) -> Any:
        """The content of a vocabulary file, of whatever shape (``kb check`` looks into it)."""
        return yaml_files.read(path, self.root, self.problems)

    def mapping(self, path: Path) -> yaml_files.Mapping_ | None:
        """The content of a file that is one mapping; None, with a problem noted, where it is none."""
        content = self._content(path)
        return content if isinstance(content, yaml_files.Mapping_) else None

    def items(self, path: Path) -> list[yaml_files.Mapping_]:
        """The mappings of a file that is a list of them; whatever else stands there has been noted."""
        content = self._content(path)
        return [item for item in content if isinstance(item, yaml_files.Mapping_)] if isinstance(content, list) else []

    def _content(self, path: Path) -> Any:
        known = len(self.problems)
        content = yaml_files.read(path, self.root, self.problems)
        if content is None:
            if len(self.problems) == known:
                self.problem(path, 1, "文件是空的")
            return None
        name = schema.name_for(path.relative_to(self.root))
        if name is not None:
            self.problems.extend(Problem(self.name(path), line, message) for line, message in schema.mistakes(name, content))
        return content

    # ---- making records ---------------------------------------------------------------------------------------------
    @contextmanager
    def making(self, path: Path, line: int, what: str) -> Iterator[None]:
        """Whatever keeps a record from being made becomes a problem.

        Where the file's shape is wrong already, the failure only follows from that and says nothing new.
        """
        try:
            yield
        except Exception as error:  # noqa: BLE001 - data of any shape must not stop the reading of the rest
            if not any(problem.file == self.name(path) for problem in self.problems):
                at = error.line or line if isinstance(error, RuleError) else line
                self.problem(path, at, str(error) if isinstance(error, (ValueError, WenBuError)) else f"{what}写得不对:{error!r}")

    def rendered(self, path: Path, line: int, text: Any, figures: Mapping[str, Figure]) -> str:
        """A text as one line with its figures put in; as it stands, with a problem noted, where that fails."""
        try:
            return rendering.render(joined(str(text)), figures)
        except rendering.UnknownFigure as error:
            self.problem(path, line, f"文字里的 {{{error}}} {error.why}")
            return str(text)


def joined(text: str) -> str:
    """A text of several lines as one: YAML folds lines with a blank, which Chinese does not want."""
    return re.sub(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])", "", " ".join(text.split()))


def day(value: Any) -> date:
    """A day of a data file. Raises RuleError for anything else."""
    if type(value) is not date:
        raise RuleError(f"日期要写成 年-月-日,现在是 {value}")
    return value
