"""Requests for the calculator: read exactly, refused with the place of the fault."""

from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError

import policies_kb
from api.clock import today
from api.errors import fact_problem, invalid, problem, validation_problems
from api.exact_json import ExactJsonError, parse
from api.schemas.eligibility import MAX_BATCH, EligibilityRequest

# a batch that is wrong throughout: enough of the faults to see the pattern
_MAX_PROBLEMS = 100


class _Refused(Exception):
    def __init__(self, problems: list[dict[str, Any]]) -> None:
        self.problems = problems


def assess_one(kb: policies_kb.KnowledgeBase, raw: bytes, benefit: str | None) -> dict[str, Any]:
    """The response to one request body. Errors: ApiError 422."""
    try:
        return _assess(kb, _parse(raw), benefit)
    except _Refused as refused:
        raise invalid(refused.problems) from None


def assess_batch(kb: policies_kb.KnowledgeBase, raw: bytes) -> list[dict[str, Any]]:
    """The responses to a list of requests, in their order; one fault refuses them all, by index.

    Errors: ApiError 422.
    """
    try:
        items = _parse(raw)
    except _Refused as refused:
        raise invalid(refused.problems) from None
    if not isinstance(items, list) or not 1 <= len(items) <= MAX_BATCH:
        raise invalid([problem([], f"请求正文应是 1 至 {MAX_BATCH} 个测算请求组成的数组",
                               got=len(items) if isinstance(items, list) else None, allowed=f"1–{MAX_BATCH}")])
    responses: list[dict[str, Any]] = []
    problems: list[dict[str, Any]] = []
    for index, item in enumerate(items):
        try:
            responses.append(_assess(kb, item, None, at=[index]))
        except _Refused as refused:
            problems += refused.problems
            if len(problems) >= _MAX_PROBLEMS:
                break
    if problems:
        raise invalid(problems)
    return responses


def _parse(raw: bytes) -> Any:
    try:
        return parse(raw)
    except ExactJsonError as error:
        raise _Refused([problem([], error.message) | {"fact": error.name}]) from None


def _assess(kb: policies_kb.KnowledgeBase, value: Any, benefit: str | None, at: Iterable[int] = ()) -> dict[str, Any]:
    request = _request(kb, value, list(at))
    try:
        assessment = policies_kb.assess(kb, region=request.region, facts=request.facts,
                                        as_of=request.as_of or today(), benefit=benefit)
    except policies_kb.FactError as error:
        raise _Refused([fact_problem(error, at)]) from None
    return assessment.to_dict()


def _request(kb: policies_kb.KnowledgeBase, value: Any, at: list[int]) -> EligibilityRequest:
    if not isinstance(value, dict):
        raise _Refused([problem(at, "测算请求应是一个 JSON 对象", got=value, allowed=list(EligibilityRequest.model_fields))])
    try:
        return EligibilityRequest.model_validate(value)
    except ValidationError as error:
        allowed = {"region": sorted(kb.regions), "as_of": "年-月-日,如 2020-06-01", "facts": "JSON 对象"}
        problems = validation_problems(error.errors(), echo=True)
        for entry in problems:
            entry["allowed"] = allowed.get(entry["fact"], list(EligibilityRequest.model_fields))
            entry["loc"] = at + entry["loc"]
        raise _Refused(problems) from None
