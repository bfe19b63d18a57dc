#!/bin/sh
# All checks and tests, the quick ones first. Everything runs even if something failed, so that one run shows all.
set -u
cd "$(dirname "$0")/.."
failed=""

# run_tests PYTHON MARKERS FOLDER…: folders that do not exist and folders without a test are no failure.
run_tests() {
    python=$1; markers=$2; shift 2
    folders=""
    for folder in "$@"; do [ -e "$folder" ] && folders="$folders $folder"; done
    [ -n "$folders" ] || return 0
    echo "== $folders"
    "$python" -m pytest -q -m "$markers" $folders
    code=$?
    [ $code = 0 ] || [ $code = 5 ] || failed="$failed$folders"
}

echo "== 代码和知识库检查"
sh scripts/lint.sh || failed="$failed lint"

run_tests .venv/bin/python "not model" tests/policies_kb tests/actions tests/api tests/eval tests/test_readme.py

echo "== 网页的单元测试"
.venv/bin/python scripts/web.py --run vitest/vitest.mjs run --reporter=dot || failed="$failed web"

echo "== 对话模型"
if .venv/bin/wenbu train; then trained=yes; else trained=; failed="$failed train"; fi
# some of these need what training generates from the knowledge base, and read it with Rasa's Python
run_tests .venv-bot/bin/python "" tests/bot
[ -z "$trained" ] || run_tests .venv/bin/python "" tests/conversations tests/browser tests/api/cli/test_whole.py

if [ -n "$failed" ]; then
    echo "没有通过:$failed" >&2
    exit 1
fi
echo "全部通过。"
