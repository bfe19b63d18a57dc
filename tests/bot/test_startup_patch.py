"""Each patch keeps what Rasa does: the stock behaviour is the oracle. A child process keeps the stock Rasa of other tests stock."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PREPARE = """
import asyncio, copy, os, sys, warnings
warnings.simplefilter("ignore")
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
from bot import startup_patch
"""


def run(code: str) -> str:
    """Run code in Rasa's Python; its output. Fails with the child's error."""
    done = subprocess.run(
        [sys.executable, "-c", PREPARE + textwrap.dedent(code)], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def test_another_version_of_rasa_is_refused():
    run("""
    import rasa
    rasa.__version__ = "3.6.22"
    try:
        startup_patch.apply()
    except startup_patch.WrongRasa as error:
        assert "3.6.22" in str(error)
    else:
        raise AssertionError("applied")
    """)


def test_good_and_bad_responses_of_the_action_server_are_judged_as_by_stock_rasa():
    run("""
    from jsonschema import ValidationError
    from rasa.core.actions.action import RemoteAction

    slot = {"event": "slot", "timestamp": None, "name": "region", "value": "qujing"}
    results = [
        {"events": [], "responses": []}, {}, {"events": [slot], "responses": [{"custom": {"text": "x"}}]},
        {"events": [{"event": "slot", "timestamp": None, "name": "region", "value": {"a": [1]}}]},
        {"events": [{"event": "restart", "timestamp": None}]}, {"events": [{"event": "followup", "name": "x"}]},
        {"events": [{"event": "no_such_event"}]}, {"events": [{"event": "slot"}]}, {"events": [{}]}, {"events": ["slot"]},
        {"events": [slot, {"event": "slot", "name": 3, "value": 1}]}, {"events": {"event": "slot"}}, {"responses": ["text"]},
        {"responses": {"text": "x"}}, {"events": None}, {"responses": None}, {"events": [{"event": ["slot"]}]},
        {"events": [{"event": "slot", "name": "a", "value": 1, "timestamp": "late"}]}, [], None, "text", 3,
    ]
    action = RemoteAction("x", None)

    def verdicts():
        out = []
        for result in results:
            try:
                out.append(action._validate_action_result(copy.deepcopy(result)))
            except ValidationError as error:
                out.append("refused" + ("/custom-actions" if "/custom-actions" in error.message else ""))
        return out

    stock = verdicts()
    startup_patch.validate_action_results_with_one_validator()
    assert verdicts() == stock, list(zip(results, stock, verdicts()))
    assert stock.count("refused/custom-actions") >= 10 and stock.count(True) >= 4, stock
    """)


def test_the_graph_gives_what_dask_gives():
    run("""
    from rasa.engine.graph import GraphSchema, SchemaNode, GraphNode
    from rasa.engine.runner.dask import DaskGraphRunner

    nodes = {"a": [], "b": ["a", "input"], "c": ["a"], "d": ["b", "c"], "unused": ["d"]}
    schema = GraphSchema({
        name: SchemaNode(needs={need: need for need in needs}, uses=object, constructor_name="x", fn="x", config={}, is_target=name == "d")
        for name, needs in nodes.items()
    })
    calls = []

    def node(name):
        def call(*given):
            calls.append(name)
            return name, (name, *given)
        return call

    def runner():
        made = object.__new__(DaskGraphRunner)
        made._graph_schema, made._execution_context = schema, None
        made._instantiated_nodes = {name: node(name) for name in nodes}
        return made

    stock = runner().run({"input": [1]}, ["d"]), runner().run({"input": [1]})
    startup_patch.plan_the_graph_once()
    calls.clear()
    ours = runner().run({"input": [1]}, ["d"]), runner().run({"input": [1]})
    assert ours == stock
    assert sorted(calls) == sorted(["a", "b", "c", "d"] * 2)
    """)


def test_event_classes_are_found_as_before():
    run("""
    from rasa.shared.core.events import Event
    names = ["user", "bot", "slot", "action", "session_started", "active_loop", "topic"]
    stock = [Event.resolve_by_type(name) for name in names]
    startup_patch.find_event_classes_once()
    assert [Event.resolve_by_type(name) for name in names] == stock
    try:
        Event.resolve_by_type("nothing")
    except ValueError:
        pass
    else:
        raise AssertionError
    """)


def test_a_copied_slot_is_equal_and_its_own():
    run("""
    from rasa.shared.core.slots import ListSlot, TextSlot
    startup_patch.copy_slots_directly()
    for slot in (TextSlot("a", mappings=[{}], influence_conversation=False), ListSlot("b", mappings=[{}])):
        slot.value = ["x"] if isinstance(slot, ListSlot) else "x"
        twin = copy.copy(slot)
        assert type(twin) is type(slot) and twin.__dict__ == slot.__dict__
        twin.value = None
        assert slot.value
    """)


def test_slots_are_still_extracted_where_a_mapping_could_fill_one():
    run("""
    from rasa.core.actions.action import ActionExtractSlots
    from rasa.shared.core.domain import Domain
    from rasa.shared.core.events import ActionExecuted, UserUttered
    from rasa.shared.core.trackers import DialogueStateTracker

    custom = "{s: {type: text, mappings: [{type: custom}]}}"
    entity = "{s: {type: text, mappings: [{type: from_entity, entity: e}]}}"
    startup_patch.skip_slot_extraction_without_extracting_mappings()
    for slots, expected in ((custom, []), (entity, ["v"])):
        domain = Domain.from_yaml(f"version: '3.1'\\nintents: [i]\\nentities: [e]\\nslots: {slots}")
        message = UserUttered("t", {"name": "i"}, [{"entity": "e", "value": "v"}])
        tracker = DialogueStateTracker.from_events("x", [ActionExecuted("action_listen"), message], domain.slots)
        events = asyncio.run(ActionExtractSlots(None).run(None, None, tracker, domain))
        assert [event.value for event in events] == expected, (slots, events)
    """)


def test_one_session_per_endpoint_is_kept_and_closed():
    run("""
    from rasa.utils.endpoints import EndpointConfig
    startup_patch.keep_connections_to_the_action_server()

    async def main():
        endpoint, other = EndpointConfig("http://127.0.0.1:1/"), EndpointConfig("http://127.0.0.1:2/")
        async with endpoint.session() as first:
            pass
        async with endpoint.session() as second:
            pass
        assert first is second and not first.closed
        async with other.session() as third:
            assert third is not first
        await startup_patch.KeptSession.close_all()
        assert first.closed and third.closed
        async with endpoint.session() as fourth:
            assert not fourth.closed
        await startup_patch.KeptSession.close_all()

    asyncio.run(main())
    """)


@pytest.mark.skipif(not (ROOT / "models/wenbu.tar.gz").is_file(), reason="还没有训练好的模型")
def test_the_patched_bot_understands_and_decides_like_stock_rasa():
    script = """
    import json
    os.chdir({root!r})
    patched = {patched}
    if patched:
        startup_patch.apply()
    from rasa.core.agent import Agent
    from rasa.core.channels.channel import UserMessage
    from rasa.shared.core.events import ActionExecuted, ActiveLoop, UserUttered
    from rasa.shared.core.trackers import DialogueStateTracker

    async def main():
        agent = Agent.load("models/wenbu.tar.gz")
        out = []
        for text in ("你好", "我是曲靖的残疾人,培训40天能领多少", "帮我测算一下", "取消", "今天天气", "说细一点", "不知道", "/restart"):
            parsed = await agent.processor.parse_message(UserMessage(text))
            out.append([parsed["intent"]["name"], round(parsed["intent"]["confidence"], 6), parsed["entities"]])
            for loop in (None, "eligibility_form"):
                events = [ActionExecuted("action_listen")]
                events += [ActiveLoop(loop), ActionExecuted("action_listen")] if loop else []
                events += [UserUttered(text, parsed["intent"], parsed["entities"])]
                tracker = DialogueStateTracker.from_events("x", events, agent.domain.slots)
                prediction = agent.processor._predict_next_with_tracker(tracker)
                out.append([max(zip(prediction.probabilities, agent.domain.action_names_or_texts))[1], prediction.policy_name])
        print("RESULT" + json.dumps(out, default=str))

    asyncio.run(main())
    """
    stock, patched = (
        run(script.format(root=str(ROOT), patched=patched)).split("RESULT")[1] for patched in (False, True)
    )
    assert patched == stock
