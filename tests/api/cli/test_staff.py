"""`wenbu staff …` as an operator types it."""

import asyncio
import sqlite3

import pytest
from typer.testing import CliRunner

from api.cli import app
from api.services import passwords

runner = CliRunner()
PASSWORD = "一个够长的口令 123"


@pytest.fixture(autouse=True)
def database(tmp_path, monkeypatch):
    monkeypatch.setenv("WENBU_DATA_DIR", str(tmp_path))
    return tmp_path / "wenbu.db"


def wenbu(*arguments, typed=None):
    result = runner.invoke(app, list(arguments), input=typed)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def add(name="wang", password=PASSWORD):
    return wenbu("staff", "add", name, "--password-stdin", typed=f"{password}\n")


def test_a_member_is_added_with_a_hash(database):
    assert add().exit_code == 0
    with sqlite3.connect(database) as connection:
        ((stored,),) = connection.execute("SELECT password_hash FROM staff").fetchall()
    assert stored.startswith("$argon2id$")
    assert asyncio.run(passwords.matches(PASSWORD, stored))
    assert not asyncio.run(passwords.matches(PASSWORD + "x", stored))


def test_the_password_is_asked_for_twice_and_not_shown():
    result = wenbu("staff", "add", "wang", typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert result.exit_code == 0
    assert PASSWORD not in result.stdout
    assert wenbu("staff", "add", "li", typed=f"{PASSWORD}\nother\n").exit_code != 0


@pytest.mark.parametrize(("password", "why"), [("123456789", "10"), ("", "10"), ("aaaaaaaaaaaa", "简单"), ("x" * 199 + "yz!", "200"),
                                               ("wang-wang-wang", "名字")])
def test_a_weak_password_is_refused(password, why):
    result = add(password=password)
    assert result.exit_code == 1
    assert why in result.stderr
    assert "还没有" in wenbu("staff", "list").stdout


def test_a_name_is_taken_once():
    add()
    again = add()
    assert again.exit_code == 1
    assert "已经有" in again.stderr


@pytest.mark.parametrize("name", ["", "  ", "x" * 65, "a\nb"])
def test_a_name_must_be_one(name):
    assert add(name).exit_code == 1


def test_who_is_disabled_has_no_session_and_no_case_left_and_can_come_back(database):
    add()
    with sqlite3.connect(database) as connection:
        connection.execute("INSERT INTO staff_sessions VALUES ('t', 1, '2026-01-01', '2026-01-01', '2126-01-01')")
        connection.execute("INSERT INTO conversations (id, sender_key, created_at, updated_at, context, context_heard) "
                           "VALUES ('c', 'k', '2026-01-01', '2026-01-01', '{}', 0)")
        connection.execute("INSERT INTO cases (conversation_id, channel, reason, status, opened_at, claimed_by, state) "
                           "VALUES ('c', 'web', 'asked', 'claimed', '2026-01-01', 1, '{}')")
    result = wenbu("staff", "disable", "wang")
    assert result.exit_code == 0
    assert "1 个会话" in result.stdout
    with sqlite3.connect(database) as connection:
        assert connection.execute("SELECT count(*) FROM staff_sessions").fetchone() == (0,)
        assert connection.execute("SELECT status, claimed_by FROM cases").fetchone() == ("waiting", None)
    assert "已停用" in wenbu("staff", "list").stdout
    assert add().exit_code == 0
    assert "在用" in wenbu("staff", "list").stdout


def test_who_is_not_there_cannot_be_disabled():
    result = wenbu("staff", "disable", "nobody")
    assert result.exit_code == 1
    assert "nobody" in result.stderr
