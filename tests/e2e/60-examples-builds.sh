# SPDX-License-Identifier: MIT
# examples/meson and examples/automake: what was built for their own `test` and `check` runs under flicker.
. "$FL_SRC/tests/e2e/lib.sh"
PATH=$FL_BUILD:$PATH
unset MAKEFLAGS CFLAGS LDFLAGS

# The flaky ones fail once in ten times: 400 attempts all pass with odds of 0.9^400 < 1e-18.
flaky='env FLICKER_ALL=1 FLICKER_RUNS=400 FLICKER_TIME=none'

# ---- meson ----

if command -v meson >/dev/null 2>&1 && command -v ninja >/dev/null 2>&1; then
	cp -r "$FL_SRC/examples/meson" meson
	t 'meson: sets up' meson setup meson/build meson
	t 'meson: builds' meson compile -C meson/build

	for how in '--wrapper flicker\ run\ --' '--setup flicker'; do
		rm -f meson/build/*.flicker.json
		run sh -c "$flaky meson test -C meson/build $how"
		t "meson test $how: the flaky ones fail" not status_is 0
		t "meson test $how: cmocka" verdict_is meson/build/test_stack.flicker.json stack.grows flaky
		t "meson test $how: a line of TAP" verdict_is meson/build/test_tap.flicker.json \
			test_tap.is%20in%20time flaky
		t "meson test $how: another line" verdict_is meson/build/test_tap.flicker.json \
			test_tap.is%20there stable
	done
	run sh -c "FLICKER_POLICY=tolerate $flaky meson test -C meson/build --setup flicker stack"
	t 'meson: --policy tolerate lets it pass' status_is 0
	t 'meson: its log has the finding' has meson/build/meson-logs/testlog-flicker.txt '^FLAKY +stack.grows'
else
	t_skip 'examples/meson' 'no meson'
fi

# ---- automake, with libtool ----

if command -v autoreconf >/dev/null 2>&1; then
	cp -r "$FL_SRC/examples/automake" without
	mkdir without/m4
	if [ -e "$(aclocal --print-ac-dir)/flicker.m4" ]; then
		t_skip 'automake: no flicker.m4' 'it is installed'
	else
		run sh -c 'cd without && autoreconf -i'
		t 'automake: no flicker.m4: autoreconf fails' not status_is 0
		t 'automake: no flicker.m4: and says why' has err 'configure.ac:.*FLICKER_TESTS'
		ACLOCAL_PATH=$FL_SRC/adapters/automake
		export ACLOCAL_PATH
		t 'automake: ACLOCAL_PATH names its folder' sh -c 'cd without && autoreconf -i && ./configure -q --with-flicker'
		unset ACLOCAL_PATH
	fi
	cp -r "$FL_SRC/examples/automake" automake
	mkdir automake/m4
	cp "$FL_SRC/adapters/automake/flicker.m4" automake/m4
	cd automake || exit 1
	t 'automake: autoreconf' autoreconf -i
	t 'automake: configure' ./configure -q --with-flicker
	run $flaky make check
	t 'automake: the flaky one fails' not status_is 0
	t 'automake: and is said to' has out '^FAIL: test_queue$'
	t 'automake: TAP by its driver' has out '^PASS: test_order.tap 1 - the second comes behind the first'
	t 'automake: flaky' verdict_is test_queue.flicker.json queue.everybody_has_a_place flaky
	t 'automake: behind the wrapper it is the program' \
		holds test_queue.flicker.json '.program.path | endswith(".libs/test_queue")'
	t 'automake: lines of TAP' holds test_order.tap.flicker.json 'all(.tests[]; .verdict == "stable")'
	t 'automake: its log has the finding' has test_queue.log '^FLAKY +queue.everybody_has_a_place'
	run ./configure -q --with-flicker=no-such-flicker
	t 'automake: another command that is not there' has err "there is no command 'no-such-flicker'"
	t 'automake: no flicker' ./configure -q
	rm -f ./*.flicker.json
	run $flaky make check
	t 'automake: then flicker is not there' is "$(ls ./*.flicker.json 2>/dev/null)" ''
	run $flaky make check LOG_COMPILER='flicker run --' TESTS=test_queue
	t 'automake: any package, by LOG_COMPILER' verdict_is test_queue.flicker.json queue.everybody_has_a_place flaky
	rm -f ./*.flicker.json
	run $flaky make check TESTS=test_queue AM_TESTS_ENVIRONMENT="LD_PRELOAD=$library; export LD_PRELOAD;"
	t 'automake: the library alone' verdict_is test_queue.flicker.json queue.everybody_has_a_place flaky
	t 'automake: fails all the same' not status_is 0
	cd ..
else
	t_skip 'examples/automake' 'no automake'
fi
finish
