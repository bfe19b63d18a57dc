# 问补:make help 列出全部目标。
.DEFAULT_GOAL := help
.PHONY: help setup setup-dev web train run test bench eval lint lock clean

# Any Python that can make environments will do here: it only fetches uv, which then finds 3.13 and 3.10.
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11 python3.10 /usr/bin/python3; do \
	$$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 8))' 2>/dev/null && echo $$python && break; done)
WENBU := .venv/bin/wenbu

help: ## 列出全部目标
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

setup: ## 建好两个 Python 环境和网页(没有改动就什么也不做)
	@$(call script,environments.py)
	@$(call script,web.py)

setup-dev: ## 同上,外加测试和检查用的工具
	@$(call script,environments.py --dev)
	@$(call script,web.py --dev)

web: ## 只构建网页(没有改动就什么也不做)
	@$(call script,web.py)

train: setup ## 数据或配置有改动时训练对话模型
	@$(WENBU) train

run: setup ## 一条命令启动全部服务并给出网址,Ctrl-C 停止
	@exec $(WENBU) serve

test: setup-dev ## 从零开始跑完全部检查和测试
	@sh scripts/chromium.sh
	@sh scripts/test.sh

bench: setup-dev train ## 速度:各项与对照并列
	@for file in bench/[a-z]*.py; do .venv/bin/python -m bench.$$(basename $$file .py) || exit 1; done

eval: setup-dev train ## 回答质量:对没训练过的问句计分
	@.venv/bin/python -m tests.eval

lint: setup-dev ## 只做代码和知识库检查,不跑测试
	@sh scripts/lint.sh

lock: setup ## requirements/*.in 改过之后重新锁定版本
	@sh scripts/lock.sh

clean: ## 删除环境、模型和缓存;数据库 var/ 保留
	@rm -rf .venv .venv-uv .venv-bot .venv-node .rasa models .pytest_cache .ruff_cache .import_linter_cache .hypothesis web/dist web/node_modules
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

script = $(if $(PYTHON),$(PYTHON) scripts/$(1),\
	{ echo "错误:没有可用的 python3(需 3.8 以上并带 venv)。请先安装,如 apt-get install python3-venv。" >&2; exit 1; })
