#!/usr/bin/env bash
# Measures the main job, processes, decisions, forms and the pages, on SQLite and on a PostgreSQL server of its own with fsync on.
set -euo pipefail
cd "$(dirname "$0")/.."
profile="${PROFILE:-release}"
cases="${CASES:-200}"
flag=(); folder=debug
if [ "$profile" = release ]; then flag=(--release); folder=release; fi
cargo build --locked -q "${flag[@]}" -p tongban
binary="${CARGO_TARGET_DIR:-target}/$folder/tongban"
work=$(mktemp -d); chmod 755 "$work"
as=()
if [ "$(id -u)" = 0 ]; then as=(setpriv --reuid=postgres --regid=postgres --init-groups); chown postgres "$work"; fi
bin=$(ls -d /usr/lib/postgresql/*/bin | tail -n 1)
stop() { "${as[@]}" "$bin/pg_ctl" -D "$work/pg" -m fast stop >/dev/null 2>&1 || true; rm -rf "$work" "${data:-}"; }
trap stop EXIT
(cd / && "${as[@]}" "$bin/initdb" -D "$work/pg" -U postgres -A trust -E UTF8 --locale=C.UTF-8 >/dev/null)
(cd / && "${as[@]}" "$bin/pg_ctl" -D "$work/pg" -l "$work/pg.log" -w -o "-p 54330 -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=100" start >/dev/null)
"$bin/psql" -q -c "CREATE DATABASE bench" postgres://postgres@127.0.0.1:54330/postgres
sqlite=$(mktemp -d); pgdata=$(mktemp -d)
echo "machine: $(nproc) cores, $(awk '/MemTotal/{printf "%.0f GiB", $2/1048576}' /proc/meminfo), profile $profile"
echo
echo "| engine | cases | cases/s | its commits/s | bare commits/s | ratio |"
echo "|---|---|---|---|---|---|"
TONGBAN_LOG=error "$binary" --data-dir "$sqlite" bench --cases "$cases" | grep '^|'
TONGBAN_LOG=error "$binary" --data-dir "$pgdata" --database postgres://postgres@127.0.0.1:54330/bench bench --cases "$cases" | grep '^|'
rm -rf "$sqlite" "$pgdata"
sqlite=$(mktemp -d); pgdata=$(mktemp -d)
"$bin/psql" -q -c "CREATE DATABASE flows" postgres://postgres@127.0.0.1:54330/postgres
echo
echo "| engine | instances | instances/s | its commits/s | bare commits/s | ratio |"
echo "|---|---|---|---|---|---|"
TONGBAN_LOG=error "$binary" --data-dir "$sqlite" bench flows | grep '^|'
TONGBAN_LOG=error "$binary" --data-dir "$pgdata" --database postgres://postgres@127.0.0.1:54330/flows bench flows | grep '^|'
rm -rf "$sqlite" "$pgdata"
sqlite=$(mktemp -d); pgdata=$(mktemp -d)
"$bin/psql" -q -c "CREATE DATABASE waiting" postgres://postgres@127.0.0.1:54330/postgres
echo
echo "| engine | waiting | µs a step | waiting | µs a step | grows by |"
echo "|---|---|---|---|---|---|"
many="${WAITING:-1000000}"
TONGBAN_LOG=error "$binary" --data-dir "$sqlite" bench waiting --many "$many" | grep '^|'
TONGBAN_LOG=error "$binary" --data-dir "$pgdata" --database postgres://postgres@127.0.0.1:54330/waiting bench waiting --many "$many" | grep '^|'
"$bin/psql" -q -c "DROP DATABASE waiting" postgres://postgres@127.0.0.1:54330/postgres
rm -rf "$sqlite" "$pgdata"
data=$(mktemp -d)
echo
echo "| a table of 20 rules | decisions/s |"
echo "|---|---|"
TONGBAN_LOG=error "$binary" --data-dir "$data" bench decisions | grep '^|'
echo
echo "| a form | µs |"
echo "|---|---|"
TONGBAN_LOG=error "$binary" --data-dir "$data" bench forms | grep '^|'
rm -rf "$data"; data=$(mktemp -d)
echo
echo "| signatures and documents | per second | openssl speed |"
echo "|---|---|---|"
TONGBAN_LOG=error "$binary" --data-dir "$data" bench documents | grep '^|'
rm -rf "$data"
[ "${PAGES:-yes}" = no ] && exit 0
# Pages: one engine after the other, and the data of each removed before the next, so that the disk holds one at a time.
scale=(--items "${ITEMS:-200000}" --cases "${PAGE_CASES:-1000000}")
echo
echo "| engine | page | requests/s at 1 % | p50 ms | p99 ms | requests/s in full | p50 ms | p99 ms | p50 grows by |"
echo "|---|---|---|---|---|---|---|---|---|"
data=$(mktemp -d)
TONGBAN_LOG=error "$binary" --data-dir "$data" bench pages "${scale[@]}" | grep '^|'
rm -rf "$data"; data=$(mktemp -d)
"$bin/psql" -q -c "CREATE DATABASE pages" postgres://postgres@127.0.0.1:54330/postgres
TONGBAN_LOG=error "$binary" --data-dir "$data" --database postgres://postgres@127.0.0.1:54330/pages bench pages "${scale[@]}" | grep '^|'
rm -rf "$data"
