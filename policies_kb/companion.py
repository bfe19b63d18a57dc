"""A second answer beside the first, where two are nearly as likely and the second speaks of words that the first passes over.

With one guess of two the asker of 集团的培训中心能给下面子公司的人开班吗 may go home with the rule for setting up a centre; with both,
each under its own question, nothing is lost.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from policies_kb import wording
from policies_kb.model import Answer
from policies_kb.queries import Query
from policies_kb.ranking import rank
from policies_kb.reading import PREMISE, reader
from policies_kb.reply import Reply
from policies_kb.search import features, index

if TYPE_CHECKING:
    from policies_kb.knowledge import KnowledgeBase

NEAR = 0.8
"""How far behind in score (see ranking) an answer may be to stand beside the first."""
CLEAR = 0.2
"""How like a way of asking the question must be for the first answer to be beside the point no more."""
ADDS = 0.15
"""Which share of the question's weight it must speak of that the first does not."""
TELLS_SUM = re.compile(r"\d(元|%)")
REFUSES = re.compile(r"不|没|光凭")
MOST = 240
"""Characters that both may have together: they must fit on the screen of a phone."""


def beside(kb: KnowledgeBase, query: Query, first: Answer, reply: Reply) -> Reply:
    """The reply, followed by the second answer under the question that it answers, if there is one to add."""
    second = _second(kb, query, first)
    body = reply.text.split("依据：")[0]
    if second is None or len(body) + len(second.text) + len(second.ask[0]) > MOST:
        return reply
    document = kb.documents[second.document]
    citations = (*reply.citations, *(c for c in map(document.citation, second.clauses) if c not in reply.citations))
    return reply.but(
        text=f"{body}要是想问“{second.ask[0]}”:{second.text}{wording.source(kb, citations)}", citations=citations,
    )


def _second(kb: KnowledgeBase, query: Query, first: Answer) -> Answer | None:
    if query.comparing or first.not_stated or (query.kind == "amount" and TELLS_SUM.search(first.text)):
        return None
    ranked = rank(kb, query, most=4)
    if len(ranked) < 2 or ranked[0].answer is not first:
        return None
    found = index(kb, query.region)
    weights = {
        token: weight * found.idf.get(token, 0.0) for token, weight in features(reader(kb), PREMISE.sub("", query.reading.text)).items() if not token.startswith("kind:")
    }
    total = sum(weights.values()) or 1.0
    spoken = _spoken(found.covered, weights, first)
    clear = ranked[0].like >= CLEAR and first.kind == query.kind
    best, most = None, ADDS
    for other in ranked[1:]:
        adds = sum(weights[token] for token in _spoken(found.covered, weights, other.answer) - spoken) / total
        if _against(first, other.answer) or (clear and not _of_the_matter(query, first, other.answer)):
            continue
        if ranked[0].score - other.score < NEAR and adds >= most and other.answer.text != first.text:
            best, most = other.answer, adds
    return best


def _of_the_matter(query: Query, first: Answer, second: Answer) -> bool:
    """Whether the second answer is on the first one's topic or on one that was named; another matter would only confuse."""
    return second.topic == first.topic or second.topic in query.topics


def _against(first: Answer, second: Answer) -> bool:
    """Whether one refuses and the other grants: side by side they would only confuse."""
    refuses = [REFUSES.match(answer.text) is not None for answer in (first, second)]
    return first.kind == second.kind == "eligibility" and refuses[0] != refuses[1]


def _spoken(covered: dict[str, set[str]], weights: dict[str, float], answer: Answer) -> set[str]:
    key = f"{answer.document}/{answer.id}"
    return {token for token in weights if key in covered.get(token, ())}
