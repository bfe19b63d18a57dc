"""scripts/environments.py: what is current is left alone, and what is missing is one line."""

import importlib.util

import pytest


@pytest.fixture
def environments(project_root, tmp_path, monkeypatch):
    """The script as a module, working in an empty folder with locks of its own."""
    spec = importlib.util.spec_from_file_location("environments", project_root / "scripts/environments.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    locks = tmp_path / "requirements"
    locks.mkdir()
    for name in ("app.txt", "dev.txt", "bot.txt", "uv.txt"):
        (locks / name).write_text(name)
    (tmp_path / "pyproject.toml").write_text("")
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "LOCKS", locks)
    monkeypatch.setattr(module, "UV_HOME", tmp_path / ".venv-uv")
    module.commands = []
    monkeypatch.setattr(module, "run", lambda command, failure: _pretend(module, command))
    monkeypatch.setattr(module, "find_python", lambda version: f"python{version}")
    return module


def _pretend(module, command):
    """Note the command; `uv venv` leaves what an environment is known by."""
    command = [str(part) for part in command]
    module.commands.append(command)
    if "venv" in command:
        home = module.Path(command[-1])
        (home / "bin").mkdir(parents=True)
        (home / "bin/python").write_text("")
        (home / "pyvenv.cfg").write_text("version_info = 3.13.0\n")


def test_made_once_and_again_only_when_the_lock_changes(environments):
    environments.make_environment(".venv", "3.13", ["app.txt"], link=True)
    assert [("venv" in each, "sync" in each, "--editable" in each) for each in environments.commands] == [
        (True, False, False), (False, True, False), (False, False, True)]
    assert "--require-hashes" in environments.commands[1]

    environments.make_environment(".venv", "3.13", ["app.txt"], link=True)
    assert len(environments.commands) == 3

    (environments.LOCKS / "app.txt").write_text("newer")
    environments.make_environment(".venv", "3.13", ["app.txt"], link=True)
    # kept and brought up to date, not made anew
    assert len(environments.commands) == 5


def test_a_failed_installation_does_not_pass_for_a_finished_one(environments, monkeypatch):
    environments.make_environment(".venv", "3.13", ["app.txt"])
    old = (environments.LOCKS / "app.txt").read_text()
    (environments.LOCKS / "app.txt").write_text("newer")
    pretend = environments.run

    def fail(command, failure):
        raise environments.SetupFailed(failure)

    monkeypatch.setattr(environments, "run", fail)
    with pytest.raises(environments.SetupFailed, match="依赖失败"):
        environments.make_environment(".venv", "3.13", ["app.txt"])
    monkeypatch.setattr(environments, "run", pretend)
    (environments.LOCKS / "app.txt").write_text(old)
    done = len(environments.commands)
    environments.make_environment(".venv", "3.13", ["app.txt"])
    assert len(environments.commands) > done


def test_plain_setup_keeps_the_test_tools(environments):
    assert not environments.has_dev_tools()
    environments.make_environment(".venv", "3.13", ["app.txt", "dev.txt"])
    assert environments.has_dev_tools()


def test_missing_python_is_one_line_in_two_languages(environments, monkeypatch, capsys):
    def missing(version):
        raise environments.SetupFailed(f"缺少 Python {version}:…… / Python {version} is missing")

    monkeypatch.setattr(environments, "find_python", missing)
    assert environments.main([]) == 1
    assert capsys.readouterr().err == "错误:缺少 Python 3.13:…… / Python 3.13 is missing\n"


def test_no_lock_names_a_host_or_a_folder(project_root):
    for lock in (project_root / "requirements").glob("*.txt"):
        lines = lock.read_text().splitlines()
        assert not [line for line in lines if "://" in line or "file:" in line or line.startswith("-")]
        assert sum("--hash=sha256:" in line for line in lines) > len([line for line in lines if "==" in line]) / 2
