"""README tells the truth: what it names exists, and what it shows is what comes out of the figures that it shows."""

import json
import re
import shlex
import shutil
from datetime import date
from pathlib import Path

import pytest
import typer
import yaml
from typer.testing import CliRunner

import policies_kb
from api.cli import app
from api.exact_json import dump
from api.main import create_app
from api.services.eligibility import assess_one
from api.settings import Settings
from api.wechat.settings import WechatSettings
from policies_kb import libraries, rules, schema
from policies_kb.loading import DATA

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", README, re.M | re.S)
PROSE = re.sub(r"^```.*?^```$", "", README, flags=re.M | re.S)
QUOTED = list(dict.fromkeys(re.findall(r"`([^`\n]+)`", PROSE)))
# where the file names of a section are to be looked for: the root, the package, the worked example and a city of ours
BASES = (
    "", "policies_kb", "tests/data/demo_city", "tests/data/demo_city/documents/demo_city-2020-1",
    "policies_kb/data/qujing/documents/qujing-2019-112", "tests/data",
)
MADE_LATER = (".venv", "var/", ".vscode/", "web/dist/")
"""What set-up, running or the reader's editor makes."""


VALUE = re.compile(r"value: [\d.]+")


def blocks(language):
    return [text for found, text in BLOCKS if found == language]


@pytest.fixture(scope="module")
def kb(tmp_path_factory):
    """Our knowledge base with the figures that README shows: it tells how they are changed, and outlives that."""
    data = tmp_path_factory.mktemp("shown") / "data"
    shutil.copytree(DATA, data)
    for text in blocks("yaml"):
        heading, *shown = text.splitlines()
        path = data / heading.removeprefix("# policies_kb/data/")
        if path.is_file():
            lines = path.read_text(encoding="utf-8").splitlines()
            path.write_text("\n".join(next((s for s in shown if same(s, line)), line) for line in lines), encoding="utf-8")
    return policies_kb.load_knowledge_base(data)


def same(one, other):
    """Whether two lines are alike but for the value of a figure."""
    return VALUE.sub("value: …", one) == VALUE.sub("value: …", other)


# ---- paths ------------------------------------------------------------------------------------------------------------
def paths():
    """Quoted words that look like a path; `<…>` stands for any name."""
    for text in QUOTED:
        pattern = re.sub(r"<[^>]+>", "*", text).rstrip("/")
        looks = "/" in text or re.search(r"\.(py|yml|json|txt|png)$", text)
        if looks and re.fullmatch(r"[\w.*/-]+", pattern, re.A) and not text.startswith(("/", *MADE_LATER)):
            yield pattern


@pytest.mark.parametrize("pattern", sorted(set(paths())))
def test_a_named_path_exists(pattern):
    assert any(list((ROOT / base).glob(pattern)) for base in BASES), pattern


def test_all_folders_of_the_house_are_on_the_map():
    for folder in ("policies_kb", "actions", "bot", "api", "web", "tests", "bench", "scripts", "requirements"):
        assert f"`{folder}/`" in README


@pytest.mark.parametrize("text", [text for text in blocks("yaml")], ids=lambda text: text.splitlines()[0])
def test_a_piece_of_a_file_stands_in_it(text):
    heading, *lines = text.splitlines()
    rest = iter((ROOT / heading.removeprefix("# ")).read_text(encoding="utf-8").splitlines())
    assert all(any(same(line, other) for other in rest) for line in lines), "these lines, in this order"


def test_the_screenshot_is_there_and_small():
    (name,) = re.findall(r'<img src="([^"]+)"', README)
    picture = (ROOT / name).read_bytes()
    assert picture.startswith(b"\x89PNG") and len(picture) < 250_000


# ---- commands -----------------------------------------------------------------------------------------------------------
def test_every_make_target_named_exists_and_every_one_is_named():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    named = set(re.findall(r"(?:`|^|、)make ([a-z-]+)", README, re.M))
    assert named == targets


def wenbu_commands():
    for text in QUOTED:
        words = shlex.split(text)
        if words[0].rsplit("/", 1)[-1] == "wenbu" and len(words) > 1:
            yield text


@pytest.mark.parametrize("text", list(wenbu_commands()))
def test_a_wenbu_command_exists(text):
    command = typer.main.get_command(app)
    words = shlex.split(text)[1:]
    while words and hasattr(command, "commands"):
        command = command.commands[words.pop(0)]
    assert not hasattr(command, "commands"), f"{text}: a group, no command"


def leaves(command, name=""):
    """Every command that does something, by its full name: `kb check`, not `kb`."""
    for part, below in command.commands.items():
        full = f"{name} {part}".strip()
        yield from leaves(below, full) if hasattr(below, "commands") else [(full, below)]


def test_every_wenbu_command_is_named():
    named = [" ".join(shlex.split(text)[1:]) for text in wenbu_commands()]
    commands = [full for full, _ in leaves(typer.main.get_command(app))]
    assert [full for full in commands if not any(f"{text} ".startswith(f"{full} ") for text in named)] == []


@pytest.mark.parametrize("option", sorted(set(re.findall(r"(?:`|`wenbu [^`\n]*)(--[a-z-]+)", README))))
def test_an_option_exists(option):
    assert any(option in parameter.opts for _, command in leaves(typer.main.get_command(app)) for parameter in command.params)


@pytest.mark.parametrize(("text", "says"), [
    ('.venv/bin/wenbu kb show qujing-2019-112 十八', "living_per_day"),
    ('.venv/bin/wenbu ask "曲靖生活费一天多少"', "第十八条"),
])
def test_the_examples_of_commands_run(text, says):
    assert f"`{text}`" in README
    done = CliRunner().invoke(app, shlex.split(text)[1:])
    assert done.exit_code == 0 and says in done.output


def test_every_environment_variable_is_read_and_every_setting_is_named():
    settings = {f"WENBU_{name.upper()}" for name in Settings.model_fields if name != "web_dir"}
    settings |= {f"WENBU_WECHAT_{name.upper()}" for name in WechatSettings.model_fields}
    known = settings | set(re.findall(r"WENBU_[A-Z_]+", (ROOT / "bot/serve.py").read_text(encoding="utf-8")))
    named = set(re.findall(r"WENBU_[A-Z_]+", README))
    assert settings <= named <= known


# ---- what comes out -----------------------------------------------------------------------------------------------------
def test_the_calculator_by_curl_gives_this_answer(kb):
    (command,) = [text for text in blocks("sh") if text.startswith("curl")]
    words = shlex.split(command)
    address, body = next(word for word in words if word.startswith("http")), words[words.index("-d") + 1]
    shown = next(json.loads(text) for text in blocks("json") if "results" in text)
    assert json.loads(dump(assess_one(kb, body.encode(), address.partition("benefit=")[2]))) == {**shown, "kb_version": kb.version}


def test_the_addresses_are_those_of_the_gateway():
    named = set(re.findall(r"(?:`|POST |GET |:8000)(/api/[a-z0-9/{}_]+)", README))
    assert named and named <= set(create_app().openapi()["paths"])


def plain(text):
    """Without the difference between wide and narrow punctuation, which the channel settles."""
    return re.sub(r"\s", "", text.translate(str.maketrans("，：；？！（）", ",:;?!()")))


def test_the_dialogue_is_what_the_assistant_says(kb):
    libraries.install()
    context = policies_kb.Context()
    turns = re.findall(r"^- \*\*问:\*\* (.+)\n- \*\*答:\*\* (.+)$", README, re.M)
    assert len(turns) == 3, "the third begins the check, which is Rasa's part"
    for question, answer in turns[:2]:
        reply, context = policies_kb.answer(kb, question, context, as_of=date(2026, 1, 1))
        assert plain(answer) == plain(reply.text)


# ---- what one may write ---------------------------------------------------------------------------------------------------
def test_every_word_of_the_rule_language_is_explained():
    words = {*rules.CONDITIONS, *rules.WRAPPERS, *rules.BOUNDS}
    parts = schema.load("rules.schema.json")["$defs"]
    for part in (parts["amount"], *(way for way in parts["term"]["anyOf"] if way["type"] == "object")):
        words |= set(part["properties"])
    assert [word for word in sorted(words) if not re.search(rf"`{word}\b", README)] == []


@pytest.mark.parametrize(("name", "pointer"), [
    ("region", ""), ("document", ""), ("benefit", ""), ("clauses", "clause"), ("answers", "answer"), ("calculations", "calculation"),
])
def test_every_key_of_the_data_of_a_city_is_named(name, pointer):
    found = schema.load(f"{name}.schema.json")
    keys = (found["$defs"][pointer] if pointer else found)["properties"]
    optional = {"none_left"}
    assert [key for key in keys if key not in optional and not re.search(rf"(`|^[- ]*){key}\b", README, re.M)] == []


def test_the_settings_for_editors_fit():
    settings = next(json.loads(text) for text in blocks("json") if "yaml.schemas" in text)["yaml.schemas"]
    for path, pattern in settings.items():
        assert (ROOT / path).is_file()
        files = list(ROOT.glob(pattern.replace("**/data", "policies_kb/data")))
        assert files and schema.FILES[pattern.removeprefix("**/data/")] == Path(path).name
        assert all(yaml.safe_load(file.read_text(encoding="utf-8")) for file in files[:1])
