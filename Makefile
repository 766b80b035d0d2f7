# `make run` and `make test` do all set-up themselves; see README.md.
SHELL := /bin/bash
.DEFAULT_GOAL := help
WEB_STAMP := web/dist/.built
WEB_SOURCES := $(shell find web/src web/styles web/scripts web/public -type f 2>/dev/null) web/package.json web/package-lock.json web/vite.config.js

help: ## What can be done here
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 12

run: setup web ## Sets everything up and starts the Guilin demonstration
	@echo "==> 编译（首次需要十几分钟，之后只需几秒）"
	cargo build --locked -p tongban
	cargo run --locked -q -p tongban -- serve --demo

test: setup-test web ## Sets everything up for the tests and runs them
	@./scripts/test.sh

bench: setup-test web ## Measures the main job beside the raw limit of each engine
	@./scripts/bench.sh

lint: web ## Formatting-independent checks
	cargo clippy --workspace --all-targets --locked -- -D warnings

web: $(WEB_STAMP) ## Builds the look of the pages

$(WEB_STAMP): $(WEB_SOURCES)
	@echo "==> 构建页面样式、脚本和公文字体"
	cd web && npm ci --ignore-scripts --no-audit --no-fund && npm run build
	@touch $@

setup:
	@./scripts/setup.sh run

setup-test:
	@./scripts/setup.sh test

clean: ## Removes what was built
	cargo clean
	rm -rf web/dist web/node_modules

.PHONY: help run test bench lint web setup setup-test clean
