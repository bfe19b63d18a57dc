#!/bin/sh
# Locks requirements/*.in anew, against the public package index and nothing else: settings of this machine (extra
# indexes, folders with wheels) must not get into the locks. `scripts/lock.sh --upgrade` takes newer versions.
set -eu
cd "$(dirname "$0")/.."

lock() {
    version=$1; name=$2; shift 2
    env -u UV_INDEX -u UV_DEFAULT_INDEX -u UV_INDEX_URL -u UV_EXTRA_INDEX_URL -u UV_FIND_LINKS \
        .venv-uv/bin/uv --no-config pip compile --quiet --universal --python-version "$version" --generate-hashes \
        --no-emit-index-url --no-emit-find-links --no-header --no-annotate "$@" \
        "requirements/$name.in" --output-file "requirements/$name.txt"
}

lock 3.8 uv "$@"
lock 3.8 node "$@"
lock 3.13 app "$@"
lock 3.13 dev "$@"
lock 3.10 bot "$@"

if grep -nE '://|file:' requirements/*.txt; then
    echo "错误:锁文件里不该有地址(见上)。" >&2
    exit 1
fi
