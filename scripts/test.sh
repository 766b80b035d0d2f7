#!/usr/bin/env bash
# All tests. The harness starts its own PostgreSQL; it is stopped here at the end.
set -euo pipefail
cd "$(dirname "$0")/.."

stop_postgres() {
  local data="${TMPDIR:-/tmp}/tongban-test-postgres/data" ctl
  ctl=$(ls -d /usr/lib/postgresql/*/bin/pg_ctl 2>/dev/null | tail -n 1 || true)
  if [ -n "$ctl" ] && [ -f "$data/postmaster.pid" ]; then
    if [ "$(id -u)" = 0 ]; then
      setpriv --reuid=postgres --regid=postgres --init-groups "$ctl" -D "$data" -m immediate stop >/dev/null 2>&1 || true
    else
      "$ctl" -D "$data" -m immediate stop >/dev/null 2>&1 || true
    fi
    rm -rf "${TMPDIR:-/tmp}/tongban-test-postgres"
  fi
}
trap stop_postgres EXIT

export PEERS_PYTHON="$PWD/tests/peers/.venv/bin/python" PEERS_NODE="$PWD/tests/peers"
[ -x "$PEERS_PYTHON" ] || unset PEERS_PYTHON

cargo nextest run --workspace --locked --no-fail-fast

echo "==> 浏览器中的办事过程（Chromium、axe-core；截图在 tests/artefacts）"
cargo build --locked -q -p tongban
cd tests/browser
npm ci --ignore-scripts --no-audit --no-fund --silent
npm test
