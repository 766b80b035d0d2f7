#!/usr/bin/env bash
# Installs what is missing, by name, from Debian. Given are Rust (rustup) and Node.js with npm.
set -euo pipefail
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
