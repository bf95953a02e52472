# SPDX-License-Identifier: MIT
# With nothing suspect and nothing failed: no output, no file, no command, the same exit code.
. "$FL_SRC/tests/e2e/lib.sh"

# NAME, command...: runs it with and without the preload; output, status and files must be equal
untouched() {
	name=$1
	shift
	mkdir -p "$name.plain" "$name.loaded"
	(cd "$name.plain" && run "$@" && echo "$status" >status)
	(cd "$name.loaded" && run env LD_PRELOAD="$library" "$@" && echo "$status" >status)
	t "$name: untouched" diff -r "$name.plain" "$name.loaded"
}

untouched stable "$cmocka/stable"
untouched groups "$cmocka/groups"
untouched skip "$cmocka/skip"
untouched forker "$cmocka/forker"
untouched group_leak "$cmocka/group_leak"
untouched filtered "$cmocka/filtered"
untouched nested "$cmocka/nested"
untouched file_limit sh -c "ulimit -f 100; '$cmocka/stable'"
untouched held_lock env MAKEFLAGS= "$cmocka/held_before" lock
untouched held_pipe env MAKEFLAGS= "$cmocka/held_before" pipe
untouched literal_seed "$cmocka/literal_seed"
untouched threads "$cmocka/threads_before"
untouched unseeded "$cmocka/unseeded"
untouched xml env CMOCKA_MESSAGE_OUTPUT=XML "$cmocka/groups"
untouched xml_file env CMOCKA_MESSAGE_OUTPUT=XML CMOCKA_XML_FILE=result-%g.xml "$cmocka/groups"
untouched tap env CMOCKA_MESSAGE_OUTPUT=TAP "$cmocka/groups"
untouched sh sh -c 'echo in; exit 7'
untouched env sh -c 'echo "preload=$LD_PRELOAD" | sed "s/=.*/=/"'
untouched true /bin/true
untouched false /bin/false
untouched cat sh -c 'echo text | cat'
untouched pattern env FLICKER_SUSPECT='nothing.like.it' "$cmocka/stable"

run_preloaded sh -c 'echo "$LD_PRELOAD"'
t 'a process that runs no tests keeps its preload' has out 'libflicker.so'

FLICKER_COMMAND=/nonexistent run_preloaded "$cmocka/failing"
t 'no command: the tests run on' status_is 1
t 'no command: one line says so' is "$(grep -c '^flicker:' err)" 1
t 'no command: which line' has err "^flicker: cannot find the command '/nonexistent'; set FLICKER_COMMAND to its path; the tests go on"
t 'no command: no report' not ls ./*.flicker.json

FLICKER_COMMAND=/bin/true run_preloaded "$cmocka/failing"
t 'a command that does not answer: the tests run on' status_is 1
t 'a command that does not answer: one line' is "$(grep -c '^flicker:' err)" 1

# Found by an explicit report path even with nothing suspect.
FLICKER_REPORT=json=asked.json run_preloaded "$cmocka/stable"
t 'asked for: a report' holds asked.json '.totals.not_suspect == 3 and .totals.attempts == 0'
t 'asked for: the own exit code' status_is 0
finish
