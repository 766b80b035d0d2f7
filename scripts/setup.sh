#!/usr/bin/env bash
# Installs what is missing, by name, from Debian. Given are Rust (rustup) and Node.js with npm.
set -euo pipefail
cd "$(dirname "$0")/.."
what="${1:-run}"

need() { command -v "$1" >/dev/null 2>&1; }

for tool in cargo npm; do
  if ! need "$tool"; then
    echo "缺少 $tool：请先安装 Rust（rustup，1.95 或更新）和 Node.js（20 或更新，带 npm）。" >&2
    exit 1
  fi
done

missing=()
need cc || missing+=(build-essential)
if [ "$what" = test ]; then
  need psql && ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing+=(postgresql)
  need pdftotext || missing+=(poppler-utils)
  need qpdf || missing+=(qpdf)
  need openssl || missing+=(openssl)
  python3 -c 'import ensurepip, venv' 2>/dev/null || missing+=(python3-venv)
  need setpriv || missing+=(util-linux)
  need chromium || missing+=(chromium)
  fc-list :lang=zh 2>/dev/null | grep -q . || missing+=(fontconfig fonts-noto-cjk)
fi
if [ ${#missing[@]} -gt 0 ]; then
  echo "==> 安装系统软件包：${missing[*]}"
  if [ "$(id -u)" = 0 ]; then
    elevate=()
  elif need sudo; then
    elevate=(sudo)
  else
    echo "没有管理员权限。请让管理员执行：apt-get install ${missing[*]}" >&2
    exit 1
  fi
  "${elevate[@]}" apt-get update -qq
  DEBIAN_FRONTEND=noninteractive "${elevate[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}"
fi

if [ "$what" = test ] && ! cargo nextest --version >/dev/null 2>&1; then
  echo "==> 安装 cargo-nextest"
  cargo install cargo-nextest --locked --version 0.9.143
fi

# Independent programs that check our signatures and documents; without them their tests say that they were skipped.
if [ "$what" = test ]; then
  peers=tests/peers
  if ! cmp -s "$peers/requirements.txt" "$peers/.venv/installed.txt"; then
    echo "==> 安装用于互验的独立程序（PyPI）"
    if python3 -m venv "$peers/.venv" && "$peers/.venv/bin/pip" install -q --disable-pip-version-check -r "$peers/requirements.txt"; then
      cp "$peers/requirements.txt" "$peers/.venv/installed.txt"
    else
      echo "没有装上，相关互验测试会说明已跳过。" >&2
    fi
  fi
  if [ ! -d "$peers/node_modules/sm-crypto" ]; then
    (cd "$peers" && npm ci --ignore-scripts --no-audit --no-fund --silent) || echo "没有装上 sm-crypto，相关互验测试会说明已跳过。" >&2
  fi
fi
