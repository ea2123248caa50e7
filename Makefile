# Weir's commands. `make help` lists them.
SWIFT ?= swift
READER ?= json
VENV := .venv

.PHONY: help demo test test-peers lint format bench eval rules build release check system fuzz clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 12

demo: system ## build, pull five sample hubs without a network, search, export, show the result
	@$(SWIFT) build --product weir && $(SWIFT) build --product sample-hub
	@./scripts/demo.sh

test: $(VENV)/.ready ## all tests
	@./scripts/system-packages.sh chromium
	@$(SWIFT) build --build-tests
	@$(SWIFT) test --skip-build

test-peers: system $(VENV)-peers/.ready ## the model formats against their heavy packages: torch, tensorflow and others (3 GB)
	@$(SWIFT) build --build-tests
	@$(SWIFT) test --skip-build --filter readersSayWhatTheHeavyPackagesSay

lint: ## formatting, import rules and repository rules
	@$(SWIFT) format lint --strict --recursive Package.swift Sources Tests Fuzzing/Package.swift Fuzzing/Sources
	@./scripts/check-rooms.sh

format: ## lay out the sources
	@$(SWIFT) format --in-place --recursive Package.swift Sources Tests Fuzzing/Package.swift Fuzzing/Sources

build: system ## debug build, warnings as errors
	@$(SWIFT) build -Xswiftc -warnings-as-errors

release: system ## optimised build: .build/release/weir
	@$(SWIFT) build -c release --product weir --static-swift-stdlib

check: lint test ## what CI runs

bench: release ## Weir beside its peers: RECORDS=100000 by default
	@./Benchmarks/run.sh
	@./Benchmarks/python.sh
	@./Benchmarks/formats.sh
	@./Benchmarks/snapshots.sh
	@./Benchmarks/scan.sh
	@./Benchmarks/serve.sh

eval: release $(VENV)-eval/.ready ## recall and false alarms of weir scan beside picklescan, ModelScan and fickling
	@$(VENV)-eval/bin/python Evals/scan/make_corpus.py $(or $(CORPUS),.build/eval-corpus)
	@$(VENV)-eval/bin/python Evals/scan/evaluate.py --corpus $(or $(CORPUS),.build/eval-corpus) --weir .build/release/weir --failures .build/eval-failures.jsonl

rules: ## docs/rules.md from the rules themselves
	@$(SWIFT) build --product weir && .build/debug/weir scan --list-rules --format markdown > docs/rules.md

fuzz: system ## libFuzzer on a parser: READER=json|yaml|card|record|python|analysis|formats|gguf|scan|… SECONDS=60
	@READER=$(READER) FUZZ_SECONDS=$(or $(SECONDS),60) ./scripts/fuzz.sh

clean: ## remove what was built
	@rm -rf .build $(VENV)

# System libraries that are missing are installed; nothing happens when all are there.
system:
	@./scripts/system-packages.sh

# The reference clients that the tests compare with.
$(VENV)/.ready: scripts/test-requirements.txt scripts/model-formats/requirements.txt
	@python3 -m venv $(VENV)
	@$(VENV)/bin/pip install --quiet --disable-pip-version-check $(addprefix -r ,$^)
	@touch $@

$(VENV)-peers/.ready: scripts/model-formats/requirements.txt scripts/model-formats/requirements-heavy.txt
	@python3 -m venv $(VENV)-peers
	@$(VENV)-peers/bin/pip install --quiet --disable-pip-version-check $(addprefix -r ,$^)
	@touch $@

$(VENV)-eval/.ready: Evals/scan/requirements.txt
	@python3 -m venv $(VENV)-eval
	@$(VENV)-eval/bin/pip install --quiet --disable-pip-version-check -r $<
	@touch $@
