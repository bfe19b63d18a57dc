"""问补's knowledge base: documents, rules, calculator, search and the wording of answers.

Standard library and PyYAML only; imports in Python 3.10 and 3.13 alike. After loading it touches no file, clock or network.
"""

from policies_kb.answering import answer
from policies_kb.context import Context
from policies_kb.errors import FactError, KnowledgeBaseError, Problem, WenBuError
from policies_kb.evaluate import Assessment, Result, assess
from policies_kb.facts import parse_day, parse_facts
from policies_kb.knowledge import KnowledgeBase
from policies_kb.loading import load_knowledge_base
from policies_kb.reading import Reading, read
from policies_kb.reply import Reply
from policies_kb.search import Hit, search

__all__ = [
    "Assessment", "Context", "FactError", "Hit", "KnowledgeBase", "KnowledgeBaseError", "Problem", "Reading", "Reply",
    "Result", "WenBuError", "answer", "assess", "load_knowledge_base", "parse_day", "parse_facts", "read", "search",
]
