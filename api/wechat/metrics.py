"""The account's numbers, in the gateway's registry."""

from prometheus_client import CollectorRegistry, Counter, Histogram


class WechatMetrics:
    """How quickly followers are answered, how often the platform repeats, what the platform refuses."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.reply_seconds = Histogram(
            "wenbu_wechat_reply_seconds",
            "From the platform's request to our answer (passive, late for an empty one), or to the custom-service message",
            ["way"], buckets=(.01, .02, .05, .1, .2, .5, 1, 2, 3, 4, 4.5, 5, 10, 20), registry=registry)
        self.repeats = Counter(
            "wenbu_wechat_repeats", "Messages that came again and joined their job", registry=registry)
        self.refused = Counter(
            "wenbu_wechat_refused", "Requests that were not read, by reason", ["reason"], registry=registry)
        self.send_errors = Counter(
            "wenbu_wechat_send_errors", "Custom-service messages that did not go out, by errcode or kind of failure",
            ["code"], registry=registry)
