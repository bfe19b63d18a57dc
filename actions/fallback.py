"""When no rule says what comes next: never silence."""

from __future__ import annotations

from actions.answer_policy import AnswerPolicy


class DefaultFallback(AnswerPolicy):
    """Tries the knowledge base all the same; it says what it can do when it finds nothing, and hands over the second time."""

    def name(self) -> str:
        """Rasa's name for the action of last resort."""
        return "action_default_fallback"
