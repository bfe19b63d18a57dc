"""What stock Rasa 3.6.21 does over and over in a turn although the outcome never changes, done once.

Each patch keeps the behaviour; ``tests/bot/test_startup_patch.py`` holds it to that, ``bench/turn.py`` says what they save.
They reach into Rasa's inside, so they are bound to the one version that they were read against.
"""

from __future__ import annotations

import asyncio
import copy
import functools
import json
import types
from typing import Any

VERSION = "3.6.21"


class WrongRasa(RuntimeError):
    """The installed Rasa is not the one that the patches were written for."""


def apply() -> None:
    """Apply every patch. Call once, before Rasa's server is made. Raises WrongRasa for any other version."""
    import rasa

    if rasa.__version__ != VERSION:
        raise WrongRasa(f"启动补丁只适用于 Rasa {VERSION},装的是 {rasa.__version__}")
    validate_action_results_with_one_validator()
    call_actions_without_the_domain()
    keep_connections_to_the_action_server()
    plan_the_graph_once()
    find_event_classes_once()
    copy_slots_directly()
    skip_copies_for_debug_logs()
    skip_slot_extraction_without_extracting_mappings()
    lay_out_classifier_weights_for_prediction()
    look_up_rules_by_their_last_state()
    see_once_whether_the_domain_is_empty()


def validate_action_results_with_one_validator() -> None:
    """``jsonschema.validate`` checks the schema itself on every call, and tries each event against all twenty event schemas.

    Build the validators once. An event names its type, so it is checked against that type's schema; whatever does not pass
    this way goes through the whole schema, which then says what is wrong, in Rasa's words.
    """
    import jsonschema
    from jsonschema.validators import validator_for
    from rasa.core.actions.action import RemoteAction
    from rasa.shared.constants import DOCS_BASE_URL

    schema = RemoteAction.action_response_format_spec()
    make = validator_for(schema)
    make.check_schema(schema)
    whole = make(schema)
    event = schema["properties"]["events"]["items"]
    common = {key: value for key, value in event.items() if key != "oneOf"}
    by_type = {kind["properties"]["event"]["const"]: (make(common), make(kind)) for kind in event["oneOf"]}

    def is_plainly_valid(result: Any) -> bool:
        if not isinstance(result, dict):
            return False
        events, responses = result.get("events", []), result.get("responses", [])
        if not (isinstance(events, list) and isinstance(responses, list)):
            return False
        return all(isinstance(response, dict) for response in responses) and all(
            isinstance(event, dict)
            and isinstance(event.get("event"), str)
            and event["event"] in by_type
            and all(part.is_valid(event) for part in by_type[event["event"]])
            for event in events
        )

    def _validate_action_result(self: RemoteAction, result: dict[str, Any]) -> bool:
        if is_plainly_valid(result):
            return True
        error = jsonschema.exceptions.best_match(whole.iter_errors(result))
        if error is None:
            return True
        error.message += (
            ". Failed to validate Action server response from API, make sure your response from the Action endpoint is valid. "
            f"For more information about the format visit {DOCS_BASE_URL}/custom-actions"
        )
        raise error

    RemoteAction._validate_action_result = _validate_action_result


def call_actions_without_the_domain() -> None:
    """Our actions read the tracker alone: send an empty domain (rasa-sdk 3.21 refuses a call with none) instead of the whole."""
    from rasa.core.actions.action import RemoteAction
    from rasa.shared.core.trackers import EventVerbosity

    def _action_call_format(self: RemoteAction, tracker: Any, domain: Any) -> dict[str, Any]:
        return {
            "next_action": self.name(),
            "sender_id": tracker.sender_id,
            "tracker": tracker.current_state(EventVerbosity.ALL),
            "version": VERSION,
            "domain": {},
        }

    RemoteAction._action_call_format = _action_call_format


class KeptSession:
    """Stands where Rasa opens a client session for one request: the same session each time, closed when the server stops."""

    _all: list[KeptSession] = []

    def __init__(self, session: Any) -> None:
        self.session = session
        self.loop = asyncio.get_running_loop()
        self._all.append(self)

    async def __aenter__(self) -> Any:
        return self.session

    async def __aexit__(self, *exc: Any) -> None:
        return None

    @classmethod
    async def close_all(cls, *_: Any) -> None:
        """Close every session (a listener for Sanic's ``after_server_stop``)."""
        while cls._all:
            await cls._all.pop().session.close()


def keep_connections_to_the_action_server() -> None:
    """A new client session and TCP connection for every action call → one session per endpoint, connections kept open."""
    import aiohttp
    from rasa.core.constants import DEFAULT_REQUEST_TIMEOUT
    from rasa.utils.endpoints import EndpointConfig

    def session(self: EndpointConfig) -> KeptSession:
        kept: KeptSession | None = self.__dict__.get("_kept_session")
        if kept is None or kept.session.closed or kept.loop is not asyncio.get_running_loop():
            auth = aiohttp.BasicAuth(self.basic_auth["username"], self.basic_auth["password"]) if self.basic_auth else None
            kept = self.__dict__["_kept_session"] = KeptSession(
                aiohttp.ClientSession(
                    headers=self.headers,
                    auth=auth,
                    timeout=aiohttp.ClientTimeout(total=DEFAULT_REQUEST_TIMEOUT),
                    # Chinese as it is: escaped, it is three times as long
                    json_serialize=functools.partial(json.dumps, ensure_ascii=False, separators=(",", ":")),
                )
            )
        return kept

    EndpointConfig.session = session


def plan_the_graph_once() -> None:
    """dask builds and orders the same graph for every message and every prediction; keep the order and call the nodes."""
    from rasa.engine.exceptions import GraphRunError
    from rasa.engine.runner.dask import DaskGraphRunner

    def plan(runner: DaskGraphRunner, targets: tuple[str, ...]) -> list[tuple[str, tuple[str, ...]]]:
        nodes = runner._graph_schema.minimal_graph_schema(list(targets)).nodes
        order: dict[str, None] = {}

        def visit(name: str) -> None:
            if name in nodes and name not in order:
                for parent in nodes[name].needs.values():
                    visit(parent)
                order[name] = None

        for target in targets:
            visit(target)
        return [(name, tuple(nodes[name].needs.values())) for name in order]

    def run(
        self: DaskGraphRunner, inputs: dict[str, Any] | None = None, targets: list[str] | None = None
    ) -> dict[str, Any]:
        wanted = tuple(targets or self._graph_schema.target_names)
        plans = self.__dict__.setdefault("_plans", {})
        if wanted not in plans:
            plans[wanted] = plan(self, wanted)
        results: dict[str, Any] = {}
        if inputs:
            self._add_inputs_to_graph(inputs, results)
        try:
            for name, needs in plans[wanted]:
                # a node that nobody provides is handed on by its name, as dask does; the component says what is missing
                results[name] = self._instantiated_nodes[name](*(results.get(need, need) for need in needs))
        except RuntimeError as error:
            raise GraphRunError("Error running runner.") from error
        return dict(results[name] for name in wanted)

    DaskGraphRunner.run = run


def find_event_classes_once() -> None:
    """Each event that is read walks all event classes to find its own by name; the answer never changes."""
    from rasa.shared.core.events import Event

    Event.resolve_by_type = staticmethod(functools.lru_cache(maxsize=256)(Event.resolve_by_type))


def copy_slots_directly() -> None:
    """Every temporary tracker copies every slot through pickle's protocol; copy the attributes instead."""
    from rasa.shared.core.slots import Slot

    def __copy__(self: Slot) -> Slot:
        twin = object.__new__(type(self))
        twin.__dict__.update(self.__dict__)
        return twin

    Slot.__copy__ = __copy__


def skip_copies_for_debug_logs() -> None:
    """These modules deep-copy events and messages for debug logs alone, also when nobody logs at that level."""
    import rasa.core.actions.forms
    import rasa.core.policies.rule_policy
    import rasa.core.processor

    shallow = types.SimpleNamespace(copy=copy.copy, deepcopy=lambda value: value)
    for module in (rasa.core.processor, rasa.core.actions.forms, rasa.core.policies.rule_policy):
        module.copy = shallow


def skip_slot_extraction_without_extracting_mappings() -> None:
    """Each turn walks all slots for mappings that could fill one from the message; ours are all filled by actions."""
    from rasa.core.actions.action import ActionExtractSlots
    from rasa.shared.core.constants import ACTION_VALIDATE_SLOT_MAPPINGS, DEFAULT_SLOT_NAMES

    stock = ActionExtractSlots.run
    known: dict[int, tuple[Any, bool]] = {}

    def extracts(domain: Any) -> bool:
        return ACTION_VALIDATE_SLOT_MAPPINGS in domain.user_actions or any(
            mapping.get("type") != "custom" or mapping.get("action")
            for slot in domain.slots
            if slot.name not in DEFAULT_SLOT_NAMES
            for mapping in slot.mappings
        )

    async def run(self: ActionExtractSlots, output_channel: Any, nlg: Any, tracker: Any, domain: Any) -> list[Any]:
        if id(domain) not in known or known[id(domain)][0] is not domain:
            known.clear()
            known[id(domain)] = (domain, extracts(domain))
        return await stock(self, output_channel, nlg, tracker, domain) if known[id(domain)][1] else []

    ActionExtractSlots.run = run


def lay_out_classifier_weights_for_prediction() -> None:
    """scikit-learn multiplies with the transposed weights; stored row by row they are copied (megabytes) for each message.

    And of a single message only the features of the sentence are used: join those alone, once, instead of every token's too.
    """
    import numpy
    import scipy.sparse
    from rasa.nlu.classifiers.logistic_regression_classifier import LogisticRegressionClassifier
    from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT

    stock = LogisticRegressionClassifier.load.__func__

    @classmethod
    def load(cls: Any, *args: Any, **kwargs: Any) -> LogisticRegressionClassifier:
        component = stock(cls, *args, **kwargs)
        if hasattr(component.clf, "coef_"):
            component.clf.coef_ = numpy.asfortranarray(component.clf.coef_)
        return component

    stacked = LogisticRegressionClassifier._create_X

    def _create_X(self: LogisticRegressionClassifier, messages: list[Any]) -> Any:
        if len(messages) == 1:
            parts = [part for part in messages[0].features if part.attribute == TEXT and part.type == FEATURE_TYPE_SENTENCE]
            if parts and all(part.is_sparse() for part in parts):
                return scipy.sparse.hstack([part.features for part in parts], format="csr", dtype=numpy.float64)
        return stacked(self, messages)

    LogisticRegressionClassifier.load = load
    LogisticRegressionClassifier._create_X = _create_X


def look_up_rules_by_their_last_state() -> None:
    """Every prediction compares every rule with the conversation; most differ already in the last action or the intent.

    Only the rules that agree in both are compared, by Rasa's own comparison.
    """
    from rasa.core.policies.rule_policy import RulePolicy
    from rasa.shared.core.constants import PREVIOUS_ACTION, SHOULD_NOT_BE_SET, USER
    from rasa.shared.nlu.constants import ACTION_NAME, INTENT

    stock = RulePolicy._get_possible_keys

    def place(state: dict[str, Any]) -> tuple[Any, Any]:
        intent = state.get(USER, {}).get(INTENT)
        return state.get(PREVIOUS_ACTION, {}).get(ACTION_NAME), None if intent == SHOULD_NOT_BE_SET else intent

    def index(lookup: dict[str, str]) -> dict[tuple[Any, Any], dict[str, str]]:
        found: dict[tuple[Any, Any], dict[str, str]] = {}
        for key, action in lookup.items():
            found.setdefault(place(RulePolicy._rule_key_to_state(key)[-1]), {})[key] = action
        return found

    def _get_possible_keys(self: RulePolicy, lookup: dict[str, str], states: list[Any]) -> Any:
        if not states:
            return stock(self, lookup, states)
        kept = self.__dict__.setdefault("_rules_by_last_state", {})
        if id(lookup) not in kept or kept[id(lookup)][0] is not lookup:
            kept[id(lookup)] = (lookup, index(lookup))
        action, intent = place(states[-1])
        by_state = kept[id(lookup)][1]
        # a rule that names no intent fits any
        likely = {**by_state.get((action, None), {}), **(by_state.get((action, intent), {}) if intent is not None else {})}
        return stock(self, likely, states)

    RulePolicy._get_possible_keys = _get_possible_keys


def see_once_whether_the_domain_is_empty() -> None:
    """For each message the whole domain is written out as a dict and compared with that of an empty one."""
    from rasa.shared.core.domain import Domain

    stock = Domain.is_empty

    def is_empty(self: Domain) -> bool:
        if "_is_empty" not in self.__dict__:
            self.__dict__["_is_empty"] = stock(self)
        return self.__dict__["_is_empty"]

    Domain.is_empty = is_empty
