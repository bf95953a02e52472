# SPDX-License-Identifier: MIT
# Living with flaky tests: entries of .flicker.ini and of --quarantine, what they excuse and until
# when, what is said of bad ones, `list --suspects`, and the entry that a finding proposes.
# One fixed seed: no chance decides.
. "$FL_SRC/tests/e2e/lib.sh"

known=$cmocka/known
here=$PWD
export FLICKER_SEED=0x5eed FLICKER_RUNS=40 FLICKER_UNTIL=runs FLICKER_MODE=fork FLICKER_TIME=none
export FLICKER_CONFIG=none

# FILE PATTERN [KEY = VALUE]...: writes an entry
entry() {
	entry_file=$1
	printf '[suspect "%s"]\n' "$2" >>"$entry_file"
	shift 2
	for line; do
		echo "$line" >>"$entry_file"
	done
}

# FILTER, options of run: status, out, err, r.json
judge() {
	filter=$1
	shift
	rm -f r.json
	run_flicker run --report json=r.json --filter "$filter" "$@" "$known"
}

# FILTER, variables: the same under a plain preload
judge_preloaded() {
	filter=$1
	shift
	rm -f r.json
	run env LD_PRELOAD="$library" FLICKER_REPORT=json=r.json FLICKER_FILTER="$filter" "$@" "$known"
}

# ---- what is listed is excused, whatever the policy ----

entry q.ini known.fails 'reason = the peer is slow' 'owner = net-team' 'ticket = N-1' 'until = 2099-12-31'
judge known.fails
t 'not listed: it gates' status_is 2
for policy in fail tolerate quarantine; do
	judge known.fails --policy $policy --quarantine q.ini
	t "$policy: listed, excused" status_is 0
	t "$policy: it is flaky all the same" verdict_is r.json known.fails flaky
	t "$policy: excused by its entry" holds_of r.json known.fails \
		'.excuse == "quarantine" and (.gates | not) and .host.outcome == "fail" and .host.quarantined'
	t "$policy: the program shows a skip" has err '^\[  SKIPPED \] fails$|^\[  SKIPPED \] 1 test'
done
t 'the report has every key, and where they stand' holds_of r.json known.fails '.suspect == {why: "annotated",
	reason: "the peer is slow", owner: "net-team", ticket: "N-1", until: "2099-12-31", origin: "q.ini:1", quarantined: true}'
t 'the report is what its schema says' is_valid r.json
t 'the summary says by what' has err \
	'^excused: known.fails, by its entry in a quarantine file \(owner net-team, ticket N-1, until 2099-12-31, at q.ini:1\)$'
t 'no entry is proposed for it' not has err 'suspect "known'
run_flicker report r.json
t 'a report that is read again says so, too' has out '^excused: known.fails, by its entry'

judge known.fails:known.also --quarantine q.ini
t 'what is not listed gates' status_is 2
t 'and fails in its place' has err '^\[  FAILED  \] also$'
judge known.fails:known.broken --quarantine q.ini
t 'a test that always fails is not excused beside it' status_is 1
entry broken.ini 'known.b*'
judge known.broken --quarantine broken.ini
t 'a test that always fails is not excused by an entry' status_is 1
t 'and it is said, as it shows a skip' has err '^not excused: known.broken: it is failing'
judge known.steady --quarantine q.ini
t 'an entry for another test: clean' status_is 0
t 'and nothing is said' not has err 'q.ini|known.fails'
entry steady.ini known.steady
judge known.steady --quarantine steady.ini
t 'what is listed is suspect though it passes' verdict_is r.json known.steady stable
judge known.steady --quarantine steady.ini --mode exec --runs 20
t 'the program sees nothing of the list, in fresh processes either' verdict_is r.json known.steady stable

# ---- where it is named ----

entry other.ini known.also
judge known.fails:known.also --quarantine q.ini --quarantine other.ini
t 'repeatable' status_is 0
FLICKER_QUARANTINE="q.ini
other.ini" judge known.fails:known.also
t 'by the variable' status_is 0
mkdir -p tree/ci tree/build && cp q.ini other.ini tree/ci
printf '[run]\nquarantine = ci/q.ini\n  ci/other.ini\n' >tree/.flicker.ini
FLICKER_CONFIG="$here/tree/.flicker.ini" judge known.fails:known.also
t 'by a key: relative to the file that says it' status_is 0
t 'with its place' holds_of r.json known.also '.suspect.origin | endswith("tree/ci/other.ini:1")'
FLICKER_CONFIG="$here/tree/.flicker.ini" judge known.fails:known.also --quarantine q.ini
t 'the command line replaces the key' status_is 2
run "$flicker" run --filter known.fails --quarantine absent.ini "$known"
t 'a file that is not there: usage' status_is 64
t 'in one line' says_one_line "cannot read 'absent.ini'"

# ---- under a plain preload: nothing is turned into a skip, the exit code is the same ----

judge_preloaded known.fails FLICKER_QUARANTINE=q.ini
t 'preload: excused' status_is 0
t 'preload: the program says failed' has err '^\[  FAILED  \] fails$'
t 'preload: by its entry' holds_of r.json known.fails '.excuse == "quarantine" and (.host.quarantined | not)'
judge_preloaded known.fails:known.also FLICKER_QUARANTINE=q.ini
t 'preload: what is not listed gates' status_is 2
judge_preloaded known.steady FLICKER_QUARANTINE=steady.ini
t 'preload: what is listed is suspect though it passes' verdict_is r.json known.steady stable
run env LD_PRELOAD="$library" FLICKER_FILTER=known.steady FLICKER_QUARANTINE=steady.ini "$known"
t 'preload: by that alone' verdict_is known.flicker.json known.steady stable
judge_preloaded known.fails FLICKER_QUARANTINE=absent.ini
t 'preload: a file that is not there leaves the program alone' status_is 5
t 'preload: and it is said' has err "^flicker: cannot read 'absent.ini'"

# ---- the other frameworks, scripts, and programs without a framework ----

# FRAMEWORK, PROGRAM, ID, SKIP: listed, it is excused; SKIP is how its output says skip, or empty
listed_in() {
	known=$FL_FIXTURES/$1/$2
	[ -x "$known" ] || { t_skip "$1: listed" 'not installed'; return; }
	rm -f its.ini
	entry its.ini "$3"
	judge "$3"
	t "$1: not listed, it gates" status_is 2
	judge "$3" --quarantine its.ini
	t "$1: listed, excused" status_is 0
	[ -z "$4" ] || t "$1: shown as a skip" holds_of r.json "$3" .host.quarantined
	cat out err >both
	[ -z "$4" ] || t "$1: said so" has both "$4"
}
listed_in check folds fold.tests.unmarked ''
listed_in cunit folds fold.unmarked ''
listed_in criterion folds fold.unmarked 'Tested: 0 .*Failing: 0'
listed_in gtest folds gtest_folds.unmarked '\[  SKIPPED \] gtest_folds.unmarked'
listed_in unity policies policies.unmarked ':unmarked:IGNORE'
listed_in process folds folds ''
cp "$known" speaks
known=./speaks
judge speaks.unlucky
t 'a line of TAP, not listed: it gates' status_is 2
entry tap.ini speaks.unlucky
judge speaks.unlucky --quarantine tap.ini
t 'a line of TAP: excused' status_is 0
known=$cmocka/known
run_flicker run --filter known.fails --quarantine q.ini --report json=r.json sh -c "$known; exit \$?"
t 'behind a shell: excused' status_is 0
t 'behind a shell: shown as a skip' has err '^\[  SKIPPED \] fails$|^\[  SKIPPED \] 1 test'

# ---- dates ----

entry old.ini known.fails 'until = 2001-01-31'
for policy in fail tolerate quarantine; do
	judge known.fails --policy $policy --quarantine old.ini
	t "expired, $policy: it gates" status_is 2
	t "expired, $policy: the note" has_note r.json known.fails expired
	t "expired, $policy: no skip" has err '^\[  FAILED  \] fails$'
	t "expired, $policy: the summary says so" has err \
		"^not excused: known.fails: its entry's date is past \(until 2001-01-31, at old.ini:1\)$"
done
judge_preloaded known.fails FLICKER_QUARANTINE=old.ini
t 'expired, preload: it gates' status_is 2
entry today.ini known.fails "until = $(date -u +%F)"
[ "$(date -u +%H%M)" = 2359 ] && sleep 61 && rm today.ini && entry today.ini known.fails "until = $(date -u +%F)"
judge known.fails --quarantine today.ini
t 'the date is the last day' status_is 0
entry past.ini known.steady 'until = 2001-01-31'
judge known.steady --quarantine past.ini
t 'expired and stable: it is listed with its note' has err '^stable +known.steady .*\[expired\]$'

# ---- crashes and sanitizers ----

entry crash.ini known.crashes 'reason = a wild pointer'
judge known.crashes --quarantine crash.ini
t 'a crash is not excused' status_is 2
t 'nor shown as a skip' has err '^\[  FAILED  \] crashes$'
t 'and it is said what would' has err '^not excused: known.crashes: it crashed .*crash = yes in its entry'
printf 'crash = no\n' >>crash.ini
judge known.crashes --quarantine crash.ini
t 'crash = no: the same' status_is 2
sed -i 's/^crash = no/crash = yes/' crash.ini
judge known.crashes --quarantine crash.ini
t 'crash = yes: excused' status_is 0
t 'and shown as a skip' has err '^\[  SKIPPED \] crashes$|^\[  SKIPPED \] 1 test'
judge_preloaded known.crashes FLICKER_QUARANTINE=crash.ini
t 'preload, crash = yes: excused' status_is 0

if gcc -std=gnu11 -g -w -fsanitize=address -I"$FL_SRC/include" -I"$FL_SRC/tests/fixtures/cmocka" \
	-o asan "$FL_SRC/tests/fixtures/cmocka/known.c" -lcmocka 2>/dev/null; then
	known=./asan
	entry asan.ini known.overruns
	judge known.overruns --quarantine asan.ini
	t 'a report of AddressSanitizer is not excused' status_is 2
	t 'it is one' has err 'AddressSanitizer: heap-buffer-overflow'
	echo 'crash = yes' >>asan.ini
	judge known.overruns --quarantine asan.ini
	t 'crash = yes: it is' status_is 0
	known=$cmocka/known
else
	t_skip 'a report of AddressSanitizer' 'no AddressSanitizer'
fi

# ---- source, quarantine file, .flicker.ini: which counts ----

judge known.marked
t 'annotated only: it gates' status_is 2
entry marked.ini known.marked 'ticket = Q-1'
judge known.marked --quarantine marked.ini
t 'annotated and listed: excused' status_is 0
t 'the source has the words' holds_of r.json known.marked '.suspect.ticket == "K-1"'
t 'and it is shown as a skip' has err '^\[  SKIPPED \] marked$|^\[  SKIPPED \] 1 test'
echo 'until = 2001-01-31' >>marked.ini
judge known.marked --quarantine marked.ini --policy quarantine
t 'the earlier date holds: that of the entry' status_is 2
t 'with its note' has_note r.json known.marked expired
entry dated.ini known.dated 'until = 2099-12-31'
judge known.dated --quarantine dated.ini
t 'the earlier date holds: that of the source' status_is 2
t 'no skip for it' has err '^\[  FAILED  \] dated$'

entry c.ini 'known.*' 'ticket = C-1' 'until = 2001-01-31'
FLICKER_CONFIG=c.ini judge known.fails --quarantine q.ini
t 'a quarantine file goes before .flicker.ini' status_is 0
t 'and counts alone' holds_of r.json known.fails '.suspect.ticket == "N-1"'
FLICKER_CONFIG=c.ini judge known.fails --policy tolerate
t 'an expired entry of .flicker.ini gates' status_is 2
sed -i 's/2001/2099/' c.ini
FLICKER_CONFIG=c.ini judge known.fails
t 'an entry of .flicker.ini leaves it to the policy: fail' status_is 2
FLICKER_CONFIG=c.ini judge known.fails --policy tolerate
t 'an entry of .flicker.ini leaves it to the policy: tolerate' status_is 0
FLICKER_CONFIG=c.ini judge known.fails --policy quarantine
t 'an entry of .flicker.ini leaves it to the policy: quarantine' status_is 0
t 'in quarantine it is shown as a skip' has err '^\[  SKIPPED \] fails$|^\[  SKIPPED \] 1 test'
entry first.ini known.fails 'until = 2001-01-31'
judge known.fails --quarantine first.ini --quarantine q.ini
t 'of two files the first that matches counts' status_is 2

# ---- bad files: one line with its place, before the program runs ----

# NAME, LINE, WORDS, text: refused
refused() {
	printf "$4" >bad.ini
	run_flicker run --filter known.steady --quarantine bad.ini "$known"
	t "$1: usage" status_is 64
	t "$1: one line with its place" says_one_line "bad.ini:$2: $3"
}
refused 'no key' 2 'neither' '[suspect "a"]\nreason\n'
refused 'no bracket' 1 "the section has no closing '\]'" '[suspect "a"\n'
refused 'no quotes' 1 'a section of suspects wants a pattern' '[suspect a]\n'
refused 'no date' 2 "key 'until' wants YYYY-MM-DD, not '2026-02-30'" '[suspect "a"]\nuntil = 2026-02-30\n'
refused 'neither yes nor no' 2 "key 'crash' wants yes or no, not '1'" '[suspect "a"]\ncrash = 1\n'
refused 'a key twice' 3 "key 'until' stands twice" '[suspect "a"]\nuntil = 2099-01-01\nuntil = 2098-01-01\n'
refused 'another section' 3 'a quarantine file holds sections' '[suspect "a"]\nreason = b\n[run]\nruns = 5\n'
refused 'a misspelt section' 1 'a quarantine file holds sections' '[suspekt "a"]\n'
refused 'a key before all sections' 1 'a quarantine file holds sections' 'reason = b\n'
refused 'a contradiction' 3 "'a' stands in line 1 already, with another 'until'" \
	'[suspect "a"]\nuntil = 2099-01-01\n[suspect "a"]\nuntil = 2098-01-01\n'
printf '[suspect "a"]\nonwer = b\n\n[suspect "a"]\n' >bad.ini
judge known.steady --quarantine bad.ini
t 'an unknown key is warned of' has err "warning: bad.ini:2: unknown key 'onwer'; did you mean 'owner'"
t 'an entry that stands there already is warned of' has err "warning: bad.ini:4: 'a' stands in line 1 already"
t 'the tests are run' status_is 0

# ---- an entry whose test is not there ----

entry near.ini known.fials
judge '*' --quarantine near.ini --runs 1
t 'misspelt: said, with the nearest' has err "warning: near.ini:1: there is no test 'known.fials'; did you mean 'known.fails'"
entry far.ini elsewhere.fails
entry far.ini known.nothing_of_the_kind
entry far.ini 'known.fial*'
judge '*' --quarantine far.ini --runs 1
t 'of other programs: nothing is said' not has err 'far.ini'

# ---- list --suspects ----

tab=$(printf '\t')
run_flicker list --suspects --quarantine q.ini
t 'list without a program: the entries' status_is 0
t 'list: every key, days left, where it stands' has out \
	"^known.fails${tab}reason=the peer is slow${tab}owner=net-team${tab}ticket=N-1${tab}until=2099-12-31${tab}days-left=[0-9]+${tab}quarantine=yes${tab}at=q.ini:1$"
FLICKER_CONFIG=c.ini run_flicker list --suspects --quarantine old.ini --quarantine crash.ini "$known"
t 'list: what is expired says so' has out \
	"^known.fails${tab}until=2001-01-31${tab}days-left=-[0-9]+${tab}expired=yes${tab}quarantine=yes${tab}at=old.ini:1$"
t 'list: annotations, expired ones, too' has out "^known.dated${tab}until=2001-01-31${tab}days-left=-[0-9]+${tab}expired=yes$"
t 'list: entries of .flicker.ini' has out "^known\.\*${tab}ticket=C-1${tab}until=2099-01-31${tab}days-left=[0-9]+${tab}at=c.ini:1$"
t 'list: of a crash' has out "^known.crashes${tab}reason=a wild pointer${tab}crash=yes${tab}quarantine=yes"
t 'list: all of them, nothing else' line_count_is out 5
run_flicker list --suspects
t 'list without program and files: nothing' is_empty out
t 'and that is fine' status_is 0
run_flicker list
t 'the tests of no program: usage' status_is 64

# ---- the entry that a finding proposes ----

# The entries in err, as one would mark and copy them.
proposed() {
	sed -n '/^to quarantine .*:$/,/^$/{/^to quarantine/d;p;}' err
}
all='known.fails:known.also:known.*odd*:known.talks'
judge "$all"
t 'findings: they gate' status_is 2
t 'the summary says where entries belong' has err \
	'^to quarantine them, write to quarantine.ini and run with --quarantine=quarantine.ini:$'
proposed >quarantine.ini
t 'an entry each' is "$(grep -c '^\[suspect' quarantine.ini)" 4
t 'with the message as reason' has quarantine.ini '^reason = has_bad_luck\(\)$'
t 'with a date 30 days from now' has quarantine.ini "^until = ($(date -u -d '30 days' +%F)|$(date -u -d '29 days' +%F))$"
judge "$all" --quarantine quarantine.ini
t 'pasted: all are excused' status_is 0
t 'pasted: no warning' not has err warning
t 'pasted: each by its own entry' holds r.json '[.tests[].suspect.origin] | unique | length == 4'
t 'pasted: nothing more is proposed' not has err '^to quarantine|^\[suspect'
t 'pasted: the reason is one line' holds_of r.json known.talks '.suspect.reason | test("seen") and (test("until") | not)'
sed 's/^/    /' quarantine.ini >indented.ini
judge "$all" --quarantine indented.ini
t 'pasted with an indentation: the same' status_is 0
t 'with all keys' holds_of r.json known.fails '.suspect | .reason == "has_bad_luck()" and (.until | test("^20"))'

judge_preloaded known.also
t 'preload: the variable' has err '^to quarantine it, write to quarantine.ini and set FLICKER_QUARANTINE=quarantine.ini:$'
judge known.also --quarantine q.ini
t 'where a file is named, it says that' has err '^to quarantine it, add to q.ini:$'
judge known.also --policy tolerate
t 'where a policy excuses: .flicker.ini' has err '^to say that it is known, add to .flicker.ini:$'
judge known.also --quiet
t 'quiet: none' not has err 'suspect "'
judge known.crashes
t 'of a crash it says what that takes' has err '^# it crashed .*crash = yes'
proposed >crashing.ini
judge known.crashes --quarantine crashing.ini
t 'pasted as it is, that excuses no crash' status_is 2
sed 's/^# it crashed.*/crash = yes/' crashing.ini >excusing.ini
judge known.crashes --quarantine excusing.ini
t 'with crash = yes it does' status_is 0
judge known.marked
t 'none for what is annotated' not has err 'suspect "known'
finish
