"""Makes the two Python environments from the locks; run by `make`, with any Python 3.8 or later.

    environments.py [--dev]     # --dev adds the tools for tests and checks to .venv

`.venv-uv` holds uv, `.venv` (3.13) the gateway, `.venv-bot` (3.10) Rasa. An environment is touched only if its lock
changed: the hash of what it was made from lies in it. uv looks at the same interpreters as the shell does, which with
pyenv needs .python-version; its versions folder is looked through as well, so that a shim that is off does no harm.
"""

import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ROOT / "requirements"
UV_HOME = ROOT / ".venv-uv"
UV = UV_HOME / "bin" / "uv"
STAMP = "wenbu-lock"


class SetupFailed(Exception):
    """Why the set-up cannot go on: one line for the person who runs it."""


def fingerprint(files, extra=""):
    """Hash of the contents of these files and of `extra`."""
    digest = hashlib.sha256(extra.encode())
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def is_current(home, wanted):
    """Whether the environment was made from what `wanted` stands for and its interpreter is still there."""
    stamp = home / STAMP
    return (home / "bin" / "python").exists() and stamp.is_file() and stamp.read_text().strip() == wanted


def run(command, failure):
    """Run quietly; on failure show what the tool said and raise SetupFailed(failure)."""
    done = subprocess.run([str(part) for part in command], cwd=ROOT, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode:
        sys.stderr.write(done.stdout.decode(errors="replace"))
        raise SetupFailed(failure)
    return done.stdout.decode().strip()


def make_uv():
    """uv from the package index, by pip, into an environment of its own."""
    wanted = fingerprint([LOCKS / "uv.txt"])
    if is_current(UV_HOME, wanted):
        return
    run([sys.executable, "-m", "venv", "--clear", UV_HOME],
        "建不了虚拟环境 .venv-uv:请装好 python3 的 venv 模块(Debian/Ubuntu:apt-get install python3-venv)。")
    run([UV_HOME / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
         "--require-hashes", "-r", LOCKS / "uv.txt"],
        "装不了 uv:请检查网络和 pip 的软件源设置(pip config list)。")
    (UV_HOME / STAMP).write_text(wanted)


def find_python(version):
    """Path of an interpreter of this minor version."""
    found = subprocess.run([str(UV), "python", "find", "--no-python-downloads", version], cwd=ROOT,
                           stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    if found.returncode == 0:
        return found.stdout.decode().strip()
    pyenv = Path(os.environ.get("PYENV_ROOT", str(Path.home() / ".pyenv"))) / "versions"
    # the newest patch release last: 3.10.13 after 3.10.9
    installed = sorted(pyenv.glob(version + ".*/bin/python"),
                       key=lambda path: [int(part) for part in path.parent.parent.name.split(".") if part.isdigit()])
    if installed:
        return str(installed[-1])
    raise SetupFailed(
        f"缺少 Python {version}:请先安装(pyenv install {version},或 .venv-uv/bin/uv python install {version}),再重新运行。"
        f"/ Python {version} is missing: install it with one of these, then run again.")


def has_version(home, version):
    """Whether there is a working environment of this Python version (a removed interpreter leaves a dead link)."""
    config = home / "pyvenv.cfg"
    return (home / "bin" / "python").exists() and config.is_file() and any(
        line.startswith("version") and line.split("=")[1].strip().startswith(version + ".")
        for line in config.read_text().splitlines())


def make_environment(name, version, locks, link=False):
    """Bring one environment to what its locks say; `link` also puts the project and the `wenbu` command in it."""
    home = ROOT / name
    files = [LOCKS / lock for lock in locks] + ([ROOT / "pyproject.toml"] if link else [])
    wanted = " ".join([version, *locks, fingerprint(files)])
    if is_current(home, wanted):
        return
    # from here on it is neither the old nor the new: a broken-off installation must not pass for one of them
    if (home / STAMP).exists():
        (home / STAMP).unlink()
    started = time.monotonic()
    print(f"正在准备 {name}(Python {version})……", flush=True)
    if not has_version(home, version):
        run([UV, "venv", "--quiet", "--clear", "--python", find_python(version), home],
            f"建不了虚拟环境 {name}。")
    run([UV, "pip", "sync", "--quiet", "--compile-bytecode", "--require-hashes", "--python", home,
         *[LOCKS / lock for lock in locks]],
        f"安装 {name} 的依赖失败:请检查网络和软件源设置;仍不行就先 make clean 再试。")
    if link:
        run([UV, "pip", "install", "--quiet", "--no-deps", "--python", home, "--editable", "."],
            "安装 wenbu 命令失败。")
    (home / STAMP).write_text(wanted)
    print(f"{name} 准备好了,用时 {time.monotonic() - started:.0f} 秒。", flush=True)


def has_dev_tools():
    """Whether .venv holds the test tools already: a plain set-up must not take them away again."""
    stamp = ROOT / ".venv" / STAMP
    return stamp.is_file() and "dev.txt" in stamp.read_text()


def main(arguments):
    """Make what is not up to date. Returns the exit code."""
    locks = ["app.txt", "dev.txt"] if "--dev" in arguments or has_dev_tools() else ["app.txt"]
    try:
        make_uv()
        make_environment(".venv", "3.13", locks, link=True)
        make_environment(".venv-bot", "3.10", ["bot.txt"])
    except SetupFailed as problem:
        print(f"错误:{problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("已中断,下次会接着准备。", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
