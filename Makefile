# Every command here sets up what it needs. `make check` and `make test` share one debug build.
export SKVM_STRICT = 1

SWIFT ?= swift
PREFIX ?= /usr/local
DESTDIR ?=
BINARY = .build/release/skvm
# An incremental build accepts an import that Package.swift does not declare; this refuses it.
DEBUG = --explicit-target-dependency-import-check error
# Generic code of one module is specialised in the others.
OPTIMISE = -Xswiftc -cross-module-optimization

.PHONY: setup build demo test test-all check rules lint fuzz bench corpus docs install clean
.DEFAULT_GOAL := build

setup:
	@Scripts/setup.sh test

build:
	@Scripts/setup.sh build
	$(SWIFT) build -c release --static-swift-stdlib $(OPTIMISE) --product skvm

demo: build
	@Scripts/demo.sh $(CURDIR)/$(BINARY)

test: setup
	$(SWIFT) build --build-tests $(DEBUG)
	$(SWIFT) test --skip-build --disable-xctest

# With every point at which the kill and network matrices can break off, not a sample of them: a quarter of an hour and more.
test-all: export SKVM_FULL_MATRIX = 1
test-all: test

check: setup lint docs
	@shellcheck Scripts/*.sh Fuzzing/*.sh .ci/run registry/skills/*/scripts/*.sh
	@Scripts/check-house.py
	@registry/tools/make-index.py --check
	$(SWIFT) build --build-tests $(DEBUG)
	$(SWIFT) test --skip-build --disable-xctest --filter RuleExampleTests

# docs/rules.md is made from the rules; `make check` and `make test` fail when it is stale.
rules: setup
	SKVM_WRITE_RULES=1 SKVM_TESTS=Passes $(SWIFT) test --disable-xctest --filter RuleExampleTests

# Looks for inputs that break parsing or a pass; TIME is seconds a target.
TIME ?= 60
fuzz: setup
	@Fuzzing/fuzz.sh $(TIME)

lint:
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests Fuzzing

bench: build
	@Benchmarks/bench.py --skvm $(CURDIR)/$(BINARY)
	@Benchmarks/fetch-cost.sh
	@Benchmarks/registries.py --skvm $(CURDIR)/$(BINARY)
	@Benchmarks/installers.py --skvm $(CURDIR)/$(BINARY)

# What the static engine makes of a folder of skills, for every profile.
CORPUS ?= ../shared/corpus
corpus: build
	@Benchmarks/corpus.py --skvm $(CURDIR)/$(BINARY) --corpus $(CORPUS) --write docs/compiler.md

# The documentation is Markdown: what can break in it are links and anchors.
docs:
	@registry/skills/link-check/scripts/links.py README.md CONTRIBUTING.md docs registry/README.md

install: build
	install -d "$(DESTDIR)$(PREFIX)/bin"
	install -s -m 755 $(BINARY) "$(DESTDIR)$(PREFIX)/bin/skvm"

clean:
	rm -rf .build
