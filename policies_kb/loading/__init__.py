"""The only reader of the data files: YAML → a checked :class:`~policies_kb.knowledge.KnowledgeBase`, or all problems at once.

``source`` reads files and collects problems; ``vocabulary``, ``documents``, ``answers`` and ``benefits`` each make one kind
of record of them; ``loader`` puts them together.
"""

from policies_kb.loading.documents import clause_label
from policies_kb.loading.loader import DATA, Loader, load_knowledge_base

__all__ = ["DATA", "Loader", "clause_label", "load_knowledge_base"]
