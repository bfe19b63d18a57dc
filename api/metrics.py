"""The numbers that operators watch, in a registry of their own for each app."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram


class Metrics:
    """Counters of the gateway; `registry` is what /metrics shows."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "wenbu_requests", "Requests by route, method and status", ["route", "method", "status"],
            registry=self.registry)
        self.chat_seconds = Histogram(
            "wenbu_chat_seconds", "Time of one chat turn, by who answered", ["source"],
            buckets=(.005, .01, .02, .05, .1, .2, .5, 1, 2, 5, 10), registry=self.registry)
        self.rasa_failures = Counter(
            "wenbu_rasa_failures", "Turns that Rasa did not answer, by reason", ["reason"], registry=self.registry)
        self.fallback_answers = Counter(
            "wenbu_fallback_answers", "Answers from the knowledge base alone, by status", ["status"],
            registry=self.registry)
        self.storage_failures = Counter(
            "wenbu_storage_failures", "Turns that could not be stored", registry=self.registry)
        self.knowledge_base = Gauge(
            "wenbu_knowledge_base_info", "The knowledge base in use", ["kb_version"], registry=self.registry)
