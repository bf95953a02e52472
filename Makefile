# SPDX-License-Identifier: MIT
#
# Makefile - all of flicker: `make`, `make check`, `make install`; `make help` tells the rest.
#
# One file, no configure.  Settings are given on the command line (make O=/tmp/x CC=clang);
# a changed one rebuilds what it touches (the flags stamp).  A new .c file in a folder
# that is listed below is built without a line here.
#
# Only `demo`, `check`, `golden`, `bench`, `lint`, `format`, `deps` and checks that are no part
# of `check` may install packages (.ci/packages).
# As pkg-config may be one of them, those targets call make again for the build.

VERSION    = 0.1.0

# ---- settings -------------------------------------------------------------------------

O          = build
PREFIX     = /usr/local
LIBDIR     = lib
DESTDIR    =
SAN        =
DEBUG      =
V          =
WERROR     = $(if $(filter true 1,$(CI)),1)
CFLAGS     = $(if $(DEBUG),-O0,-O2) -g
CROSS      = aarch64-linux-gnu-gcc
PKG_CONFIG = pkg-config
SINCE      = HEAD

# ---- what is built from what ------------------------------------------------------------

inside_c  := $(sort $(wildcard plugin/agent/*.c plugin/agent/*/*.c adapters/*.c adapters/*/*.c plugin/perturb/*.c))
flag_c    := $(sort $(wildcard plugin/flag/*.c))
author_c  := $(sort $(wildcard plugin/author/*/*.c))
outside_c := $(sort $(wildcard plugin/base/*.c plugin/engine/*.c plugin/engine/*/*.c plugin/engine/*/*/*.c \
			       plugin/report/*.c plugin/cli/*.c))
unit_c    := $(sort $(wildcard tests/unit/test_*.c))
cmocka_c  := $(sort $(wildcard tests/fixtures/cmocka/*.c tests/fixtures/guest/*.c tests/fixtures/hostile/*.c))
bench_c   := $(sort $(wildcard tests/bench/*.c))
demo_c    := $(sort $(wildcard examples/demo/*.c))
headers   := $(sort $(wildcard include/flicker/*.h include/flicker/*/*.h))
manuals   := $(sort $(wildcard docs/*.1))
documents := $(sort $(wildcard README.md LICENSE docs/*.md docs/*.json))

inside_o  := $(inside_c:%.c=$(O)/obj/%.o)
flag_o    := $(flag_c:%.c=$(O)/obj/%.o)
author_o  := $(author_c:%.c=$(O)/obj/%.o)
exec_o    := $(filter $(O)/obj/plugin/author/exec/%,$(author_o))
outside_o := $(outside_c:%.c=$(O)/obj/%.o)
main_o    := $(O)/obj/plugin/cli/main.o
unit      := $(unit_c:tests/%.c=$(O)/%)
fixtures  := $(cmocka_c:tests/%.c=$(O)/%)
bench     := $(bench_c:tests/%.c=$(O)/%)
demo      := $(O)/demo/test_sessions
libraries := $(addprefix $(O)/,libflicker.so libflicker-plugin.so libflicker-plugin.a \
	     libflicker-exec.so.0 libflicker-exec.so libflicker-exec.a)
toy       := $(addprefix $(O)/adapter/,libtoytest.so test_toy libflicker-toytest.so)

checks    := $(sort $(wildcard tests/check-*.sh))
e2e       := $(sort $(wildcard tests/e2e/[0-9]*.sh))
guest     := $(sort $(wildcard tests/guest/[0-9]*.sh))

# ---- flags --------------------------------------------------------------------------------

packages       = jansson libdw libelf inih
have_packages := $(shell $(PKG_CONFIG) --exists $(packages) 2>/dev/null && echo yes)
have_cmocka   := $(shell $(PKG_CONFIG) --exists cmocka 2>/dev/null && echo yes)
package_flags := $(shell $(PKG_CONFIG) --cflags $(packages) 2>/dev/null)
package_libs  := $(shell $(PKG_CONFIG) --libs $(packages) 2>/dev/null)
cmocka_flags  := $(shell $(PKG_CONFIG) --cflags cmocka 2>/dev/null)
cmocka_libs   := $(shell $(PKG_CONFIG) --libs cmocka 2>/dev/null)

warnings   = -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes $(if $(WERROR),-Werror)
sanitizer  = $(if $(SAN),-fsanitize=$(SAN) -fno-omit-frame-pointer)
common     = -std=gnu11 $(warnings) -Iinclude -DFL_VERSION=\"$(VERSION)\" -MMD -MP
language   = $(common) $(CPPFLAGS) $(CFLAGS)

# The inside is never sanitized: a runtime of its own would come with it into every program.
# Nor optimized across files, as distributions ask for: stubs in assembler name what is in C.
inside_flags  = $(language) -fPIC -fvisibility=hidden -fno-omit-frame-pointer -fno-lto
inside_link   = -shared -Wl,-z,now -Wl,-z,relro -Wl,-z,defs -Wl,--as-needed
outside_flags = $(language) $(sanitizer) $(package_flags)
# Programs under test: nothing optimized away that a backtrace could show.
fixture_flags = -Wall -Wextra -O0 -g -Iinclude -Itests/fixtures -MMD -MP -MT $@ -MF $@.d -pthread
test_flags    = -std=gnu11 $(fixture_flags) $(cmocka_flags)

# The frameworks of tests/fixtures beside cmocka, and how a program of each is built.
frameworks = check criterion cunit glib gtest process setjmp unity
package_of = $(shell $(PKG_CONFIG) --cflags $(1) 2>/dev/null)
check_flags     = $(call package_of,check)
check_libs      = $(shell $(PKG_CONFIG) --libs check 2>/dev/null)
criterion_flags = $(call package_of,criterion)
criterion_libs  = $(shell $(PKG_CONFIG) --libs criterion 2>/dev/null)
cunit_flags     = $(call package_of,cunit)
cunit_libs      = $(if $(filter static_%,$(@F)),-l:libcunit.a,$(shell $(PKG_CONFIG) --libs cunit 2>/dev/null))
glib_flags      = $(call package_of,glib-2.0)
glib_libs       = $(shell $(PKG_CONFIG) --libs glib-2.0 2>/dev/null)
gtest_flags     = $(call package_of,gtest_main)
gtest_libs      = $(shell $(PKG_CONFIG) --libs gtest_main 2>/dev/null)
unity_flags     = -Itests/fixtures/unity/stand-in
unity_libs      = tests/fixtures/unity/stand-in/unity.c

run = $(if $(V),,@printf '  %-5s %s\n' $(1) $(2);)

# ---- build --------------------------------------------------------------------------------

all: $(O)/flicker $(libraries) ## the command and the libraries, side by side in $(O) (default)

$(O)/libflicker.so: $(inside_o)
	$(call run,LD,$@)$(CC) $(CFLAGS) $(LDFLAGS) $(inside_link) -o $@ $(inside_o) -ldl

$(O)/libflicker-plugin.so: $(flag_o)
	$(call run,LD,$@)$(CC) $(CFLAGS) $(LDFLAGS) $(inside_link) -Wl,-soname,$(@F) -o $@ $(flag_o)

$(O)/libflicker-plugin.a: $(flag_o)
	$(call run,AR,$@)rm -f $@ && $(AR) rcs $@ $^

# The number goes up when a program that was linked to an older one would misunderstand.
$(O)/libflicker-exec.so.0: $(exec_o)
	$(call run,LD,$@)$(CC) $(CFLAGS) $(LDFLAGS) $(inside_link) -Wl,-soname,$(@F) -o $@ $(exec_o)

$(O)/libflicker-exec.so: $(O)/libflicker-exec.so.0
	$(call run,LN,$@)ln -sf $(<F) $@

$(O)/libflicker-exec.a: $(exec_o)
	$(call run,AR,$@)rm -f $@ && $(AR) rcs $@ $^

$(O)/flicker: $(outside_o) $(exec_o)
	$(call run,LD,$@)$(CC) $(CFLAGS) $(sanitizer) $(LDFLAGS) -o $@ $(outside_o) $(exec_o) $(package_libs) -lm -ldl

# All of the outside but main, for the unit tests to take from; and the libraries for authors.
$(O)/outside.a: $(filter-out $(main_o),$(outside_o)) $(author_o)
	$(call run,AR,$@)rm -f $@ && $(AR) rcs $@ $^

$(inside_o) $(flag_o) $(author_o): $(O)/obj/%.o: %.c $(O)/flags
	@mkdir -p $(@D)
	$(call run,CC,$<)$(CC) $(inside_flags) -c -o $@ $<

$(outside_o): $(O)/obj/%.o: %.c $(O)/flags | $(if $(have_packages),,missing)
	@mkdir -p $(@D)
	$(call run,CC,$<)$(CC) $(outside_flags) -c -o $@ $<

$(unit): $(O)/%: tests/%.c $(O)/outside.a | $(if $(have_cmocka),,missing)
	@mkdir -p $(@D)
	$(call run,TEST,$<)$(CC) $(outside_flags) $(cmocka_flags) $(LDFLAGS) -o $@ $< \
		$(O)/outside.a $(cmocka_libs) $(package_libs) -lm -ldl

$(fixtures) $(bench): $(O)/%: tests/%.c $(O)/flags | $(if $(have_cmocka),,missing)
	@mkdir -p $(@D)
	$(call run,TEST,$<)$(CC) $(test_flags) -o $@ $< $(cmocka_libs)

# The other frameworks: a folder each, with the flags of its package.
define fixtures_of
$(1)_fixtures := $$(patsubst tests/%,$(O)/%,$$(basename $$(sort $$(wildcard tests/fixtures/$(1)/*.c tests/fixtures/$(1)/*.cc))))
fixtures += $$($(1)_fixtures)
$$($(1)_fixtures): $(O)/fixtures/$(1)/%: $(O)/flags
	@mkdir -p $$(@D)
	$$(call run,TEST,$$@)$$(if $$(wildcard tests/fixtures/$(1)/$$*.cc),$$(CXX),$$(CC) -std=gnu11) $$(fixture_flags) $$($(1)_flags) \
		-o $$@ $$(wildcard tests/fixtures/$(1)/$$*.c tests/fixtures/$(1)/$$*.cc) $$($(1)_libs)
endef

$(foreach framework,$(frameworks),$(eval $(call fixtures_of,$(framework))))
$(unity_fixtures): $(wildcard tests/fixtures/unity/stand-in/*)

$(demo): $(demo_c) examples/demo/sessions.h $(O)/flags | $(if $(have_cmocka),,missing)
	@mkdir -p $(@D)
	$(call run,CC,$@)$(CC) -O0 -g $(cmocka_flags) -o $@ $(demo_c) $(cmocka_libs)

# The example of an adapter: a framework, a program of tests, and what flicker must know.
toy_build = $(CC) -std=gnu11 $(warnings) -O0 -g -Iinclude -o $@

$(O)/adapter/libtoytest.so: examples/adapter/toytest.c examples/adapter/toytest.h $(O)/flags
	@mkdir -p $(@D)
	$(call run,CC,$@)$(toy_build) -shared -fPIC $<

$(O)/adapter/test_toy: examples/adapter/test_toy.c examples/adapter/toytest.h $(O)/adapter/libtoytest.so
	$(call run,CC,$@)$(toy_build) $< -L$(@D) -ltoytest -Wl,-rpath,'$$ORIGIN'

$(O)/adapter/libflicker-toytest.so: examples/adapter-skeleton.c examples/adapter/toytest.h $(headers) $(O)/flags
	@mkdir -p $(@D)
	$(call run,CC,$@)$(toy_build) -shared -fPIC -fvisibility=hidden $< -ldl

tests: all $(unit) $(fixtures) $(toy) ## all that the tests need, nothing is run

# Rewritten when a flag changes, and only then: every object depends on it.
$(O)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(CC) $(inside_flags) $(outside_flags) $(test_flags) $(LDFLAGS)' | \
		{ cmp -s - $@ || echo '$(CC) $(inside_flags) $(outside_flags) $(test_flags) $(LDFLAGS)' >$@; }

missing:
	@echo "flicker: pkg-config does not find $(packages) or cmocka; run 'make deps' to install what is missing" >&2
	@exit 1

# ---- checks ---------------------------------------------------------------------------------

# make again, with all processors unless told otherwise
again  = $(MAKE) --no-print-directory $(if $(filter -j% --jobserver%,$(MAKEFLAGS)),,-j$(shell nproc))
# every test sees these, and nothing of make's
tester = CC='$(CC)' CROSS='$(CROSS)' FL_BUILD='$(abspath $(O))' FL_SRC='$(CURDIR)' tests/run
# what is not freed is for check-valgrind: the command leaves much to the kernel at its end
asan   = ASAN_OPTIONS='log_path=$(abspath $(O))/asan/report:detect_leaks=0:abort_on_error=0' \
	 UBSAN_OPTIONS='log_path=$(abspath $(O))/asan/report:print_stacktrace=1'

check: ## gets what tests need, builds, runs all tests; ends with "N passed, N failed"
	@.ci/packages build tests
	@$(again) tests || { echo '0 passed, 1 failed'; exit 1; }
	@$(tester) $(checks) $(unit) $(e2e) $(guest)

check-unit: tests ## the pure modules
	@$(tester) $(unit)

check-e2e: tests ## the real command on programs of known truth; E2E='tests/e2e/10-*.sh' picks
	@$(tester) $(or $(wildcard $(E2E)),$(e2e))

check-guest: tests ## programs that fight back; GUEST='tests/guest/20-*.sh' picks
	@$(tester) $(or $(wildcard $(GUEST)),$(guest))

check-examples: tests ## builds and runs the examples, as their pages say
	@.ci/packages build tests
	@$(tester) $(wildcard tests/e2e/60-examples*.sh)

check-layers: ## who may include whom
	@$(tester) tests/check-layers.sh

check-headers: ## every header compiles alone
	@$(tester) tests/check-headers.sh

check-exports: $(libraries) ## the library exports and needs what it should
	@$(tester) tests/check-exports.sh

check-compilers: ## no warnings with clang and on aarch64, where these compilers are
	@$(tester) tests/check-compilers.sh

check-asan: ## unit and e2e tests with the command under ASan and UBSan, built into $(O)/asan
	@.ci/packages build tests
	@$(again) O='$(O)/asan' SAN=address,undefined DEBUG= tests
	@$(asan) $(MAKE) --no-print-directory O='$(O)/asan' SAN=address,undefined DEBUG= check-sanitized

# Reports go to files: standard error is the test's, and a status may be expected.
check-sanitized:
	@rm -f '$(abspath $(O))'/report.*
	@$(tester) $(unit) $(or $(wildcard $(E2E)),$(e2e)); status=$$?; \
	for report in '$(abspath $(O))'/report.*; do \
		[ ! -e "$$report" ] || { cat "$$report"; status=1; }; \
	done; exit $$status

check-valgrind: ## the unit tests under valgrind
	@.ci/packages build tests valgrind
	@$(again) $(unit)
	@FL_WRAPPER='valgrind -q --error-exitcode=9 --leak-check=full --errors-for-leak-kinds=definite' \
		FL_LIMIT=600 $(tester) $(unit)

check-matrix: all ## the same twelve tests on every framework, however linked; M='check gtest' picks
	@.ci/packages build tests
	@CC='$(CC)' CXX='$(CXX)' FL_BUILD='$(abspath $(O))' FL_SRC='$(CURDIR)' tests/matrix/run $(M)

check-transparency: all ## programs and suites of the distribution, with and without the preload; T=NAME picks
	@.ci/packages build tests transparency
	@FL_BUILD='$(abspath $(O))' FL_SRC='$(CURDIR)' tests/transparency/run $(T)

lint: ## clang-tidy, cppcheck and gcc -fanalyzer find nothing; F='FILE...' picks
	@.ci/packages build lint
	@$(MAKE) --no-print-directory compile_commands.json
	@FL_BUILD='$(abspath $(O))' FL_FLAGS='-std=gnu11 -Iinclude -O2 $(package_flags)' .ci/lint $(or $(F),$(inside_c) $(flag_c) $(author_c) $(outside_c))

format: ## clang-format on lines that are not committed; F='FILE...' on whole files; SINCE=COMMIT
	@.ci/packages lint
	@.ci/format --since $(SINCE) $(F)

format-check: ## shows what format would change, and fails
	@.ci/packages lint
	@.ci/format --check --since $(SINCE) $(F)

golden: ## rewrites tests/golden; review the diff
	@.ci/packages build tests
	@$(again) tests
	@FL_GOLDEN_UPDATE=1 $(tester) $(unit)

bench: ## prints speed and memory beside the bare floor of this machine
	@.ci/packages build tests
	@$(again) all $(bench) $(filter %/trivial,$(fixtures))
	@FL_BUILD='$(abspath $(O))' FL_SRC='$(CURDIR)' tests/bench/run

demo: ## gets what the build needs, builds, finds a flaky test in a real program
	@.ci/packages build
	@$(again) all $(demo)
	@FL_BUILD='$(O)' examples/demo/run

deps: ## installs the packages that build and tests need (asks first, unless root or DEPS=yes)
	@.ci/packages build tests

# ---- install --------------------------------------------------------------------------------

# Completions: the command prints them.
bash_file = share/bash-completion/completions/flicker
zsh_file  = share/zsh/site-functions/_flicker
fish_file = share/fish/vendor_completions.d/flicker.fish

# What install makes, and uninstall removes.
pkgconfigs = $(patsubst adapters/%.in,$(LIBDIR)/%,$(wildcard adapters/pkgconfig/*.pc.in))
cmakes = $(sort $(wildcard adapters/cmake/*.cmake))
installed = bin/flicker $(LIBDIR)/flicker/libflicker.so $(LIBDIR)/libflicker-plugin.so $(LIBDIR)/libflicker-plugin.a \
	$(LIBDIR)/libflicker-exec.so.0 $(LIBDIR)/libflicker-exec.so $(LIBDIR)/libflicker-exec.a \
	$(pkgconfigs) share/aclocal/flicker.m4 \
	$(addprefix $(LIBDIR)/cmake/Flicker/,$(notdir $(cmakes)) FlickerConfigVersion.cmake) \
	$(headers:include/%=include/%) $(manuals:docs/%=share/man/man1/%) \
	$(addprefix share/doc/flicker/,$(notdir $(documents))) $(bash_file) $(zsh_file) $(fish_file)
# The folders of its own among them.
own_folders = $(LIBDIR)/flicker $(LIBDIR)/cmake/Flicker include/flicker/xunit include/flicker share/doc/flicker

at = $(DESTDIR)$(PREFIX)
fill = sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@LIBDIR@|$(LIBDIR)|' -e 's|@VERSION@|$(VERSION)|'

install: all ## into $(DESTDIR)$(PREFIX)
	install -d $(addprefix '$(at)'/,bin $(LIBDIR)/pkgconfig share/aclocal share/man/man1 $(own_folders) \
		$(dir $(bash_file) $(zsh_file) $(fish_file)))
	install -m 755 $(O)/flicker '$(at)/bin/flicker'
	install -m 644 $(O)/libflicker.so '$(at)/$(LIBDIR)/flicker/libflicker.so'
	install -m 644 $(O)/libflicker-plugin.so $(O)/libflicker-plugin.a $(O)/libflicker-exec.so.0 \
		$(O)/libflicker-exec.a '$(at)/$(LIBDIR)'
	ln -sf libflicker-exec.so.0 '$(at)/$(LIBDIR)/libflicker-exec.so'
	install -m 644 $(wildcard include/flicker/*.h) '$(at)/include/flicker'
	install -m 644 $(wildcard include/flicker/xunit/*.h) '$(at)/include/flicker/xunit'
	install -m 644 adapters/automake/flicker.m4 '$(at)/share/aclocal'
	install -m 644 $(cmakes) '$(at)/$(LIBDIR)/cmake/Flicker'
	$(fill) adapters/cmake/FlickerConfigVersion.cmake.in >'$(at)/$(LIBDIR)/cmake/Flicker/FlickerConfigVersion.cmake'
	for f in $(notdir $(pkgconfigs)); do $(fill) adapters/pkgconfig/$$f.in >'$(at)/$(LIBDIR)/pkgconfig/'$$f || exit 1; done
	$(if $(manuals),install -m 644 $(manuals) '$(at)/share/man/man1')
	install -m 644 $(documents) '$(at)/share/doc/flicker'
	$(O)/flicker help --completion bash >'$(at)/$(bash_file)'
	$(O)/flicker help --completion zsh >'$(at)/$(zsh_file)'
	$(O)/flicker help --completion fish >'$(at)/$(fish_file)'

uninstall: ## removes exactly that
	rm -f $(addprefix '$(at)'/,$(installed))
	@for d in $(addprefix '$(at)'/,$(own_folders)); do [ ! -d "$$d" ] || rmdir "$$d" || :; done

# ---- the rest -------------------------------------------------------------------------------

compile_commands.json: ## $(O)/compile_commands.json, for editors; clangd looks into build/ by itself
	@mkdir -p $(O)
	@{ printf '['; comma=; \
	entry() { printf '%s\n{"directory": "%s", "file": "%s", "command": "%s"}' "$$comma" '$(CURDIR)' "$$1" \
		"$$(printf '%s -c %s' "$$2" "$$1" | sed 's/[\\"]/\\&/g')"; comma=,; }; \
	for f in $(inside_c) $(flag_c) $(author_c); do entry "$$f" '$(CC) $(inside_flags)'; done; \
	for f in $(outside_c) $(unit_c); do entry "$$f" '$(CC) $(outside_flags) $(cmocka_flags)'; done; \
	for f in $(cmocka_c) $(bench_c) $(demo_c); do entry "$$f" '$(CC) $(test_flags)'; done; \
	printf '\n]\n'; } >$(O)/compile_commands.json

clean: ## removes what was built
	rm -rf $(O)/obj $(O)/unit $(O)/fixtures $(O)/bench $(O)/demo $(O)/adapter $(O)/asan \
		$(O)/transparency
	rm -f $(O)/flicker $(libraries) $(O)/outside.a $(O)/flags $(O)/compile_commands.json
	-@rmdir $(O) 2>/dev/null || true

help: ## this list
	@echo 'usage: make [target] [setting=value ...]'
	@echo
	@sed -n 's/^\([a-z0-9_.-]*\):.*## \(.*\)/\1|\2/p' Makefile | \
		awk -F'|' '{ printf "  %-22s %s\n", $$1, $$2 }'
	@echo
	@echo 'settings:'
	@echo '  O=DIR                  where to build ($(O))'
	@echo '  PREFIX=DIR             where to install ($(PREFIX)); DESTDIR=DIR goes before it'
	@echo '  LIBDIR=DIR             the libraries below it ($(LIBDIR)); lib64, lib/x86_64-linux-gnu'
	@echo '  CC=, CFLAGS=, LDFLAGS= the compiler and its flags ($(CC), $(CFLAGS))'
	@echo '  SAN=LIST               sanitize the command and the unit tests, e.g. address,undefined'
	@echo '  DEBUG=1  V=1  WERROR=1 -O0; show commands; warnings are errors (so under CI=true)'
	@echo '  F=FILES  E2E=  T=      which files, scripts, programs; SINCE=COMMIT for format ($(SINCE))'
	@echo '  DEPS=yes               install packages without asking'

FORCE:
.PHONY: FORCE all tests missing check check-unit check-e2e check-guest check-examples check-layers check-headers \
	check-exports check-compilers check-asan check-sanitized check-valgrind check-transparency \
	lint format format-check golden bench demo deps install uninstall compile_commands.json clean help
.DELETE_ON_ERROR:
.SUFFIXES:

-include $(inside_o:.o=.d) $(flag_o:.o=.d) $(author_o:.o=.d) $(outside_o:.o=.d) $(unit:=.d) $(fixtures:=.d) $(bench:=.d)
