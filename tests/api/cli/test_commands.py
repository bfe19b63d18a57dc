"""The commands as an operator types them, on the real knowledge base."""

import json
import socket

import pytest
from typer.testing import CliRunner

import policies_kb
import policies_kb.check
from api.cli import app
from tests.figures import figure, money

runner = CliRunner()
PER_DAY = figure("qujing-2019-112", "living_per_day")
FACTS = {"region": "qujing", "as_of": "2020-06-01", "facts": {"categories": ["disabled"], "training_days": 40}}


def wenbu(*arguments: str):
    """Run the command; the result has exit_code, stdout and stderr."""
    result = runner.invoke(app, list(arguments))
    # a stack trace is never what an operator should see
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def eligibility(tmp_path, content, *more: str):
    """`wenbu eligibility` on a file with this content."""
    file = tmp_path / "facts.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return wenbu("eligibility", "--facts", str(file), *more)


def test_help_is_chinese_and_names_all_commands():
    text = wenbu("--help").stdout
    for command in ("serve", "train", "kb", "ask", "eligibility", "import-document"):
        assert command in text
    assert "知识库" in text


def test_kb_check_passes_on_the_real_data():
    result = wenbu("kb", "check")
    assert result.exit_code == 0, result.stdout
    assert policies_kb.load_knowledge_base().version in result.stdout


def test_kb_check_prints_file_and_line_and_fails(monkeypatch):
    problems = [policies_kb.Problem("qujing/region.yml", 3, "没有代码")]
    monkeypatch.setattr(policies_kb.check, "run", lambda _data_dir: problems)
    result = wenbu("kb", "check")
    assert result.exit_code == 1
    assert "qujing/region.yml:3: 没有代码" in result.stdout
    assert "1 处问题" in result.stderr


def test_kb_show_lists_every_region_and_document():
    kb = policies_kb.load_knowledge_base()
    text = wenbu("kb", "show").stdout
    for name in [*kb.regions, *kb.documents, *kb.benefits]:
        assert name in text


@pytest.mark.parametrize(("arguments", "expected"), [
    (["qujing"], "530300"),
    (["qujing-2019-112"], "曲政办发〔2019〕112号"),
    (["qujing-2019-112", "十八"], f"living_per_day = {PER_DAY}元/人/天"),
    (["qujing.living_allowance"], "曲政办发〔2019〕112号"),
    (["training_days"], "training_days"),
])
def test_kb_show_one(arguments, expected):
    assert expected in wenbu("kb", "show", *arguments).stdout


def test_kb_show_every_answer_and_clause():
    from api.cli.listing import describe

    kb = policies_kb.load_knowledge_base()
    for name in kb.answers_by_id:
        assert describe(kb, name, None)
    for document in kb.documents.values():
        for clause in document.clauses:
            assert describe(kb, document.id, clause)


@pytest.mark.parametrize("arguments", [["nowhere"], ["qujing-2019-112", "九十九"], ["qujing", "十八"]])
def test_kb_show_unknown_is_one_line(arguments):
    result = wenbu("kb", "show", *arguments)
    assert result.exit_code == 1
    assert result.stderr.startswith("错误:")
    assert result.stderr.count("\n") == 1


def test_broken_knowledge_base_is_told_by_place(monkeypatch):
    def broken():
        raise policies_kb.KnowledgeBaseError([policies_kb.Problem("qujing/region.yml", 3, "没有代码")])

    monkeypatch.setattr(policies_kb, "load_knowledge_base", broken)
    result = wenbu("ask", "生活费多少")
    assert result.exit_code == 1
    assert "qujing/region.yml:3: 没有代码" in result.stderr


def test_ask_answers_with_the_source():
    result = wenbu("ask", "培训期间生活费一天多少钱", "--region", "qujing")
    assert result.exit_code == 0
    assert f"{PER_DAY}元" in result.stdout
    assert "曲政办发〔2019〕112号" in result.stdout


def test_ask_refuses_an_unknown_region():
    result = wenbu("ask", "生活费多少", "--region", "atlantis")
    assert result.exit_code == 1
    assert "qujing" in result.stderr


def test_eligibility_prints_the_response_of_the_contract(tmp_path):
    result = eligibility(tmp_path, FACTS, "--benefit", "qujing.living_allowance")
    assert result.exit_code == 0
    body = json.loads(result.stdout)
    assert [each["benefit"] for each in body["results"]] == ["qujing.living_allowance"]
    assert body["results"][0]["amount"]["value"] == money("qujing-2019-112", "living_per_day*40")
    assert len(json.loads(eligibility(tmp_path, FACTS).stdout)["results"]) > 1


@pytest.mark.parametrize(("content", "expected"), [
    ("{", "JSON"),
    ("[]", "JSON 对象"),
    ({"facts": {}}, "region"),
    (FACTS | {"as_of": "6月1日"}, "as_of"),
    (FACTS | {"facts": {"training_days": -1}}, "training_days"),
    (FACTS | {"facts": {"no_such_fact": 1}}, "no_such_fact"),
])
def test_eligibility_names_what_is_wrong(tmp_path, content, expected):
    result = eligibility(tmp_path, content)
    assert result.exit_code == 1
    assert expected in result.stderr
    assert result.stdout == ""


def test_eligibility_without_the_file(tmp_path):
    assert "读不了" in wenbu("eligibility", "--facts", str(tmp_path / "none.json")).stderr


def test_import_document_without_the_file(tmp_path):
    assert "没有文件" in wenbu("import-document", str(tmp_path / "none.txt")).stderr


def test_import_document_refuses_what_is_no_official_text(tmp_path, monkeypatch):
    monkeypatch.setenv("WENBU_DATA_DIR", str(tmp_path / "var"))
    file = tmp_path / "note.txt"
    file.write_text("今天天气不错。\n", encoding="utf-8")
    result = wenbu("import-document", str(file))
    assert result.exit_code == 1
    assert result.stderr.startswith("错误:")


def test_import_document_takes_the_official_texts(official_texts, tmp_path, monkeypatch):
    monkeypatch.setenv("WENBU_DATA_DIR", str(tmp_path))
    file = sorted(official_texts.glob("*.txt"))[0]
    assert wenbu("import-document", str(file)).exit_code == 0


def test_serve_says_which_port_is_taken():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        result = runner.invoke(app, ["serve"], env={"WENBU_PORT": port})
    assert result.exit_code == 1
    assert f"端口 {port} 已被占用" in result.stderr


def test_serve_says_which_variable_is_wrong():
    result = runner.invoke(app, ["serve"], env={"WENBU_PORT": "many"})
    assert result.exit_code == 1
    assert "WENBU_PORT=many" in result.stderr
    assert result.stderr.count("\n") == 1


def test_serve_says_which_variable_of_the_official_account_is_wrong():
    for name, value, allowed in (("AES_KEY", "short", "43"), ("PASSIVE_SECONDS", "5", "小于 5"), ("TOKEN", "a b", "3 到 32")):
        result = runner.invoke(app, ["serve"], env={f"WENBU_WECHAT_{name}": value})
        assert result.exit_code == 1
        assert f"WENBU_WECHAT_{name}" in result.stderr
        assert allowed in result.stderr
        assert result.stderr.count("\n") == 1


def test_serve_says_when_the_database_cannot_be_opened(free_port, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    environment = {"WENBU_PORT": str(free_port()), "WENBU_DATABASE_URL": f"sqlite:///{blocked}/wenbu.db",
                   # both elsewhere: nothing is trained or started for this test
                   "WENBU_RASA_URL": "http://127.0.0.1:9", "WENBU_ACTIONS_URL": "http://127.0.0.1:9"}
    result = runner.invoke(app, ["serve"], env=environment)
    assert result.exit_code == 1
    assert "WENBU_DATABASE_URL" in result.stderr
