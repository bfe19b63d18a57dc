"""Stock Rasa 3.6.21 as a second measure: JiebaTokenizer, word and character counts, DIET, a response selector for each region.

It is trained on our own data and nothing else: the ways of asking of every answer (the region's name in front) with the
answer's text and source as the response; our small talk; the words of what is not ours; the names of other places. One
retrieval intent a region: DIET tells the kind of talk, the region's selector the answer. The dialogue is Rasa's own
(tracker, region slot, rules); ``stock_rasa`` fills the slot by lookup and puts the place talked of before messages without one.

The model is kept in ``models/eval`` under the fingerprint of data and design, and trained anew when either changes.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from policies_kb import asides, wording
from policies_kb.context import Context
from policies_kb.reading import reader
from policies_kb.reply import Reply

if TYPE_CHECKING:
    from policies_kb import KnowledgeBase

ROOT = Path(__file__).resolve().parents[2]
MODELS = ROOT / "models" / "eval"
PYTHON = ROOT / ".venv-bot" / "bin" / "python"
DIET_EPOCHS = 5
SELECTOR_EPOCHS = 20
"""Rasa's defaults are 300 each, which is hours on two cores; with these both are right on 99.9% of what they are trained on."""
SELECTOR = {
    "scale_loss": False, "regularization_constant": 0.0005, "hidden_layers_sizes": {"text": [], "label": []},
    "dense_dimension": {"text": 128, "label": 128}, "concat_dimension": {"text": 128, "label": 128}, "embedding_dimension": 64,
}
"""A selector in the shape of DIET itself. With Rasa's defaults for selectors, made for few answers, training on hundreds collapses
to chance; of the shapes tried on the training side (Qujing) this was the best: 71%, with two hidden layers 59%."""
QUIET = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
         "PYTHONWARNINGS": "ignore", "LOG_LEVEL": "WARNING"}
COURTESIES = {"greet": "greet", "goodbye": "goodbye", "thank": "thank", "help": "help", "bot_challenge": "help", "handoff": "handoff"}
"""Intents of data/nlu that stock Rasa can answer with a fixed text, and the control whose text that is."""


class Stock:
    """A running stock Rasa in its own process; end it with ``close``."""

    def __init__(self, kb: KnowledgeBase) -> None:
        model = trained(kb)
        self._process = subprocess.Popen(
            [str(PYTHON), "-m", "tests.eval.stock_rasa", "talk", str(model)], cwd=ROOT, env={**os.environ, **QUIET},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, encoding="utf-8",
        )

    def ask(self, turns: list[str]) -> str:
        """The reply to the last of the turns, said by a new person."""
        sender, text = uuid.uuid4().hex, ""
        for turn in turns:
            assert self._process.stdin is not None and self._process.stdout is not None
            self._process.stdin.write(json.dumps({"sender": sender, "text": turn}) + "\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
            if not line:
                sys.exit(f"原版 Rasa 中途停了,停在:{turn}")
            text = Reply(json.loads(line)["text"]).text
        return text

    def close(self) -> None:
        """End the process."""
        self._process.terminate()
        self._process.wait(30)


def trained(kb: KnowledgeBase) -> Path:
    """The model of the data as they are now; trained if there is none."""
    mark = fingerprint(kb)
    model = MODELS / f"{mark}.tar.gz"
    if model.is_file():
        return model
    folder = MODELS / mark
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files(kb).items():
        text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=100000)
        (folder / name).write_text(text, encoding="utf-8")
    print("原版 Rasa 在同样的数据上训练,只有第一次要几分钟 …", flush=True)
    started = time.monotonic()
    log, name = MODELS / f"{mark}.log", f"unfinished-{os.getpid()}"
    with log.open("wb") as output:
        code = subprocess.run(
            [str(PYTHON), "-m", "tests.eval.stock_rasa", "train", str(folder), str(MODELS), name], cwd=ROOT,
            env={**os.environ, **QUIET}, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
        ).returncode
    made_now = MODELS / f"{name}.tar.gz"
    if code or not made_now.is_file():
        sys.exit(f"原版 Rasa 没有训练成,原因见 {log}")
    took = {"seconds": round(time.monotonic() - started), "diet_epochs": DIET_EPOCHS, "selector_epochs": SELECTOR_EPOCHS}
    (folder / "took.json").write_text(json.dumps(took), encoding="utf-8")
    for old in MODELS.glob("*.tar.gz"):
        if old != made_now and not old.name.startswith("unfinished-"):  # of older data; 140 MB each
            old.unlink()
            shutil.rmtree(MODELS / old.name.removesuffix(".tar.gz"), ignore_errors=True)
    made_now.replace(model)
    print(f"原版 Rasa 训练完,{took['seconds']} 秒", flush=True)
    return model


def training(kb: KnowledgeBase) -> dict[str, int]:
    """Seconds and epochs of the training of the model in use."""
    return json.loads((MODELS / fingerprint(kb) / "took.json").read_text(encoding="utf-8"))


def fingerprint(kb: KnowledgeBase) -> str:
    """Hash over everything that a model is made from."""
    return hashlib.sha256(json.dumps(files(kb), sort_keys=True).encode()).hexdigest()[:16]


def files(kb: KnowledgeBase) -> dict[str, Any]:
    """Everything Rasa is trained from, by file name."""
    faq = {f"faq_{region}": list(_answers(kb, region)) for region in kb.regions}
    fixed = _fixed(kb)
    nlu: list[dict[str, Any]] = []
    responses: dict[str, Any] = {"utter_ask_region": [{"text": "各地规定不一样。您问的是哪个地方?"}],
                                 "utter_nlu_fallback": [{"text": "没太明白。您可以换个说法,或者说“转人工”。"}]}
    for intent, answers in faq.items():
        for key, examples, text in answers:
            nlu.append({"intent": f"{intent}/{key}", "examples": _examples(examples)})
            responses[f"utter_{intent}/{key}"] = [{"text": text}]
    for intent, (examples, text) in fixed.items():
        nlu.append({"intent": intent, "examples": _examples(examples)})
        responses[f"utter_{intent}"] = [{"text": text}]
    names = {region.id: sorted({region.name, region.short_name, region.full_name, *region.aliases, *region.districts})
             for region in kb.regions.values()}
    rules = [{"rule": intent, "steps": [{"intent": intent}, {"action": f"utter_{intent}"}]} for intent in (*fixed, "nlu_fallback")]
    for intent in faq:
        rules.append({"rule": f"{intent} nowhere", "condition": [{"slot_was_set": [{"region": None}]}],
                      "steps": [{"intent": intent}, {"action": "utter_ask_region"}]})
        # where the slot knows the region, its selector answers, whichever region DIET believes in
        rules += [{"rule": f"{intent} in {region}", "condition": [{"slot_was_set": [{"region": region}]}],
                   "steps": [{"intent": intent}, {"action": f"utter_faq_{region}"}]} for region in kb.regions]
    slot = {"type": "categorical", "values": list(kb.regions), "influence_conversation": True, "mappings": [{"type": "custom"}]}
    domain = {"version": "3.1", "intents": [*faq, *fixed], "slots": {"region": slot}, "responses": responses}
    places = {word: region for region, group in names.items() for word in group} | dict.fromkeys(kb.vocabulary["places"], "")
    said = {"names": {region.id: region.short_name for region in kb.regions.values()}, "places": places}
    return {"config.yml": config(list(faq)), "domain.yml": domain, "nlu.yml": {"version": "3.1", "nlu": nlu},
            "rules.yml": {"version": "3.1", "rules": rules}, "places.yml": said}


def config(intents: list[str]) -> dict[str, Any]:
    """The pipeline: stock components; characters are counted beside words, the rest of their settings as explained above."""
    return {
        "recipe": "default.v1", "assistant_id": "stock", "language": "zh",
        "pipeline": [
            {"name": "JiebaTokenizer"},
            {"name": "CountVectorsFeaturizer"},
            {"name": "CountVectorsFeaturizer", "analyzer": "char", "min_ngram": 1, "max_ngram": 2, "min_df": 2},
            {"name": "DIETClassifier", "epochs": DIET_EPOCHS, "entity_recognition": False, "constrain_similarities": True,
             "random_seed": 1},
            *({"name": "ResponseSelector", "retrieval_intent": intent, "epochs": SELECTOR_EPOCHS, "constrain_similarities": True,
               "random_seed": 1, **SELECTOR} for intent in intents),
            {"name": "FallbackClassifier", "threshold": 0.3, "ambiguity_threshold": 0.1},
        ],
        "policies": [{"name": "RulePolicy"}],
    }


def _answers(kb: KnowledgeBase, region: str) -> Iterator[tuple[str, list[str], str]]:
    """Key, ways of asking with the place in front, and text with source of every answer that holds in a region."""
    place = kb.regions[region].short_name
    seen: set[str] = set()
    for number, answer in enumerate(kb.answers):
        if answer.region not in kb.scope(region):
            continue
        examples = [ask if place in ask else place + ask for ask in answer.ask]
        examples = [ask for ask in dict.fromkeys(examples) if ask not in seen]
        seen.update(examples)
        if examples:
            document = kb.documents[answer.document]
            citations = [document.citation(clause) for clause in answer.clauses]
            yield f"a{number:04}", examples, Reply(answer.text + wording.source(kb, citations)).text


def _fixed(kb: KnowledgeBase) -> dict[str, tuple[list[str], str]]:
    """Intents with one fixed reply: courtesies, what is not ours, other places."""
    read = reader(kb)
    phrases = {control: next(text for text, name in read.controls.items() if name == control) for control in COURTESIES.values()}
    texts = {control: asides.control(kb, read.read(text), Context())[0].text for control, text in phrases.items()}
    found: dict[str, tuple[list[str], str]] = {}
    for path in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        for item in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            examples = [line.removeprefix("- ").strip() for line in item.get("examples", "").splitlines() if line.strip()]
            if item.get("intent") in COURTESIES:
                found[item["intent"]] = examples, texts[COURTESIES[item["intent"]]]
            elif item.get("intent") == "off_topic":
                found["off_topic"] = examples, asides.not_ours().text
    for item in kb.vocabulary["outside"]:
        found[f"outside_{item['topic']}"] = [str(word) for word in item["words"]], item["reply"]
    have = "、".join(region.short_name for region in kb.regions.values())
    asks = [answer.ask[0] for answer in kb.answers]
    elsewhere = [place + asks[(7 * number + 641 * turn) % len(asks)] for number, place in enumerate(kb.vocabulary["places"]) for turn in range(3)]
    found["elsewhere"] = elsewhere, f"这个地方的文件我这里没有,不能拿别处的规定来答。我有的是{have}这几个地方的。别处的请打当地12333问人社部门。"
    return found


def _examples(texts: list[str]) -> str:
    return "".join(f"- {text}\n" for text in texts)
