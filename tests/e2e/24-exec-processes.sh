# SPDX-License-Identifier: MIT
# flicker exec leaves nothing behind: trees, signals, big outputs, descriptors.
. "$FL_SRC/tests/e2e/lib.sh"

# Not a process is left whose arguments hold this word; looked at once, at once.
none_left() {
	pgrep -f -- "$1" >left.log || { rm -f left.log; return 0; }
	ps -fp "$(paste -sd, left.log)"
	return 1
}
# A time that no other test sleeps.
naps=0
nap() {
	naps=$((naps + 1))
	nap=$(printf '60.%07d%02d' $$ $naps)
}

# ---- what a run leaves running ----

# description, shell command with $nap in it, status
leaves() {
	what=$1 want=$3
	nap
	command=$(echo "$2" | sed "s/NAP/$nap/g")
	run_flicker exec -n 2 --timeout 5 "$command"
	t "$what: the run has its own outcome" status_is "$want"
	t "$what: nothing is left" none_left "$nap"
}
leaves 'a background process' 'sleep NAP & exit 0' 0
leaves 'a background process that holds the output' 'sleep NAP & echo x; exit 1' 1
leaves 'a session of its own' 'setsid sleep NAP & exit 0' 0
leaves 'a daemon, forked twice' '(setsid sh -c "sleep NAP & exit 0" &) ; exit 0' 0
leaves 'one that ignores signals' '(trap "" TERM HUP INT QUIT; sleep NAP) & exit 0' 0
leaves 'one that is stopped' 'sleep NAP & kill -STOP $!; exit 0' 0
leaves 'a tree' 'for i in 1 2 3 4 5 6 7 8; do (setsid sh -c "sleep NAP & sleep NAP & wait" &) ; done; exit 0' 0
t 'a tree: it is said' has err '2 runs left processes running, which were ended$'
cat >daemon.py <<'END'
import os, sys, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for fd in range(3):
            os.close(fd)
        os.execvp("sleep", ["sleep", sys.argv[1]])
    os._exit(0)
END
leaves 'a daemon as of the book' 'python3 daemon.py NAP' 0
cat >forks.py <<'END'
import os, sys, time
# each forks a child and ends, for as long as nobody ends them all, and 20 s at most
begin = time.monotonic()
while time.monotonic() - begin < 20 and (os.fork() == 0 or time.sleep(float(sys.argv[2]))):
    pass
END
leaves 'one that keeps forking' 'setsid python3 forks.py NAP 0.001 & sleep 0.2; exit 0' 0
run_flicker exec -n 3 -j 3 'sleep 0.2'
t 'what a run waits for is not left' not has err 'left processes'
run_flicker exec -n 3 "sh -c '(true &); sleep 0.2'"
t 'an orphan that has ended is not left' not has err 'left processes'

nap
run_flicker exec --timeout 0.3 "trap '' TERM INT; setsid sleep $nap & (trap '' TERM; sleep $nap); sleep $nap"
t 'out of time: failed' status_is 1
t 'out of time: nothing is left' none_left "$nap"
nap
run_flicker exec -n 50 -j 6 "setsid sleep $nap & test #count# != 4 || exit 1; trap '' TERM; sleep $nap"
t 'first failure: failed' status_is 1
t 'first failure: nothing of the others is left' none_left "$nap"
run_flicker exec -n 3 'kill -KILL $PPID; sleep 30'
t 'a run that kills its parent: failed' status_is 1
t 'a run that kills its parent: said' has err 'run 1: lost, as its parent was killed$'

# ---- signals ----

# Ends `flicker exec` by a signal once all four run: prints milliseconds until it is gone, then its exit code.
cat >interrupt.py <<'END'
import os, signal, subprocess, sys, time
flicker, number, nap, started = sys.argv[1], getattr(signal, sys.argv[2]), sys.argv[3], sys.argv[4]
command = f"echo x >>{started}; setsid sleep {nap} & trap '' INT TERM HUP; sleep {nap}; sleep {nap}"
for name in "SIGINT", "SIGTERM", "SIGHUP":
    signal.signal(getattr(signal, name), signal.SIG_DFL)
p = subprocess.Popen([flicker, "exec", "-n", "20", "-j", "4", command], stdout=open("out", "w"), stderr=open("err", "w"))
while not os.path.exists(started) or os.path.getsize(started) < 8:
    time.sleep(0.01)
time.sleep(0.05)
begin = time.monotonic()
p.send_signal(number)
p.wait()
print(round((time.monotonic() - begin) * 1000), p.returncode)
END
for signal in SIGINT:130 SIGTERM:143 SIGHUP:129; do
	code=${signal#*:} signal=${signal%:*} best=100000
	for try in 1 2 3; do
		nap
		took=$(timeout 30 python3 interrupt.py "$flicker" "$signal" "$nap" "started.$naps")
		t "$signal: exit code $code" is "${took#* }" "$code"
		t "$signal: nothing is left" none_left "$nap"
		[ "${took% *}" -lt "$best" ] && best=${took% *}
	done
	t "$signal: gone within 0.2 s (here $best ms)" test "$best" -lt 200
	t "$signal: what was seen is said" has err '^flicker: interrupted; 4 runs: 0 passed, 0 failed, 4 cancelled;'
	t "$signal: every run is told" is "$(sort out | tr '\n' ' ')" \
		'CANCELLED (run 1) CANCELLED (run 2) CANCELLED (run 3) CANCELLED (run 4) '
done
run env --ignore-signal=HUP sh -c '"$1" exec -n 1 "sleep 0.5" & sleep 0.2; kill -HUP $!; wait $!' sh "$flicker"
t 'what was ignored stays ignored' status_is 0
nap
run timeout -s KILL 1 "$flicker" exec -n 2 -j 2 "setsid sleep $nap & sleep $nap"
sleep 0.3
t 'killed: nothing is left' nothing_runs "$nap"
run env --ignore-signal=CHLD "$flicker" exec -n 2 -k 'exit #count#'
t 'SIGCHLD ignored: outcomes are known all the same' has err 'run 1: exit code 1, run 2: exit code 2$'
run env --block-signal=TERM "$flicker" exec -n 1 -- \
	awk '/SigBlk/ { print >"/dev/stderr" } END { exit 1 }' /proc/self/status
t 'a run has the signal mask that we were given' has out '^SigBlk:.0000000000004000$'
run_flicker exec -n 1 'grep -hE "Sig(Blk|Ign|Cgt)" /proc/self/status >&2; grep -qE "SigIgn:.*[1-9]" /proc/self/status; exit 1'
t 'and no other' has out '^SigBlk:.0000000000000000$'
grep -h SigIgn /proc/self/status >ignored
t 'it ignores what we ignore' grep -qxF "$(cat ignored)" out

# ---- limits ----

run timeout -k 1 30 sh -c 'ulimit -n 20; exec "$1" exec -n 100 -j 60 true' sh "$flicker"
t 'few descriptors: fewer runs at a time' is "$status $(grep -c PASS out)" '0 100'

# ---- the terminal ----

cat >terminal.py <<'END'
import os, pty, sys
pid, fd = pty.fork()
if pid == 0:
    os.execv(sys.argv[1], [sys.argv[1], "exec", "-n1", "read x </dev/tty || exit 1"])
text = b""
try:
    while some := os.read(fd, 4096):
        text += some
except OSError:
    pass
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), text)
END
what='a run has no terminal, and does not wait for one'
if python3 -c 'import pty; pty.openpty()' 2>/dev/null; then
	timeout 20 python3 terminal.py "$flicker" >terminal
	t "$what" has terminal '^1 .*/dev/tty'
else
	t_skip "$what" 'no terminals here'
fi

# ---- outputs ----

run_flicker exec -n 1 'head -c 1048576 /dev/zero | tr "\0" x >&2; exit 1'
t '1 MiB on standard error is all kept' is "$(tail -n +2 out | tr -d '\n' | wc -c)" 1048576
run_flicker exec -n 1 'seq 1000000 >&2; exit 1'
t 'of more, the first is kept' is "$(sed -n 2,5p out | tr '\n' ' ')" '1 2 3 4 '
t 'and the last' is "$(tail -n 1 out)" 1000000
t 'and what is left out is said' has out '^\[5840320 bytes left out here\]$'
run_flicker exec -n 1 'seq 1000000; echo little >&2; exit 1'
t 'much of the other does not matter' is "$(cat out)" "$(printf 'FAIL (run 1)\nlittle')"
cat >peak.py <<'END'
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
END
peak=$(timeout 60 python3 peak.py "$flicker" exec -n 3 -j 3 'head -c 100000000 /dev/zero')
t "3 x 100 MB of output: below 24 MiB of memory (here $peak KiB)" test "$peak" -lt 24576
run_flicker exec -n 2000 -j 2 true
t 'two thousand runs: each is told' is "$(grep -c PASS out)" 2000
run sh -c '"$1" exec -n 100000 true | head -n 1' sh "$flicker"
t 'nobody reads on: it ends' is "$(cat out)" PASS
t 'and says so' has err 'cannot write to standard output: Broken pipe'
run sh -c '"$1" exec -n 3 true >/dev/full' sh "$flicker"
t 'standard output is full: 70' status_is 70
t 'and why' has err 'cannot write to standard output: No space left on device'

# ---- descriptors ----

exec 7</dev/null
sh -c 'ls /proc/self/fd >list; :'
run_flicker exec -n 3 -k 'ls /proc/self/fd >list#count#; exit 1'
exec 7<&-
t 'a run has what was given to us, and nothing of ours' same list list3
t 'such as 7' has list3 '^7$'
run sh -c '"$1" exec -n 2 -k "ls -l /proc/self/fd >&2; exit 1" <&- >out.file 2>&-' sh "$flicker"
t 'standard descriptors that are closed to us are no harm' is "$(grep -c ' [012] -> ' out.file)" 6
t 'nor do pipes take their place' is "$(grep -c ' 0 -> /dev/null' out.file)" 2

finish
