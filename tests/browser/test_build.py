"""How the pages are built: a lock that says nothing of this machine, and no work where nothing changed."""

import importlib.util
import json
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WEB = ROOT / "web"


@pytest.fixture(scope="module")
def build():
    """scripts/web.py as a module."""
    sys.path.insert(0, str(ROOT / "scripts"))
    try:
        spec = importlib.util.spec_from_file_location("web_build", ROOT / "scripts" / "web.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        yield module
    finally:
        sys.path.remove(str(ROOT / "scripts"))


def test_the_lock_names_versions_and_checksums_and_no_address():
    text = (WEB / "package-lock.json").read_text(encoding="utf-8")
    packages = {name: each for name, each in json.loads(text)["packages"].items() if name}
    assert packages and all(each["integrity"].startswith("sha512-") for each in packages.values())
    assert not any("resolved" in each for each in packages.values())
    # pages that ask for donations are no place to load from
    assert not re.search(r"registry|https?://", re.sub(r'"(?:url|funding)": "[^"]*"', "", text))
    assert "omit-lockfile-registry-resolved=true" in (WEB / ".npmrc").read_text(encoding="utf-8")
    assert "://" not in (ROOT / "requirements" / "node.txt").read_text(encoding="utf-8")


def test_the_lock_serves_other_machines_too():
    packages = json.loads((WEB / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    for name in ("rollup", "esbuild"):
        wanted = packages[f"node_modules/{name}"]["optionalDependencies"]
        assert [each for each in wanted if each != "fsevents" and f"node_modules/{each}" not in packages] == []


@pytest.mark.parametrize(("version", "good"), [
    ("v20.19.0", True), ("v20.18.3", False), ("v21.7.0", False), ("v22.11.0", False), ("v22.12.0", True), ("v24.1.0", True),
    ("v18.20.0", False), ("", False), ("node", False),
])
def test_which_node_is_new_enough(build, version, good):
    assert build.is_new_enough(version) is good


def test_nothing_is_done_when_nothing_changed(build, gateway, monkeypatch):
    def refuse(*_):
        raise AssertionError("there was nothing to do")

    monkeypatch.setattr(build, "system_node", refuse)
    monkeypatch.setattr(build, "run", refuse)
    assert build.main([]) == 0


def test_a_changed_source_is_built_anew(build, gateway, monkeypatch, tmp_path):
    source = tmp_path / "new.ts"
    source.write_text("export {};", encoding="utf-8")
    before = build.sources()
    monkeypatch.setattr(build, "WEB", tmp_path)
    monkeypatch.setattr(build, "sources", lambda: [source])
    built = []
    monkeypatch.setattr(build, "install", lambda *_: None)
    monkeypatch.setattr(build, "build", lambda *_: built.append("yes"))
    monkeypatch.setattr(build, "DIST", tmp_path)
    assert build.main([]) == 0
    assert build.main([]) == 0
    source.write_text("export { };", encoding="utf-8")
    assert build.main([]) == 0
    assert built == ["yes", "yes"]
    assert not any(".test." in file.name for file in before)


def test_why_it_cannot_be_built_is_said_in_chinese(build, monkeypatch, tmp_path, capfd):
    def fail(*_):
        raise build.SetupFailed("网页构建失败")

    monkeypatch.setattr(build, "DIST", tmp_path)
    monkeypatch.setattr(build, "system_node", lambda: None)
    monkeypatch.setattr(build, "packaged_node", fail)
    assert build.main([]) == 1
    assert capfd.readouterr().err.strip() == "错误:网页构建失败"
