"""Properties checked on random cases, in both environments: hypothesis where it is installed, seeded cases elsewhere.

A property takes ``rng``, a :class:`random.Random`. Under hypothesis its draws are shrunk to the simplest failing case; in
the bot's environment, which has no hypothesis, the same property runs over fixed seeds. ``WENBU_EXAMPLES=20`` searches
twenty times as many cases, different ones at each run.
"""

import functools
import os
import random

try:
    import hypothesis
    from hypothesis import strategies
except ImportError:
    hypothesis = None

MORE = int(os.environ.get("WENBU_EXAMPLES", "1"))


def repeatedly(times):
    """Run a property ``times`` times, each with other random draws."""

    def wrap(check):
        if hypothesis is None:
            @functools.wraps(check)
            def run(*args, **kwargs):
                for seed in range(times * MORE):
                    check(*args, rng=random.Random(seed), **kwargs)

            # pytest reads the signature: rng is no fixture
            run.__signature__ = _without_rng(check)
            return run
        settings = hypothesis.settings(
            max_examples=times * MORE, deadline=None, database=None, derandomize=MORE == 1,
            suppress_health_check=list(hypothesis.HealthCheck),
        )
        return settings(hypothesis.given(rng=strategies.randoms(use_true_random=False))(check))

    return wrap


def _without_rng(check):
    import inspect

    signature = inspect.signature(check)
    return signature.replace(parameters=[p for name, p in signature.parameters.items() if name != "rng"])


def some_value(kb, fact, rng, extra=()):
    """A value that the vocabulary allows for a fact, as it would come from outside; ``extra`` numbers are tried too."""
    if fact.type == "bool":
        return rng.choice([True, False])
    if fact.type == "choice":
        return rng.choice([option.value for option in fact.options])
    if fact.type == "set":
        codes = [option.value for option in fact.options]
        return rng.sample(codes, rng.choice([0, 1, 1, 2, 3]))
    lowest = int(fact.minimum or 0)
    highest = int(fact.maximum) if fact.maximum is not None else 1000000
    usual = [lowest, lowest + 1, 2, 3, 6, 7, 11, 12, 23, 24, 27, 28, 39, 40, 49, 50, 55, 60, 100, 2500, *extra]
    return rng.choice([number for number in usual if lowest <= number <= highest])


def some_facts(kb, names, rng):
    """Random values for a random part of the named facts."""
    share = rng.choice([0.2, 0.5, 0.8, 0.95])
    return consistent(kb, {name: some_value(kb, kb.facts[name], rng) for name in sorted(names) if rng.random() < share})


def consistent(kb, facts):
    """The facts without those that another of them rules out."""
    return {
        name: value for name, value in facts.items()
        if not any(facts.get(fact.name) is True and fact.implies.get(name, value) != value for fact in kb.facts.values())
    }
