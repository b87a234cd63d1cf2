# Every target is a few readable steps; what is longer is in tools/. Needs rustup, a C compiler and make; `test` also Node.js 20 and
# Python 3.11, `dist` Python 3.11.

# Cargo builds for this machine by name, as `.cargo/config.toml` says, and so its files are in a folder of that name. Nothing that a
# person has set for other projects may lead elsewhere.
export CARGO_TARGET_DIR := $(CURDIR)/target
unexport CARGO_BUILD_TARGET
release = target/$(shell rustc --print host-tuple)/release

.PHONY: help run test test-long watch dist bench tools bundle server clean

help:
	@echo "make run         build everything and serve http://127.0.0.1:3000"
	@echo "make test        what every change has to pass: checks and tests, in a browser too"
	@echo "make test-long   what takes long or is random; for before a release"
	@echo "make watch       serve, and build again whenever a file changes"
	@echo "make bench       how fast it is, each figure beside its limit; about ten minutes, and 4 GB in target/bench"
	@echo "make dist        one small, fast binary for other machines, in dist/, with what it is made of"

run: server
	@exec $(release)/roster serve

server: bundle
	@echo "3/3 The server (about 5 minutes the first time)"
	@cargo build --release --package server

bundle: tools
	@echo "2/3 The files for the browser (about 2 minutes the first time)"
	@$(release)/bundle

tools:
	@tools/prepare.sh
	@echo "1/3 The build tool (about 1 minute the first time)"
	@cargo build --release --package bundle

test:
	@tools/test.sh

test-long:
	@tools/test-long.sh

watch:
	@tools/prepare.sh && tools/watch.sh

dist: tools
	@tools/dist.sh

bench: server
	@cargo build --release --package bench
	@tools/bench.sh

clean:
	cargo clean
	rm -rf dist end2end/node_modules end2end/test-results end2end/pictures
