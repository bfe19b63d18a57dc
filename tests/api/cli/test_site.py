"""`wenbu site …` as an operator types it."""

import re

import pytest
from typer.testing import CliRunner

from api.cli import app

runner = CliRunner()


@pytest.fixture(autouse=True)
def database(tmp_path, monkeypatch):
    monkeypatch.setenv("WENBU_DATA_DIR", str(tmp_path))


def wenbu(*arguments):
    result = runner.invoke(app, list(arguments))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def test_a_site_is_added_listed_and_removed(monkeypatch):
    monkeypatch.setenv("WENBU_PUBLIC_URL", "https://wenbu.example/")
    added = wenbu("site", "add", "曲靖人社", "--origin", "https://a.example", "--origin", "https://b.example:8443")
    assert added.exit_code == 0
    key = re.search(r'data-site-key="(\w{24})"', added.stdout)[1]
    assert f'<script src="https://wenbu.example/widget.js" data-site-key="{key}" async></script>' in added.stdout
    listed = wenbu("site", "list").stdout
    assert all(word in listed for word in (key, "曲靖人社", "https://a.example", "https://b.example:8443"))
    assert wenbu("site", "remove", key).exit_code == 0
    assert key not in wenbu("site", "list").stdout
    again = wenbu("site", "remove", key)
    assert again.exit_code == 1
    assert key in again.stderr


@pytest.mark.parametrize(("typed", "stored"), [
    ("https://A.Example/", "https://a.example"), ("https://a.example:443", "https://a.example"),
    ("http://a.example:80", "http://a.example"), ("http://a.example:8080", "http://a.example:8080"),
    ("http://[::1]:5000", "http://[::1]:5000"), ("https://政策.example", "https://xn--5bvr50c.example"),
])
def test_an_origin_is_kept_as_browsers_write_it(typed, stored):
    assert f"允许的来源 {stored}\n" in wenbu("site", "add", "甲", "--origin", typed).stdout


@pytest.mark.parametrize("typed", ["a.example", "*", "https://*.a.example", "https://a.example/page", "https://a.example?x=1", "null",
                                   "ftp://a.example", "https://", "https://a.example:99999", "https://user@a.example", ""])
def test_what_is_no_origin_is_refused(typed):
    result = wenbu("site", "add", "甲", "--origin", typed)
    assert result.exit_code == 1
    assert "来源" in result.stderr
    assert "还没有" in wenbu("site", "list").stdout


def test_a_site_without_a_name_is_refused():
    assert wenbu("site", "add", " ", "--origin", "https://a.example").exit_code == 1


def test_a_database_that_cannot_be_opened_is_one_line(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("WENBU_DATA_DIR", str(tmp_path / "file"))
    result = wenbu("site", "list")
    assert result.exit_code == 1
    assert "WENBU_DATABASE_URL" in result.stderr


def test_a_setting_that_will_not_do_is_named(monkeypatch):
    monkeypatch.setenv("WENBU_OFFICE_HOURS", "immer")
    result = wenbu("site", "list")
    assert result.exit_code == 1
    assert "WENBU_OFFICE_HOURS=immer" in result.stderr
    assert "看不懂" in result.stderr
