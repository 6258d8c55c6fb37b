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

# libssh and libcrypto are loaded when they are needed (see base/sha256.c), so
# that only their headers count here.
LINKED = libcmark yaml-0.1 libpcre2-8 jansson libutf8proc
LOADED = libssh libcrypto
LIBRARIES = $(LINKED) $(LOADED)

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
CFLAGS_fuzz = -O1 -g $(SANITIZE) -fsanitize=fuzzer-no-link
LDFLAGS_fuzz = $(SANITIZE)
CFLAGS_coverage = -O0 -g --coverage
LDFLAGS_coverage = --coverage

ALL_CFLAGS = $(BASE_CFLAGS) $(CFLAGS_$(VARIANT)) $(CFLAGS)
ALL_LDFLAGS = $(LDFLAGS_$(VARIANT)) -Wl,--as-needed $(LDFLAGS)
ALL_LIBS = $(PC_LIBS) -ldl

SRC := $(filter-out interpreter/main.c,$(wildcard interpreter/*/*.c))
OBJ := $(SRC:interpreter/%.c=$(B)/%.o) $(patsubst %.c,$(B)/gen/%.o,$(notdir $(GEN_C)))
HEADERS := $(wildcard interpreter/*/*.h)
UNIT := $(patsubst tests/unit/%.c,$(B)/unit/%,$(wildcard tests/unit/test_*.c))
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

# ---- tables made of schema/ ----------------------------------------------

DIAGNOSTICS := $(sort $(wildcard schema/diagnostics/*.yaml))
COMPILE_C := $(wildcard schema/*.c)
GENERATED = $(GEN)/diag/codes.def

generated: $(GENERATED)

build/schema-compile: $(COMPILE_C) | check-libraries
	@mkdir -p build
	$(call say,LD,$@)
	$(Q)$(CC) -std=c11 -D_GNU_SOURCE $(WARNINGS) -O1 -g -o $@ $(COMPILE_C) $(PC_CFLAGS) $(PC_LIBS)

$(GEN)/diag/codes.def: build/schema-compile $(DIAGNOSTICS)
	@mkdir -p $(@D)
	$(call say,GEN,$@)
	$(Q)build/schema-compile codes $(DIAGNOSTICS) > $@.new && mv $@.new $@

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

# Fuzz targets need clang's libFuzzer; `make fuzz-smoke SECONDS=20`.
FUZZ := $(patsubst tests/fuzz/%.c,build/fuzz/%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZ_SECONDS ?= 20

fuzz-binaries:
	@$(MAKE) --no-print-directory VARIANT=fuzz CC=clang $(FUZZ)

build/fuzz/fuzz_%: tests/fuzz/fuzz_%.c $(OBJ)
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_CFLAGS) -Itests -fsanitize=fuzzer -o $@ $< $(OBJ) $(ALL_LDFLAGS) $(ALL_LIBS)

fuzz-smoke: fuzz-binaries ## every fuzz target for FUZZ_SECONDS
	@sh tests/fuzz/run $(FUZZ_SECONDS) $(FUZZ)

asan: ## the unit tests with address and undefined-behaviour sanitizers
	@$(MAKE) --no-print-directory VARIANT=asan check-unit T=$(T)

clean: ## remove everything that was built
	rm -rf build

help: ## this list
	@sed -n 's/^\([a-z][a-z-]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

.PHONY: all generated check-libraries unit-binaries check-unit fuzz-binaries \
	fuzz-smoke asan clean help
.DELETE_ON_ERROR:
-include $(OBJ:.o=.d) $(B)/main.d $(UNIT:=.d) $(UNIT_LIB:.o=.d)
