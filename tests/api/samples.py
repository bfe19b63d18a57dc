"""Pieces of what Rasa sends."""

import policies_kb

CITATION = {"document": "qujing-2019-112", "number": "曲政办发〔2019〕112号", "clause": "十八", "title": "生活费补贴"}
FACTS = {"categories": ["disabled"], "training_days": 40}


def _card():
    kb = policies_kb.load_knowledge_base()
    return policies_kb.assess(kb, region="qujing", facts=FACTS, as_of=policies_kb.parse_day("2020-06-01")).to_dict()


CARD = _card()
