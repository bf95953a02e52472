# SPDX-License-Identifier: MIT
# flicker exec: what it prints, its options and their other names, tokens, bad input.
. "$FL_SRC/tests/e2e/lib.sh"

# ---- pass and fail ----

run_flicker exec true
t 'ten passes: 0' status_is 0
t 'ten lines' is "$(sort out | uniq -c | tr -s ' ')" ' 10 PASS'
t 'the last line counts' has err '^flicker: 10 runs: 10 passed, 0 failed \(95 % sure: below 26 %\); .* runs/s$'
t 'and is the only one' line_count_is err 1

run_flicker exec -n 25 'test #count# -lt 4 || { echo why >&2; exit 3; }'
t 'a failure: 1' status_is 1
printf 'PASS\nPASS\nPASS\nFAIL (run 4)\nwhy\n' >want
t 'it ends there, with what it wrote' same want out
t 'and says how' has err '^flicker: 4 runs: 3 passed, 1 failed \(25 %\); .*; run 4: exit code 3$'
run_flicker exec -n 3 "echo said; exit 1"
t 'without a word on standard error, standard output' is "$(cat out)" "$(printf 'FAIL (run 1)\nsaid')"
run_flicker exec -n 3 'echo said; echo why >&2; exit 1'
t 'with one, only that' is "$(cat out)" "$(printf 'FAIL (run 1)\nwhy')"
run_flicker exec -n 3 'kill -SEGV $$'
t 'a signal is a failure' status_is 1
t 'and told' has err 'run 1: signal 11, Segmentation fault$'
run_flicker exec --timeout 0.2 'sleep 30'
t 'a timeout is a failure' status_is 1
t 'and told, too' has err 'run 1: timeout after 0\.2 s$'
run_flicker exec -n 2 --timeout 20 'sleep 0.1'
t 'in time is no timeout' status_is 0
run_flicker exec 'printf "a\0\033[31mb\351" >&2; exit 1'
printf 'FAIL (run 1)\na\0\033[31mb\351\n' >want
t 'to a file, every byte as it was' same want out

# ---- all runs, several at a time ----

run_flicker exec -n 6 --keep-going 'test $((#count# % 2)) = 1'
t '--keep-going: still 1' status_is 1
t '--keep-going: all runs are made' is "$(grep -c PASS out) $(grep -c FAIL out)" '3 3'
t '--keep-going: the failures are told' has err '6 runs: 3 passed, 3 failed \(50 %\).*run 2: exit code 1, run 4: exit code 1, run 6: exit code 1$'
for jobs in 2 3 8 60; do
	run_flicker exec -n 60 -j $jobs -k 'echo begin #count# >&2; echo end #count# >&2; exit 1'
	t "-j $jobs: every run is told, once" is "$(sed -n 's/FAIL (run \(.*\))/\1/p' out | sort -n | tr '\n' ' ')" "$(seq -s ' ' 60) "
	awk '/^FAIL/ { sub(/.*run /, ""); n = $0 + 0; getline a; getline b
		if (a != "begin " n || b != "end " n) print n, a, b }' out >torn
	t "-j $jobs: outputs are not mixed" is_empty torn
done
run_flicker exec -n 100 -j 8 'echo #count# >>started; test #count# != 5 || exit 1; sleep 30'
t 'a failure ends the others' is "$(grep -c CANCELLED out) $(grep -c FAIL out)" "$(($(wc -l <out) - 1)) 1"
t 'every run that was started is told' is "$(wc -l <out)" "$(sed -n 's/^flicker: \([0-9]*\) runs: .*/\1/p' err)"
sed -n 's/.*(run \([0-9]*\))/\1/p' out | sort >told
sort started | comm -23 - told >untold
t 'none has run that is not told' is_empty untold
run sh -c 'exec "$1" exec -n 4 -j 4 "sleep 0.5"' sh "$flicker"
t 'four at a time take the time of one' has err '; [5-9][0-9][0-9](\.[0-9]*)? ms,|; 1\.[0-9]* s,'

# ---- tokens ----

run_flicker exec -n 1 -- sh -c 'echo "$@" >&2; exit 1' sh '#count#' 'a#count#b#count#' '#port#' 'p#port#'
t 'tokens in every argument' has out '^1 a1b1 ([0-9]+) p\1$'
run_flicker exec -n 2 -c @ -- sh -c 'echo "$1 $2" >&2; exit 1' sh @ '#count#'
t '--counter-token' has out '^1 #count#$'
run_flicker exec -n 1 -c '$N' "echo \$N x >&2; exit 1"
t 'a token that is the shell'"'"'s is not the shell'"'"'s' has out '^1 x$'
run_flicker exec -n 3 -k "$flicker exec -n1 'exit #count#'"
t 'a word that is a token begins no comment' has out '^FAIL \(run 3\)$'
run_flicker exec -n 3 -j 3 'echo x >log#count#.txt'
t 'a log of its own' is "$(echo log*.txt)" 'log1.txt log2.txt log3.txt'
cp /bin/true prog1
run_flicker exec -n 2 './prog#count#'
t 'in the name of the program, too' is "$(cat out)" "$(printf 'PASS\nFAIL (run 2)')"
t 'of which one may be missing' has err 'run 2: it could not be run: No such file'
cat >bind.py <<'END'
import socket, sys, time
for kind in socket.SOCK_STREAM, socket.SOCK_DGRAM:
    s = socket.socket(socket.AF_INET, kind)
    s.bind(("", int(sys.argv[1])))
time.sleep(0.2)
END
run_flicker exec -n 16 -j 8 'python3 bind.py #port#'
t '#port#: all can be bound' status_is 0
run_flicker exec -n 40 -j 8 -k 'echo #port# >&2; sleep 0.02; exit 1'
t '#port#: differ' is "$(grep -c '^[0-9]*$' out) $(grep '^[0-9]*$' out | sort | uniq -d | wc -l)" '40 0'

# ---- how a command is read ----

cat >args <<'END'
#!/bin/sh
for a; do echo "<$a>" >&2; done
exit 1
END
chmod +x args
run_flicker exec -n 1 "./args 'a b' \"c \\\"d\\\"\" e\\ f '\$HOME' ''"
t 'quotes' is "$(sed 1d out | tr '\n' ' ')" '<a b> <c "d"> <e f> <$HOME> <> '
run_flicker exec -n 1 './args $X "$X"  *.none'
t 'what a shell expands' is "$(sed 1d out | tr '\n' ' ')" '<> <*.none> '
run_flicker exec -n 1 -- ./args 'a b' '$X' '|' ''
t 'several words are as they are' is "$(sed 1d out | tr '\n' ' ')" '<a b> <$X> <|> <> '
run_flicker exec -n 1 ./args -n 5 --quiet
t 'options behind the program are its own' is "$(sed 1d out | tr '\n' ' ')" '<-n> <5> <--quiet> '
run env -u X "$flicker" exec -n 1 'ps -o comm= -p $PPID; ps -o comm= -p $$; exit 1'
t 'what needs a shell gets one' has out '^sh$'
run_flicker exec -n 1 'cat /proc/self/comm /nowhere'
t 'what needs none has none' has out '/nowhere'
echo 'echo no interpreter >&2; exit 1' >bare
chmod +x bare
run_flicker exec -n 1 ./bare
t 'a script without a first line is run as a shell would' has out '^no interpreter$'
echo data | run "$flicker" exec -n 1 'cat; readlink /proc/self/fd/0; exit 1'
t 'standard input is empty, whatever ours is' is "$(cat out)" "$(printf 'FAIL (run 1)\n/dev/null')"

# ---- other names of the options ----

same_as() {
	name=$1
	shift
	run_flicker exec "$@"
	t "$name" is "$status $(sort out | uniq -c | tr -s ' \n' ' ')" "1  1 FAIL (run 2) 1 FAIL (run 3) 1 PASS "
}
command='test #count# = 1'
same_as '-n -j -k' -n 3 -j 2 -k "$command"
same_as '-m -p -o' -m 3 -p 2 -o "$command"
same_as 'deflake'"'"'s long ones' --max-runs 3 --pool-size 2 --continue "$command"
same_as 'ours' --runs=3 --jobs=2 --keep-going "$command"
same_as 'a letter with its value' -m3 -p2 -o "$command"
same_as 'letters together' -on 3 "$command"
run_flicker exec -qm 3 'false'
t '-q: prints nothing' is "$status $(cat out err)" '1 '
run_flicker exec -h
t '-h: the page' has out '^usage: flicker exec '
mandoc -T ascii "$FL_SRC/docs/flicker.1" 2>/dev/null | sed "s/.$(printf '\b')//g" >manual
if [ -s manual ]; then
	sed -n '/^   Options of exec/,/^   Options of help/p' manual >section
	for name in -n -m --max-runs -j -p --pool-size -c -k -o --continue -q; do
		t "the manual knows $name" grep -qE -- "(^| )$name[ .,]" section
		t "help knows $name" grep -qE -- " $name(,|\$)" out
	done
fi

# ---- colour ----

python3 - "$flicker" >terminal <<'END'
import os, pty, sys
for extra in {}, {"NO_COLOR": "1"}:
    pid, fd = pty.fork()
    if pid == 0:
        os.environ.update(TERM="xterm", **extra)
        os.execv(sys.argv[1], [sys.argv[1], "exec", "-n2", "test #count# = 1 || { printf '\\033[2J\\0x'; exit 1; }"])
    text = b""
    while True:
        try:
            some = os.read(fd, 4096)
        except OSError:
            break
        if not some:
            break
        text += some
    os.waitpid(pid, 0)
    print(repr(text.split(b"flicker:")[0]))
END
t 'colour on a terminal, and nothing that harms it' is "$(sed -n 1p terminal)" \
	"b'\\x1b[92mPASS\\x1b[0m\\r\\n\\x1b[91mFAIL (run 2)\\x1b[0m\\r\\n\\\\x1b[2J\\\\x00x\\r\\n'"
t 'none with NO_COLOR' is "$(sed -n 2p terminal)" "b'PASS\\r\\nFAIL (run 2)\\r\\n\\\\x1b[2J\\\\x00x\\r\\n'"

# ---- bad input: one line, 64, and nothing is run ----

refused() {
	what=$1 line=$2
	shift 2
	run_flicker exec "$@"
	t "$what: 64" status_is 64
	t "$what: one line" says_one_line "$line"
}
refused 'no run at all' "'-n' wants a whole number from 1 to" -n 0 'touch ran'
refused 'fewer than none' "'--max-runs' wants a whole number from 1 to .*'-3'" --max-runs -3 'touch ran'
refused 'runs that are no number' "'-m' wants .*'x'" -m x 'touch ran'
refused 'no job' "'-p' wants a whole number from 1 to 256, not '0'" -p 0 'touch ran'
refused 'an empty token' "'-c' wants some text" -c '' 'touch ran'
refused 'no time at all' "'--timeout' wants seconds" --timeout 0 'touch ran'
refused 'an unknown option' "unknown option '--pool-szie' for 'exec'; did you mean '--pool-size'" --pool-szie 3 'touch ran'
refused 'an unknown letter' "unknown option '-x' for 'exec'" -x 'touch ran'
refused 'an unknown letter among others' "unknown option '-x' for 'exec'" -kx 'touch ran'
refused 'a letter without its value' "'-n' lacks its value" -n
refused 'no command' 'names no command' -n 3
refused 'an empty command' 'names no command' ''
refused 'a program that is not there' "no program 'no-such-program' on PATH" 'no-such-program a b'
refused 'a file that is not there' "no such program './nowhere'" ./nowhere a
refused 'a file that is no program' "'./want' is not executable" ./want
refused 'quotes that do not close' 'quotes do not close' "echo 'a"
refused 'what a shell cannot read' 'the shell cannot read the command: .*[sS]yntax' 'touch ran; if true; fi'
refused 'options behind the command' 'options go before the command' 'touch ran' -p 4
t 'nothing was run' not test -e ran
run_flicker exec -n 1 'no-such-program | cat'
t 'a program a shell will not find is warned of' has err "^flicker: warning: no program 'no-such-program' on PATH"

finish
