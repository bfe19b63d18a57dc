"""``python -m bot.train [--force]``: generate from the knowledge base, then train the Rasa model; nothing to do if no input changed."""

from __future__ import annotations

import argparse
import hashlib
import logging
import os
import sys
import time
from pathlib import Path

from bot.quiet import hush
from policies_kb import KnowledgeBaseError, load_knowledge_base

ROOT = Path(__file__).resolve().parent.parent
MODELS = ROOT / "models"
MODEL = MODELS / "wenbu.tar.gz"
STAMP = MODELS / "wenbu.fingerprint"
# What a model is made from. Generated files are not among them: they follow from the knowledge base and generate.py.
INPUTS = (
    "config.yml", "requirements/bot.txt", "data/nlu/*.yml", "bot/domain/*.yml", "bot/rules/*.yml", "bot/generate.py",
    "bot/components/*.py", "policies_kb/text.py",
)


class TrainingFailed(Exception):
    """Why there is no new model: one line for the person who trains."""


def fingerprint(root: Path = ROOT) -> str:
    """Hash over the knowledge base and every file that a model is made from."""
    digest = hashlib.sha256(load_knowledge_base().version.encode())
    for pattern in INPUTS:
        for path in sorted(root.glob(pattern)):
            digest.update(f"\0{path.relative_to(root)}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def is_current() -> bool:
    """Whether the model on disk was made from the inputs as they are now."""
    return MODEL.is_file() and STAMP.is_file() and STAMP.read_text().strip() == fingerprint()


def train() -> None:
    """Generate and train. Raises TrainingFailed."""
    from bot.generate import write_all

    step("由知识库生成词典、槽位、规则与问法")
    write_all(load_knowledge_base())
    wanted = fingerprint()
    step("训练(约一分钟)")
    # Rasa takes seconds to import: only when there is something to train
    from rasa.model_training import train as rasa_train
    from rasa.utils.log_utils import configure_structlog

    logging.basicConfig(level=logging.WARNING, format="       %(message)s")
    logging.getLogger("rasa.engine.training.hooks").setLevel(logging.INFO)  # one line per component begun and done
    configure_structlog(logging.WARNING)
    MODELS.mkdir(exist_ok=True)
    STAMP.unlink(missing_ok=True)  # whatever breaks off from here on leaves no model that counts as current
    try:
        result = rasa_train(
            domain="bot/domain", config="config.yml", training_files=["data/nlu", "bot/rules"], output=str(MODELS),
            force_training=True, fixed_model_name="wenbu",
        )
    except SystemExit as error:  # Rasa's own way of giving up, after printing why
        raise TrainingFailed("Rasa 中止了训练,原因见上面几行") from error
    except Exception as error:
        raise TrainingFailed(f"{type(error).__name__}: {error}") from error
    if result.code != 0 or not result.model:
        raise TrainingFailed("Rasa 没有交出模型,原因见上面几行")
    STAMP.write_text(wanted + "\n")


def step(message: str) -> None:
    """One line of progress."""
    print(f"[训练] {message}", flush=True)


def main(arguments: list[str] | None = None) -> int:
    """The command. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bot.train", description="训练问补的 Rasa 模型")
    parser.add_argument("--force", action="store_true", help="输入没有变也重新训练")
    options = parser.parse_args(arguments)
    hush()
    os.environ.setdefault("LOG_LEVEL", "WARNING")  # no progress bars of inner loops: thousands of carriage returns in a log
    os.chdir(ROOT)  # config.yml names folders and components relative to the project
    started = time.monotonic()
    try:
        if not options.force and is_current():
            step("模型是最新的,不用再训练")
            return 0
        train()
    except KnowledgeBaseError as error:
        print(f"[训练] 失败:知识库有误,先运行 wenbu kb check。第一处:{error.problems[0]}", file=sys.stderr)
        return 1
    except TrainingFailed as error:
        print(f"[训练] 失败:{error}", file=sys.stderr)
        return 1
    step(f"完成,用时 {time.monotonic() - started:.0f} 秒:{MODEL.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
