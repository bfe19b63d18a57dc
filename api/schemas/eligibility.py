"""Shapes of eligibility and amounts."""

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictStr, field_validator

from policies_kb import FactError, parse_day

MAX_BATCH = 1000
Money = str | None


class EligibilityRequest(BaseModel):
    """Facts of one person or claim. Their names and values: GET /api/v1/facts."""

    model_config = ConfigDict(extra="forbid")

    region: StrictStr = Field(examples=["qujing"])
    as_of: date | None = Field(default=None, description="按哪一天算,缺省为今天", examples=["2020-06-01"])
    facts: dict[str, Any] = Field(
        default_factory=dict, examples=[{"categories": ["disabled"], "training_days": 40}])

    @field_validator("as_of", mode="before")
    @classmethod
    def _plain_date(cls, value: Any) -> date:
        # pydantic would also take 20200601 and times of day: nothing is guessed here
        try:
            return parse_day(value)
        except FactError as error:
            raise ValueError(error.message) from None


class Amount(BaseModel):
    """A sum; money is a decimal string with two places."""

    kind: Literal["exact", "at_least", "at_most", "range", "free", "not_stated", "pending"]
    value: Money = None
    min: Money = None
    max: Money = None
    currency: str = "CNY"
    formula: str | None = None
    says: str | None = Field(default=None, description="文件没有定数额时怎么说")


class Reason(BaseModel):
    """One condition and how it stands."""

    model_config = ConfigDict(extra="allow")

    text: str
    holds: bool | None
    clause: str | None = None


class ResultCitation(BaseModel):
    """Where the rule stands."""

    model_config = ConfigDict(extra="allow")

    document: str
    number: str
    clause: str


class BenefitResult(BaseModel):
    """The verdict on one benefit."""

    model_config = ConfigDict(extra="allow")

    benefit: str
    name: str
    status: Literal["eligible", "not_eligible", "unknown"]
    in_force: bool
    paid_to: Literal["worker", "employer", "provider"] | None
    amount: Amount | None
    reasons: list[Reason]
    missing: list[str]
    presumed: dict[str, Any]
    citations: list[ResultCitation]
    notes: list[str]


class Option(BaseModel):
    """A value that may be chosen."""

    value: Any
    label: str


class Question(BaseModel):
    """The fact that settles most over all results."""

    model_config = ConfigDict(extra="allow")

    fact: str
    text: str
    type: str
    options: list[Option] = []


class EligibilityResponse(BaseModel):
    """Every benefit in question, and what to ask next."""

    region: str
    as_of: date
    results: list[BenefitResult]
    next_question: Question | None
    kb_version: str


class Problem(BaseModel):
    """What is wrong with one value."""

    loc: list[str | int]
    msg: str
    fact: str
    got: Any = None
    allowed: Any = None


class Refusal(BaseModel):
    """Body of a 422."""

    detail: list[Problem]
