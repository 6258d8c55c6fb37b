# runbook - run the procedures of a Markdown runbook
#
# `make help` lists the verbs. Objects follow from the files that are there:
# a new layer or file needs no line here.

VARIANT ?= release
CC ?= cc
PREFIX ?= /usr/local
PYTHON ?= python3
# Documents and tables that some tests read when they are there.
TEST_DATA ?= ../shared/data

ifeq ($(origin CC),default)
CC = gcc
endif

B = build/$(VARIANT)
GEN = build/gen

# ---- what is built -------------------------------------------------------

# libssh is loaded when a host is met for the first time, so that only its
# headers count here; of libcrypto only SHA-256 is wanted (see base/sha256.c).
LINKED = libcmark yaml-0.1 libpcre2-8 jansson libutf8proc
LIBRARIES = $(LINKED) libssh libcrypto
CRYPTO_A := $(wildcard $(shell pkg-config --variable=libdir libcrypto 2>/dev/null)/libcrypto.a)

PC_CFLAGS := $(shell pkg-config --cflags $(LIBRARIES) 2>/dev/null)
PC_LIBS := $(shell pkg-config --libs $(LINKED) 2>/dev/null)
VERSION := $(shell sed -n 's/^## \([0-9][0-9.]*\).*/\1/p' CHANGELOG.md | head -n 1)
COMMIT := $(shell git rev-parse --short=12 HEAD 2>/dev/null || echo unknown)

WARNINGS = -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes \
	-Wmissing-prototypes -Wold-style-definition -Wwrite-strings \
	-Wpointer-arith -Wformat=2 -Wundef -Wvla -Wconversion \
	-Wsign-conversion -fno-common
BASE_CFLAGS = -std=c11 -D_GNU_SOURCE $(WARNINGS) -Iinterpreter -I$(GEN) \
	-include base/banned.h $(PC_CFLAGS) -MMD -MP $(if $(WERROR),-Werror)
HARDEN = -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIE
HARDEN_LD = -pie -Wl,-z,relro,-z,now
SANITIZE = -fsanitize=address,undefined -fno-sanitize-recover=all

CFLAGS_release = -O2 $(HARDEN)
LDFLAGS_release = $(HARDEN_LD)
CFLAGS_debug = -O0 -g
CFLAGS_asan = -O1 -g -fno-omit-frame-pointer $(SANITIZE)
LDFLAGS_asan = $(SANITIZE)
CFLAGS_fuzz = -O2 -g $(SANITIZE) -fsanitize=fuzzer-no-link \
	-fno-sanitize-coverage=trace-cmp
LDFLAGS_fuzz = $(SANITIZE)
CFLAGS_coverage = -O0 -g --coverage
# Test children that abort write their counters first (tests/lib/death.c).
LDFLAGS_coverage = --coverage -Wl,-u,__gcov_dump

ALL_CFLAGS = $(BASE_CFLAGS) $(CFLAGS_$(VARIANT)) $(CFLAGS)
ALL_LDFLAGS = $(LDFLAGS_$(VARIANT)) -Wl,--as-needed $(LDFLAGS)
ALL_LIBS = $(PC_LIBS) $(or $(CRYPTO_A),-lcrypto) -ldl

SRC := $(filter-out interpreter/main.c,$(wildcard interpreter/*/*.c))
OBJ := $(SRC:interpreter/%.c=$(B)/%.o) $(patsubst %.c,$(B)/gen/%.o,$(notdir $(GEN_C)))
HEADERS := $(wildcard interpreter/*/*.h)
UNIT := $(patsubst tests/unit/%.c,$(B)/unit/%,$(wildcard tests/unit/test_*.c))
E2E := $(patsubst tests/e2e/%.c,$(B)/e2e/%,$(wildcard tests/e2e/test_*.c))
UNIT_LIB := $(patsubst tests/lib/%.c,$(B)/lib/%.o,$(wildcard tests/lib/*.c))

# One short line per command; `make V=1` shows them whole.
ifeq ($(V),)
Q = @
say = @printf '  %-4s %s\n' $(1) $(2)
endif

all: build/runbook ## build the program (default)

build/runbook: $(B)/runbook
	@mkdir -p build && ln -f $< $@ 2>/dev/null || cp -f $< $@

$(B)/runbook: $(B)/main.o $(OBJ)
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ $(ALL_LIBS)

$(B)/%.o: interpreter/%.c | check-libraries generated
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(ALL_CFLAGS) -DRUNBOOK_VERSION='"$(VERSION)"' -DRUNBOOK_COMMIT='"$(COMMIT)"' -c -o $@ $<

# What --version says is of the tree as it is.
$(B)/commit: always
	@mkdir -p $(@D)
	@echo $(COMMIT) | cmp -s - $@ || echo $(COMMIT) > $@

$(B)/cli/cli.o $(B)/cli/running.o: $(B)/commit

# ---- tables made of schema/ ----------------------------------------------

DIAGNOSTICS := $(sort $(wildcard schema/diagnostics/*.yaml))
COMPILE_C := $(wildcard schema/*.c)
EFFECTS := schema/effects.yaml $(sort $(wildcard schema/effects/*.yaml))
GENERATED = $(GEN)/diag/codes.def $(GEN)/diag/explain.def \
	$(GEN)/effect/rules.inc $(GEN)/effect/examples.inc

generated: $(GENERATED)

build/schema-compile: $(COMPILE_C) schema/compile.h $(wildcard interpreter/effect/*.def) | check-libraries
	@mkdir -p build
	$(call say,LD,$@)
	$(Q)$(CC) -std=c11 -D_GNU_SOURCE $(WARNINGS) -Iinterpreter -O1 -g -o $@ $(COMPILE_C) $(PC_CFLAGS) $(PC_LIBS)

$(GEN)/diag/%.def: build/schema-compile $(DIAGNOSTICS)
	@mkdir -p $(@D)
	$(call say,GEN,$@)
	$(Q)build/schema-compile $* $(DIAGNOSTICS) > $@.new && mv $@.new $@

$(GEN)/effect/rules.inc: build/schema-compile $(EFFECTS)
	@mkdir -p $(@D)
	$(call say,GEN,$@)
	$(Q)build/schema-compile effects $(EFFECTS) > $@.new && mv $@.new $@

$(GEN)/effect/examples.inc: build/schema-compile $(EFFECTS)
	@mkdir -p $(@D)
	$(call say,GEN,$@)
	$(Q)build/schema-compile examples $(EFFECTS) > $@.new && mv $@.new $@

check-libraries:
	@pkg-config --exists $(LIBRARIES) || { \
	echo "missing libraries: $$(for l in $(LIBRARIES); do pkg-config --exists $$l || printf '%s ' $$l; done)" >&2; \
	echo "help: 'make deps' installs them" >&2; exit 1; }

# ---- tests ---------------------------------------------------------------

CMOCKA_LIBS = $(shell pkg-config --libs cmocka)

unit-binaries: $(UNIT)

$(B)/lib/%.o: tests/lib/%.c | generated
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(ALL_CFLAGS) -Itests -c -o $@ $<

$(B)/unit/%: tests/unit/%.c $(UNIT_LIB) $(OBJ)
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_CFLAGS) -Itests -MF $@.d -o $@ $< $(UNIT_LIB) $(OBJ) $(ALL_LDFLAGS) $(ALL_LIBS) $(CMOCKA_LIBS)

check-unit: unit-binaries ## unit tests (cmocka); T=name for one
	@TEST_DATA=$(TEST_DATA) sh tests/unit/run $(if $(T),$(B)/unit/test_$(T),$(UNIT))

# The program as its users meet it.
PROGRAM = $(B)/runbook
GOLDEN := $(sort $(wildcard tests/golden/*.md))
SCRIPTS := $(sort $(wildcard tests/script/*.txt))

check-golden: $(PROGRAM) ## a document in, exact bytes out; G=name for one
	@sh tests/golden/run $(PROGRAM) $(if $(G),tests/golden/$(G).md,$(GOLDEN))

# What scripts have besides the program: a host, a terminal.
SCRIPT_TOOLS := $(patsubst tests/script/%.c,$(B)/script/%,$(wildcard tests/script/*.c))

$(B)/script/%: tests/script/%.c $(UNIT_LIB) $(OBJ)
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_CFLAGS) -Itests -MF $@.d -o $@ $< $(UNIT_LIB) $(OBJ) $(ALL_LDFLAGS) $(ALL_LIBS) $(CMOCKA_LIBS)

check-script: $(PROGRAM) $(SCRIPT_TOOLS) ## commands and what they print; S=name for one
	@TEST_DATA=$(TEST_DATA) sh tests/script/run $(B) \
	$(if $(S),tests/script/$(S).txt,$(SCRIPTS))

bless: $(PROGRAM) $(SCRIPT_TOOLS) ## write into goldens and scripts what came; read the diff
	@$(PROGRAM) schema > schema/frontmatter.schema.json
	@build/schema-compile index $(DIAGNOSTICS) > schema/diagnostics/README.md
	@sh tests/golden/run --bless $(PROGRAM) $(if $(G),tests/golden/$(G).md,$(GOLDEN))
	@TEST_DATA=$(TEST_DATA) sh tests/script/run --bless $(B) $(if $(S),tests/script/$(S).txt,$(SCRIPTS))
	@$(PYTHON) tests/doc/check.py --bless $(PROGRAM)

e2e-binaries: $(E2E)

$(B)/e2e/%: tests/e2e/%.c $(UNIT_LIB) $(OBJ)
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_CFLAGS) -Itests -MF $@.d -o $@ $< $(UNIT_LIB) $(OBJ) $(ALL_LDFLAGS) $(ALL_LIBS) $(CMOCKA_LIBS)

check-e2e: all e2e-binaries ## against a private sshd; T=name for one
	@RUNBOOK=$(CURDIR)/$(B)/runbook SUITE=e2e sh tests/unit/run $(if $(T),$(B)/e2e/test_$(T),$(E2E))

# Not one of CHECKS: it needs root, and minutes at the first time.
bed-up: all ## start a whole home server to try things on (tests/bed/README.md)
	@sh tests/bed/bed up

bed-test: all $(SCRIPT_TOOLS) ## every procedure of the home server, on it; ROWS=pattern for some
	@TEST_DATA=$(TEST_DATA) sh tests/bed/bed test $(if $(ROWS),--verbose --only '$(ROWS)')

bed-down: ## stop it; nothing is left of it but what it was built of
	@sh tests/bed/bed down

check-schema: ## the JSON schema against its cases, when Python has jsonschema
	@if $(PYTHON) -c 'import jsonschema, yaml' 2>/dev/null; then \
	$(PYTHON) tests/schema/check.py; else \
	echo "schema: skipped, no python3-jsonschema or python3-yaml"; fi

check-doc: $(PROGRAM) ## README, manuals and examples say what is the case
	@if $(PYTHON) -c '' 2>/dev/null; then \
	$(PYTHON) tests/doc/check.py $(PROGRAM); else \
	echo "doc: skipped, no python3"; fi

# Each allocation, read, write and open of a command fails in turn.
FAULT_LIB = $(B)/fault/libfault.so
FAULT_TARGETS := $(patsubst tests/fault/%.c,$(B)/fault/%,$(wildcard tests/fault/target_*.c))

$(FAULT_LIB): tests/fault/libfault.c
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) -std=c11 -D_GNU_SOURCE $(WARNINGS) -O1 -g -fPIC -shared -o $@ $<

$(B)/fault/target_%: tests/fault/target_%.c $(OBJ)
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_CFLAGS) -MF $@.d -o $@ $< $(OBJ) $(ALL_LDFLAGS) $(ALL_LIBS)

check-fault: $(FAULT_LIB) $(FAULT_TARGETS) $(PROGRAM) ## whatever fails is told, and nothing breaks
	@LIBFAULT=$(FAULT_LIB) TARGETS=$(B)/fault sh tests/fault/check

# What a user of the sources runs: packages, program, every check there is.
CHECKS = $(shell sed -n 's/^\(check-[a-z0-9]*\):.*\#\# .*/\1/p' $(MAKEFILE_LIST))

# What to link is asked once deps has installed it, hence another make.
JOBS = $(if $(findstring j,$(MAKEFLAGS)),,-j$(shell nproc 2>/dev/null || echo 1))

demo: ## install what is missing, build, run a real procedure
	@sh .ci/deps build
	@$(MAKE) --no-print-directory $(JOBS) all
	@sh examples/demo build/runbook

test: deps ## install what is missing, build, run every check
	@$(MAKE) --no-print-directory $(JOBS) all
	@sh tests/check '$(MAKE)' $(CHECKS)

# Fuzz targets need clang's libFuzzer; `make fuzz-smoke FUZZ_SECONDS=5`.
FUZZ := $(patsubst tests/fuzz/%.c,build/fuzz/%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZ_SECONDS ?= 20

fuzz-binaries:
	@$(MAKE) --no-print-directory VARIANT=fuzz CC=clang $(FUZZ)

build/fuzz/fuzz_%: tests/fuzz/fuzz_%.c $(OBJ)
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_CFLAGS) -Itests -MF $@.d -fsanitize=fuzzer -o $@ $< $(OBJ) $(ALL_LDFLAGS) $(ALL_LIBS)

fuzz-smoke: fuzz-binaries ## every fuzz target for FUZZ_SECONDS
	@sh tests/fuzz/run $(FUZZ_SECONDS) $(FUZZ)

# Bars: one command per promised figure. A C file beside them is a driver that
# they run.
BAR_DRIVERS := $(patsubst tests/bars/%.c,$(B)/bars/%,$(wildcard tests/bars/*.c))
BARS := $(filter-out %.c %.tsv %.md,$(wildcard tests/bars/*))

bar-binaries: $(BAR_DRIVERS)

$(B)/bars/%: tests/bars/%.c $(B)/lib/random.o $(OBJ)
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_CFLAGS) -Itests -MF $@.d -o $@ $< $(B)/lib/random.o $(OBJ) $(ALL_LDFLAGS) $(ALL_LIBS)

# The one bar that speaks libssh itself.
$(B)/bars/bench_libssh: ALL_LIBS += $(shell pkg-config --libs libssh)

bench: all $(B)/bars/bench_libssh ## what steps cost: a table, and build/bench.json
	@TEST_DATA=$(TEST_DATA) DRIVERS=$(B)/bars PROGRAM=$(PROGRAM) BENCH_JSON=build/bench.json sh tests/bars/bench

bars: all bar-binaries $(FAULT_LIB) $(SCRIPT_TOOLS) ## every promised figure; BAR=name for one, NOT=a:b for all but some
	@failed=0; passed=0; \
	for bar in $(if $(BAR),tests/bars/$(BAR),$(filter-out $(patsubst %,tests/bars/%,$(subst :, ,$(NOT))),$(BARS))); do \
	if TEST_DATA=$(TEST_DATA) DRIVERS=$(B)/bars PROGRAM=$(PROGRAM) LIBFAULT=$(FAULT_LIB) sh "$$bar"; \
	then passed=$$((passed + 1)); \
	else failed=$$((failed + 1)); echo "$$bar: MISSED"; fi; done; \
	echo "bars: $$passed passed, $$failed failed"; [ $$failed -eq 0 ]

asan: ## every check with address and undefined-behaviour sanitizers
	@$(MAKE) --no-print-directory VARIANT=asan $(if $(T),check-unit T=$(T),sanitized-checks)

sanitized-checks: $(PROGRAM)
	@sh tests/check '$(MAKE) VARIANT=$(VARIANT)' $(filter-out check-fault check-bed,$(CHECKS))

COVERAGE_LEAST ?= 80

coverage: ## lines that the checks run; SHOW=regex lists those that do not
	@find build/coverage -name '*.gcda' -exec rm -f {} + 2>/dev/null || true
	@$(MAKE) --no-print-directory VARIANT=coverage CC=gcc sanitized-checks
	@sh tests/gates/coverage build/coverage $(COVERAGE_LEAST) '$(SHOW)'

# ---- gates ---------------------------------------------------------------

C_FILES := $(sort $(wildcard interpreter/*.c interpreter/*/*.[ch] schema/*.[ch] \
	tests/*/*.[ch]))
BED_SCRIPTS := tests/bed/bed $(wildcard tests/bed/lib/*) tests/bed/machine/docker-compose \
	tests/bed/machine/root/usr/local/lib/bed/provision \
	$(wildcard tests/bed/inner/*/entrypoint) tests/bed/inner/acme/issue
SH_FILES := $(sort .ci/run .ci/deps examples/demo tests/check $(wildcard tests/gates/*) \
	$(wildcard tests/*/run tests/*/check) $(BED_SCRIPTS) $(filter-out %.c %.tsv %.md,$(wildcard tests/bars/*)))

GATES = layers names hdr-check format-check shell-check man-check index-check \
	runbook-check tidy

lint: $(GATES) ## all gates
	@echo "lint: clean"

layers: ## who includes what
	@sh tests/gates/layers

names: $(OBJ) ## no name of a library, the standard or cmocka
	@sh tests/gates/names $(OBJ) -- $(SRC) $(HEADERS)

hdr-check: generated ## each header compiles alone
	@sh tests/gates/hdr-check '$(CC) $(filter-out -M%,$(BASE_CFLAGS)) -Itests' $(HEADERS) $(wildcard tests/lib/*.h)

format-check: ## formatted by clang-format 14
	@sh tests/gates/format check $(C_FILES)

format: ## format with clang-format 14
	@sh tests/gates/format write $(C_FILES)

shell-check: ## shellcheck finds nothing in our scripts
	@sh tests/gates/shell $(SH_FILES)

man-check: ## mandoc has nothing to warn of
	@mandoc -T lint -W warning interpreter/runbook.1 interpreter/runbook.5

index-check: build/schema-compile ## the list of diagnostics is that of the tables
	@build/schema-compile index $(DIAGNOSTICS) | diff -u schema/diagnostics/README.md -

runbook-check: $(PROGRAM) ## our own runbooks have nothing to mend
	@$(PROGRAM) lint --severity warning $(wildcard examples/*.md runbooks/*.md)

tidy: generated ## clang-tidy finds nothing
	@sh tests/gates/tidy '$(filter-out -M%,$(BASE_CFLAGS)) -DRUNBOOK_VERSION="0" -DRUNBOOK_COMMIT="0"' $(SRC) interpreter/main.c

# ---- the machine ---------------------------------------------------------

deps: ## install the packages that build and tests need
	@sh .ci/deps test

DEST = $(DESTDIR)$(PREFIX)
MANUALS := $(wildcard interpreter/*.[157])
SCHEMAS := $(wildcard schema/*.schema.json)
COMPLETION = share/bash-completion/completions/runbook

install: all ## into $(PREFIX), below $(DESTDIR)
	install -d $(DEST)/bin
	install -m 755 build/runbook $(DEST)/bin/runbook
	@for page in $(MANUALS); do \
	dir=$(DEST)/share/man/man$${page##*.}; \
	echo "install -m 644 $$page $$dir"; \
	install -d $$dir && install -m 644 $$page $$dir || exit 1; done
	install -d $(DEST)/share/runbook/schema $(dir $(DEST)/$(COMPLETION))
	install -m 644 $(SCHEMAS) $(DEST)/share/runbook/schema
	build/runbook completion bash > $(DEST)/$(COMPLETION)
	chmod 644 $(DEST)/$(COMPLETION)

uninstall: ## what install put there
	rm -f $(DEST)/$(COMPLETION) $(addprefix $(DEST)/share/runbook/schema/,$(notdir $(SCHEMAS)))
	rmdir $(DEST)/share/runbook/schema $(DEST)/share/runbook 2> /dev/null || :
	rm -f $(DEST)/bin/runbook $(foreach page,$(MANUALS),$(DEST)/share/man/man$(subst .,,$(suffix $(page)))/$(notdir $(page)))

clean: ## remove everything that was built
	rm -rf build

help: ## this list
	@sed -n 's/^\([a-z][a-z-]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

.PHONY: all always generated check-libraries unit-binaries check-unit check-golden \
	e2e-binaries check-e2e \
	check-script check-schema check-doc check-fault bed-up bed-test bed-down bless demo test fuzz-binaries fuzz-smoke \
	bar-binaries bars bench asan sanitized-checks coverage lint $(GATES) format \
	deps install uninstall clean help
.DELETE_ON_ERROR:
.SECONDARY:
-include $(OBJ:.o=.d) $(B)/main.d $(UNIT:=.d) $(UNIT_LIB:.o=.d) $(E2E:=.d) $(SCRIPT_TOOLS:=.d) $(FUZZ:=.d) \
	$(BAR_DRIVERS:=.d) $(FAULT_TARGETS:=.d)
