"""Shapes of the operators' paths."""

from typing import Literal

from pydantic import BaseModel


class Part(BaseModel):
    """One neighbour and how it stands."""

    state: Literal["ok", "failed"]
    detail: str


class Readiness(BaseModel):
    """All neighbours."""

    ready: bool
    parts: dict[str, Part]
