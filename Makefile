# Kabinet. `make help` lists the targets; on a fresh Debian 12 `make run` and `make test` do all the set-up.
#
# MODE chooses how C is compiled (release, asan, tsan); everything made lies below build/, the program in build/kabinet.

comma := ,

MODE ?= release
CC   ?= cc
OUT  := build
OBJ  := $(OUT)/obj/$(MODE)

WARNINGS := -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wvla -Werror
LIBS     := lua5.4 lua5.4-cjson sqlite3 yaml-0.1 expat jansson libsodium libutf8proc
# Recursive on purpose: pkg-config may not be there before the packages are.
LIB_CFLAGS = $(shell pkg-config --cflags $(LIBS))
LIB_LINK   = $(shell pkg-config --libs $(LIBS) | sed 's/ *-lm\b//g') -lcivetweb -lpthread -lm
CPPFLAGS  := -Icore -D_GNU_SOURCE
CFLAGS_release := -O2 -g -fno-omit-frame-pointer -fstack-protector-strong
CFLAGS_asan    := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
CFLAGS_tsan    := -O1 -g -fno-omit-frame-pointer -fsanitize=thread
CFLAGS    := -std=c11 $(WARNINGS) $(CFLAGS_$(MODE))
CFLAGS_fuzz    := -O1 -g -fno-omit-frame-pointer -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
LDFLAGS   := $(if $(filter asan fuzz,$(MODE)),-fsanitize=address$(comma)undefined)$(if $(filter tsan,$(MODE)),-fsanitize=thread) -Wl,--as-needed

SOURCES   := $(wildcard core/*/*.c)
OBJECTS   := $(SOURCES:%.c=$(OBJ)/%.o)
MAIN      := $(OBJ)/core/main.o
LIBRARY   := $(OBJ)/libkabinet.a
PROGRAM   := $(if $(filter release,$(MODE)),$(OUT)/kabinet,$(OUT)/kabinet-$(MODE))
UNIT      := $(patsubst tests/unit/%.c,$(OBJ)/unit/%,$(wildcard tests/unit/*_test.c))
VENDOR    := $(OUT)/web/vendor.js
# What several threads share is tested by these.
THREADED  := $(patsubst %,$(OBJ)/unit/%,book_test store_test snapshot_test)
AGENT     := $(OBJ)/sim/agent
SQL       := $(OBJ)/sim/sql
PROPERTY  := $(patsubst tests/property/%.c,$(OBJ)/property/%,$(wildcard tests/property/*_property.c))
FUZZ      := $(patsubst tests/fuzz/%.c,$(OBJ)/fuzz/%,$(wildcard tests/fuzz/*_fuzz.c))
BENCH     := $(patsubst tests/bench/%.c,$(OBJ)/bench/%,$(wildcard tests/bench/*_bench.c))

.PHONY: bench fuzz help run build test test-c test-web lint asan tsan clean
.DELETE_ON_ERROR:

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 20

run: ## installs what is missing, builds, loads the demo and serves it
	@.ci/need build web
	@$(MAKE) --no-print-directory build
	@$(OUT)/kabinet demo

build: $(PROGRAM) $(VENDOR) ## the program, build/kabinet, and what the browser needs beside web/

test: ## installs what is missing, builds, runs every quick test
	@.ci/need build web test
	@$(MAKE) --no-print-directory build test-programs tests/browser/node_modules/.package-lock.json
	@tests/run

test-c: test-programs ## the unit and property tests alone
	@tests/run c

test-web: ## the tests of the browser client's modules alone
	@tests/run web

asan: ## the C tests under AddressSanitizer and UBSan
	@.ci/need build web test
	@$(MAKE) --no-print-directory MODE=asan build test-programs
	@MODE=asan tests/run c

bench: ## measures what must be fast beside what it is held against: a table, and build/bench.json
	@.ci/need build web
	@$(MAKE) --no-print-directory MODE=release build bench-programs
	@tests/bench/run

fuzz: ## texts and inputs of rules at random, FUZZ_SECONDS each: by libFuzzer where clang has it, else by a loop of our own
	@.ci/need build web
	@tests/fuzz/run

tsan: ## the C tests of what threads share, under ThreadSanitizer
	@.ci/need build web test
	@$(MAKE) --no-print-directory MODE=tsan threaded-programs
	@MODE=tsan tests/run c

lint: ## warnings of two compilers, format, cppcheck, the rooms and what each may see
	@.ci/need build web lint
	@.ci/lint

clean: ## forgets everything made
	rm -rf $(OUT)

.PHONY: test-programs threaded-programs bench-programs fuzz-programs
test-programs: $(UNIT) $(PROPERTY) $(FUZZ) $(AGENT) $(SQL)
threaded-programs: $(THREADED)
bench-programs: $(BENCH)
fuzz-programs: $(FUZZ)

# npm writes .package-lock.json at the end of an installation, so it stands for "the libraries of this lock are there".
%/node_modules/.package-lock.json: %/package-lock.json
	@echo "  NPM   $*"
	@npm ci --prefix $* --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

$(VENDOR): web/vendor.js web/node_modules/.package-lock.json
	@mkdir -p $(@D)
	@echo "  WEB   $@"
	@web/node_modules/.bin/esbuild $< --bundle --format=esm --minify --target=es2022 --log-level=warning --outfile=$@

# From the objects, not the library: an archive would hide it if two rooms called something alike.
$(PROGRAM): $(MAIN) $(OBJECTS)
	@echo "  LD    $@"
	@$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIB_LINK)

$(LIBRARY): $(OBJECTS)
	@rm -f $@
	@ar rcs $@ $^

$(OBJ)/%.o: %.c
	@mkdir -p $(@D)
	@echo "  CC    $<"
	@$(CC) $(CFLAGS) $(CPPFLAGS) $(LIB_CFLAGS) -MMD -MP -c -o $@ $<

$(OBJ)/unit/%: tests/unit/%.c $(LIBRARY)
	@mkdir -p $(@D)
	@echo "  CC    $<"
	@$(CC) $(CFLAGS) $(CPPFLAGS) $(LIB_CFLAGS) -Itests -MMD -MP -o $@ $< $(LIBRARY) $(LDFLAGS) $(LIB_LINK) -lcmocka

$(OBJ)/property/%: tests/property/%.c $(LIBRARY)
	@mkdir -p $(@D)
	@echo "  CC    $<"
	@$(CC) $(CFLAGS) $(CPPFLAGS) $(LIB_CFLAGS) -Itests -MMD -MP -o $@ $< $(LIBRARY) $(LDFLAGS) $(LIB_LINK)

$(OBJ)/fuzz/%: tests/fuzz/%.c $(LIBRARY)
	@mkdir -p $(@D)
	@echo "  CC    $<"
	@$(CC) $(CFLAGS) $(if $(filter fuzz,$(MODE)),-fsanitize=fuzzer -DFUZZ_LIBRARY) $(CPPFLAGS) $(LIB_CFLAGS) -Itests -MMD -MP -o $@ $< $(LIBRARY) $(LDFLAGS) $(LIB_LINK)

$(AGENT): tests/sim/agent.c tests/sim/mortal.c $(LIBRARY)
	@mkdir -p $(@D)
	@echo "  CC    $<"
	@$(CC) $(CFLAGS) $(CPPFLAGS) $(LIB_CFLAGS) -Itests -MMD -MP -o $@ tests/sim/agent.c tests/sim/mortal.c $(LIBRARY) $(LDFLAGS) $(LIB_LINK)

# The simulator's agent with a file of core/ exchanged for another text of it: the program finds it before the library's.
$(OBJ)/sim/agent-%: $(OUT)/sim/%.c tests/sim/agent.c tests/sim/mortal.c $(LIBRARY)
	@$(CC) $(CFLAGS) -w $(CPPFLAGS) $(LIB_CFLAGS) -Itests -o $@ tests/sim/agent.c tests/sim/mortal.c $< $(LIBRARY) $(LDFLAGS) $(LIB_LINK)

$(SQL): tests/lib/sql.c
	@mkdir -p $(@D)
	@echo "  CC    $<"
	@$(CC) $(CFLAGS) $(CPPFLAGS) $(LIB_CFLAGS) -o $@ $< $(LDFLAGS) $(LIB_LINK)

$(OBJ)/bench/%: tests/bench/%.c $(LIBRARY)
	@mkdir -p $(@D)
	@echo "  CC    $<"
	@$(CC) $(CFLAGS) $(CPPFLAGS) $(LIB_CFLAGS) -Itests -MMD -MP -o $@ $< $(LIBRARY) $(LDFLAGS) $(LIB_LINK)

-include $(wildcard $(OBJ)/core/*.d $(OBJ)/core/*/*.d $(OBJ)/unit/*.d $(OBJ)/property/*.d $(OBJ)/sim/*.d $(OBJ)/fuzz/*.d $(OBJ)/bench/*.d)
