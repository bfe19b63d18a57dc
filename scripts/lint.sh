#!/bin/sh
# Style, the arrows between the packages, the types of the web sources, and the knowledge base.
set -u
cd "$(dirname "$0")/.."
code=0

.venv/bin/ruff check . || code=1
.venv/bin/lint-imports --no-logo || code=1
.venv/bin/python scripts/web.py --run typescript/bin/tsc --noEmit || code=1
.venv/bin/wenbu kb check || code=1
exit $code
