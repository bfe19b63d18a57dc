"""Many followers at once: what comes back, how quickly, and whether anything is lost or comes twice."""

import asyncio
import statistics
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from api.wechat.simulator.follower import Follower, Outcome
from api.wechat.simulator.protocol import text


@dataclass(frozen=True)
class Report:
    """Seconds are from sending to the answer's arrival, `request` to the end of the platform's own request."""

    messages: int
    passive: int
    late: int
    lost: int
    doubled: int
    repeats: int
    seconds: list[float]
    request: list[float]
    problems: Counter[str]

    def lines(self) -> list[str]:
        """For people to read."""
        lines = [f"消息 {self.messages} 条:当场回答 {self.passive},随后补发 {self.late},没有回答 {self.lost},"
                 f"重复回答 {self.doubled},平台重发 {self.repeats} 次"]
        for name, values in (("从发出到看见回答", self.seconds), ("网关应答平台", self.request)):
            if values:
                lines.append(f"{name}:p50 {_at(values, 50):.2f} 秒,p95 {_at(values, 95):.2f} 秒,"
                             f"p99 {_at(values, 99):.2f} 秒,最慢 {max(values):.2f} 秒")
        return lines + [f"问题:{problem}({count} 次)" for problem, count in self.problems.most_common()]


async def run(followers: Sequence[Follower], questions: Sequence[str], messages: int,
              settle: Callable[[], Sequence[str]]) -> Report:
    """Each follower sends so many messages, one after the other's answer; all followers at once.

    `settle` gives, at the end, the texts that came although nobody waited for them any more.
    """
    async def one(number: int, follower: Follower) -> list[Outcome]:
        return [await follower.send(text(follower.openid, questions[(number + turn) % len(questions)]))
                for turn in range(messages)]

    outcomes = [outcome for each in await asyncio.gather(*(one(number, follower)
                                                           for number, follower in enumerate(followers)))
                for outcome in each]
    # what comes twice may come after a while
    await asyncio.sleep(1)
    return Report(
        messages=len(outcomes),
        passive=sum(bool(outcome.texts) and not outcome.late for outcome in outcomes),
        late=sum(outcome.late for outcome in outcomes),
        lost=sum(not outcome.texts for outcome in outcomes),
        doubled=sum(max(0, len(outcome.texts) - 1) for outcome in outcomes) + len(settle()),
        repeats=sum(outcome.repeats for outcome in outcomes),
        seconds=[outcome.seconds for outcome in outcomes if outcome.texts],
        request=[outcome.request_seconds for outcome in outcomes],
        problems=Counter(outcome.problem for outcome in outcomes if outcome.problem))


def _at(values: Sequence[float], percent: int) -> float:
    """The percentile; of one value it is that value."""
    if len(values) == 1:
        return values[0]
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]
