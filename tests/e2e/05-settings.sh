# SPDX-License-Identifier: MIT
# Settings: help and manual say the same, .flicker.ini, precedence, completions.
. "$FL_SRC/tests/e2e/lib.sh"

# The files are what this is about; the folders above this one hold none that is ours to read.
unset FLICKER_CONFIG
export HOME="$PWD/home" XDG_CONFIG_HOME="$PWD/home/config"
mkdir -p home/config/flicker tree/.git tree/build/deep

# ---- help and the manual ----

commands=$("$flicker" help | sed -n 's/^  \([a-z][a-z-]*\) .*/\1/p')
t 'help lists commands' is "$(echo $commands | cut -d' ' -f1-2)" 'run replay'
if command -v mandoc >/dev/null 2>&1; then
	mandoc -T ascii -O width=1000 "$FL_SRC/docs/flicker.1" | sed "s/.$(printf '\b')//g" >manual
	for page in $commands; do
		"$flicker" help "$page" >page
		sed -n '1,/^$/s/^\(usage:\|      \) \(flicker.*\)/\2/p' page >help.usage
		sed -n '/^SYNOPSIS/,/^DESCRIPTION/s/^ *\(flicker '"$page"'\( .*\)*\)$/\1/p' manual >manual.usage
		t "$page: the usage is the manual's synopsis" same help.usage manual.usage
		t "$page: there is a usage" test -s help.usage
		sed -n '/^options:/,/^$/s/^  \(--[^ ]*\( [^ ][^ ]*\)*\).*/\1/p' page >help.options
		awk -v title="   Options of $page" '
			$0 == title { inside = 1; next }
			/^ ? ? ?[^ ]/ { inside = 0 }
			inside && /^     --/ { sub(/^ */, ""); sub(/  .*/, ""); print }' manual >manual.options
		t "$page: the options are the manual's" same help.options manual.options
		t "$page: there are options" test -s help.options
	done
	"$flicker" help settings | grep -o '^  FLICKER_[A-Z_]*' | tr -d ' ' | sort >help.variables
	sed -n '/^ENVIRONMENT/,/^FILES/p' manual | grep -o '\bFLICKER_[A-Z_]*[A-Z]' | sort -u >manual.variables
	t 'the variables of help are the manual'"'"'s' same help.variables manual.variables
	t 'there are variables' has help.variables '^FLICKER_NEW_ONLY$'
else
	t_skip 'help and the manual' 'no mandoc'
fi
"$flicker" help run | sed -n 's/^  \(--[a-z-]*\).*/\1/p' >run.options
run_flicker help settings
t 'help settings fits a terminal' not grep -E '^.{80,}' out
t 'help settings tells the precedence' has out 'the option, the variable, the key, the default'
run env $(sed 's/$/=/' help.variables) "$flicker" run --config none "$cmocka/stable"
t 'no variable of help is warned of' not has err 'unknown variable'

# ---- .flicker.ini: which one ----

# The runs that are in force in the folder $1.
runs_in() {
	(cd "$1" && shift && run "$@" "$flicker" run --report json=r.json "$cmocka/stable" &&
		json r.json .run.settings.runs)
}
ini() {
	printf '[run]\nruns = %s\n' "$2" >"$1"
}
ini .flicker.ini 11                     # above the repository: never read from within it
ini home/config/flicker/config.ini 12
t 'without one in the tree, the user'"'"'s' is "$(runs_in tree/build/deep)" 12
t 'and not beyond the repository' is "$(runs_in tree)" 12
ini tree/.flicker.ini 13
t 'the one at the root of the repository' is "$(runs_in tree/build/deep)" 13
ini tree/build/.flicker.ini 14
t 'the next one up' is "$(runs_in tree/build/deep)" 14
mkdir -p home/plain
t 'without a repository, any folder above' is "$(runs_in home/plain)" 11
ini other.ini 15
t 'FLICKER_CONFIG names another' is "$(runs_in tree env FLICKER_CONFIG="$PWD/other.ini")" 15
t 'FLICKER_CONFIG=none: none' is "$(runs_in tree env FLICKER_CONFIG=none)" 300
t 'an empty variable counts as unset' is "$(runs_in tree env FLICKER_CONFIG=)" 13
rm tree/build/.flicker.ini tree/.flicker.ini
t 'XDG_CONFIG_HOME unset: ~/.config' is "$(runs_in tree env -u XDG_CONFIG_HOME)" 300
mkdir -p home/.config && cp -R home/config/flicker home/.config
t 'where that is' is "$(runs_in tree env -u XDG_CONFIG_HOME)" 12
rm -r .flicker.ini home/config/flicker/config.ini home/.config

if [ "$(id -u)" -eq 0 ]; then
	mkdir -p shared/mine
	ini shared/.flicker.ini 16
	t 'the file of a folder above' is "$(runs_in shared/mine)" 16
	chown 12345 shared/.flicker.ini
	t 'somebody else'"'"'s is not read' is "$(runs_in shared/mine)" 300
	t 'and warned of' has shared/mine/err "shared/.flicker.ini' belongs to another user and is not read"
	chown 12345 shared/mine
	t 'but in his own folder it is' is "$(runs_in shared/mine)" 16
	rm -r shared
else
	t_skip 'a file of somebody else' 'not root'
fi

# ---- .flicker.ini: what counts ----

cat >a.ini <<-'END'
	[run]
	runs = 21
	jobs = 1
	time = none
	until = fail
	mode = fork
	policy = tolerate
	test = stable.adds
	  stable.draws
END
try() {
	run env "$@" --report json=r.json "$cmocka/stable"
}
try "$flicker" run --config a.ini
t 'keys count' holds r.json '.run.settings | .runs == 21 and .until == "fail" and .mode == "fork" and .policy == "tolerate"'
t 'repeatable ones add up' holds r.json '[.tests[].id] == ["stable.adds", "stable.draws"]'
try FLICKER_RUNS=22 FLICKER_TEST=stable.compares FLICKER_UNTIL=runs "$flicker" run --config a.ini
t 'the environment goes before' holds r.json '.run.settings | .runs == 22 and .until == "runs" and .mode == "fork"'
t 'and replaces lists' holds r.json '[.tests[].id] == ["stable.compares"]'
try FLICKER_RUNS=22 FLICKER_TEST=stable.compares "$flicker" run --config a.ini --runs 23 --test stable.adds
t 'the command line goes before all' holds r.json '.run.settings.runs == 23 and [.tests[].id] == ["stable.adds"]'
t 'the report of it is valid' is_valid r.json
try FLICKER_DEBUG=config FLICKER_RUNS=22 "$flicker" run --config a.ini
t 'FLICKER_DEBUG=config: which file' has err "^flicker: config: reads 'a.ini'$"
t 'FLICKER_DEBUG=config: whence a key' has err "^flicker: config: a.ini:3: key 'jobs': '1'$"
t 'FLICKER_DEBUG=config: whence a variable' has err "^flicker: config: variable 'FLICKER_RUNS': '22'$"
t 'FLICKER_DEBUG=config: each once' is "$(grep -c 'FLICKER_RUNS' err)" 1
try "$flicker" run --config none --time 7.5 --perturb none --gate any
t 'settings in force are in the report' holds r.json \
	'.run.settings | .time_s == 7.5 and .perturb == [] and .gate == "any"'
try "$flicker" run --config none --time none
t '--time none: no limit' holds r.json '.run.settings.time_s == null'
printf '[run]\nfilter = *.adds\nquiet = 1\n' >a.ini
run_flicker list --config a.ini "$cmocka/stable"
t 'list reads it, too' is "$(cat out)" stable.adds
run_flicker report --config a.ini r.json
t 'report reads it, too' not has out 'adds'

printf '[run]\nrusn = 3\n[suspekt "x"]\nowner = x\n' >a.ini
try "$flicker" run --config a.ini
t 'an unknown key warns with the nearest' \
	has err "^flicker: warning: a.ini:2: unknown key 'rusn'; did you mean 'runs'\?$"
t 'an unknown section, too' has err "a.ini:3: unknown section 'suspekt \"x\"'; did you mean 'suspect'"
t 'and the run goes on' status_is 0
printf '[service "db"]\nstart = x\n[NET]\nhost = x\n[SSH]\na = 1\n[WORKER]\na = 1\n' >a.ini
try "$flicker" run --config a.ini
t 'sections of later versions: no warning' not has err 'warning'

# description, pattern in the line; the text is in a.ini
faulty() {
	rm -f r.json
	try "$flicker" run --config a.ini
	t "$1: 64" status_is 64
	t "$1: one line that says where" says_one_line "$2"
	t "$1: nothing was run" not test -e r.json
}
printf '[run]\n\nruns = many\n' >a.ini
faulty 'a bad value' "a.ini:3: key 'runs' wants a whole number from 1 to 1000000000, not 'many'"
printf '[run]\nnonsense\n' >a.ini
faulty 'a line of no sense' "a.ini:2: neither 'key = value' nor"
printf '[suspect "a"]\nuntil = soon\n' >a.ini
faulty 'a date of no sense' "a.ini:2: key 'until' wants YYYY-MM-DD"
rm a.ini
faulty 'a file that is not there' "cannot read 'a.ini': No such file"

# ---- .flicker.ini: suspects ----

cat >a.ini <<-'END'
	[run]
	runs = 30
	mode = fork
	[suspect "*.plain:*.stable"]
	reason = it talks
	  to the network
	owner = net-team
	ticket = N-1
	until = 2099-01-31
	[suspect "*"]
	owner = everybody
END
run_flicker run --config a.ini --seed 1 --report json=r.json "$cmocka/annotated"
t 'a section makes suspect' holds_of r.json annotated.plain \
	'.verdict == "stable" and (.suspect | del(.origin, .quarantined)) == {why: "annotated", reason: "it talks to the network", owner: "net-team", ticket: "N-1", until: "2099-01-31"}'
t 'the first that matches counts, the source goes before' holds_of r.json annotated.flaky \
	'.suspect.owner == "net team" and .suspect.ticket == "NET-7"'
t 'an annotation without keys, too' holds_of r.json annotated.stable '.suspect.why == "annotated" and .suspect.owner == null'

# Under plain preload the command reads it; the library does not.
mkdir -p tree/preload
cp a.ini tree/.flicker.ini
cd tree/preload || exit 1
run_preloaded "$cmocka/stable"
t 'preload: a section does not start the command' not has err 'flicker|suspect'
t 'preload: nor does it write a report' not test -e stable.flicker.json
run_preloaded "$cmocka/annotated"
t 'preload: once the command runs, its settings count' holds annotated.flicker.json '.run.settings.runs == 30'
t 'preload: and its suspects' holds_of annotated.flicker.json annotated.plain '.suspect.owner == "net-team"'
cd ../.. || exit 1
rm tree/.flicker.ini

# ---- --suspect-from ----

run_flicker run --config none --seed 1 --all --mode fork --report json=old.json "$cmocka/flaky_rand"
t 'thirty percent are flaky' verdict_is old.json flaky_rand.thirty_by_random flaky
run_flicker run --config none --seed 2 --suspect-from old.json --mode fork --report json=r.json "$cmocka/flaky_rand"
t 'what was flaky in a report is suspect' holds_of r.json flaky_rand.thirty_by_random '.suspect.why == "reported"'
t 'and says so' has err 'suspect: flaky in the report of --suspect-from'
t 'what was not is none' holds_of r.json flaky_rand.steady '.suspect == null'
t 'the report of it is valid' is_valid r.json
run_flicker report r.json
t 'and can be read again' has out 'suspect: flaky in the report of --suspect-from'
mkdir -p tree/ci && cp old.json tree/ci
printf '[run]\nsuspect-from = ci/old.json\n' >tree/.flicker.ini
(cd tree/build && run_flicker run --seed 2 --report json=r.json "$cmocka/flaky_rand")
t 'in a file: relative to that' holds_of tree/build/r.json flaky_rand.thirty_by_random '.suspect.why == "reported"'
rm tree/.flicker.ini
run env LD_PRELOAD="$library" FLICKER_CONFIG=none FLICKER_SEED=2 FLICKER_SUSPECT_FROM=old.json FLICKER_MODE=fork \
	FLICKER_REPORT=json=p.json "$cmocka/flaky_rand"
t 'preload: the variable makes suspect' holds_of p.json flaky_rand.thirty_by_random '.suspect.why == "reported"'
run env LD_PRELOAD="$library" FLICKER_CONFIG=none FLICKER_SUSPECT_FROM=old.json "$cmocka/flaky_rand"
t 'preload: by itself, too' holds_of flaky_rand.flicker.json flaky_rand.thirty_by_random '.suspect.why == "reported"'
run env LD_PRELOAD="$library" FLICKER_CONFIG=none FLICKER_SUSPECT_FROM=nowhere.json "$cmocka/stable"
t 'preload: a report that is not there is told, and the tests go on' has err "cannot read 'nowhere.json'"
t 'preload: with the status of the program' status_is 0
run_flicker run --config none --suspect-from nowhere.json "$cmocka/stable"
t 'a report that is not there: 64' status_is 64
t 'a report that is not there: one line' says_one_line "cannot read 'nowhere.json'"
echo '{}' >none.json
run_flicker run --config none --suspect-from none.json "$cmocka/stable"
t 'no report: 64' status_is 64
t 'no report: one line' says_one_line "none.json:1"

# ---- several reports ----

run_flicker run --config none --seed 1 --all --runs 20 --report json=one.json --report json=two.json --report json "$cmocka/stable"
t 'three reports' status_is 0
t 'are the same' same one.json two.json
t 'one by the default name' same one.json stable.flicker.json
t 'all are named' has err '^report: one.json, two.json, stable.flicker.json$'
t 'and no .part is left' not ls ./*.part
run env FLICKER_CONFIG=none FLICKER_ALL=1 FLICKER_RUNS=20 FLICKER_REPORT='json=p1.json
json=p2.json' LD_PRELOAD="$library" "$cmocka/stable"
t 'several by variable, under preload' same p1.json p2.json
for pair in 'json=x.json json=x.json' 'json=x.json json=./x.json' "json=x.json json=$PWD/x.json" 'json json=stable.flicker.json'; do
	rm -f x.json stable.flicker.json
	run_flicker run --config none --report ${pair% *} --report ${pair#* } "$cmocka/stable"
	t "twice the same, $pair: 64" status_is 64
	t "twice the same, $pair: one line" says_one_line 'is asked for twice'
	t "twice the same, $pair: nothing is written" not test -e x.json
done

# ---- completions ----

# Words of the line; the last is being completed.  Prints what is offered, one a line.
complete() {
	bash -c '. ./flicker.bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _flicker
		printf "%s\n" "${COMPREPLY[@]}"' complete "$@" | sed '/^$/d' | tr '\n' ' '
}
for shell in bash zsh fish; do
	run_flicker help --completion $shell
	t "help --completion $shell" status_is 0
	cp out flicker.$shell
	if command -v $shell >/dev/null 2>&1; then
		t "$shell can read it" $shell -n flicker.$shell
	else
		t_skip "$shell can read it" "no $shell"
	fi
	for option in $(sed 's/^--\([a-z-]*\).*/\1/' run.options); do
		grep -qE -- "(--|-l )$option\b" flicker.$shell || echo "$option"
	done >missing
	t "$shell knows all options" is_empty missing
done
if command -v bash >/dev/null 2>&1; then
	t 'commands' is "$(complete flicker '')" "$(echo $commands) --help --version "
	t 'a command' is "$(complete flicker rep)" 'replay report '
	t 'options' is "$(complete flicker run --unt)" '--until '
	t 'options of that command only' is "$(complete flicker report --)" '--report --merge --quiet --config --help '
	t 'a word' is "$(complete flicker run --policy '')" 'fail tolerate quarantine '
	t 'a word after =' is "$(complete flicker run --policy = q)" 'quarantine '
	t 'all words after =' is "$(complete flicker run --policy =)" 'fail tolerate quarantine '
	t 'a limit' is "$(complete flicker run --time n)" 'none '
	t 'a perturbation' is "$(complete flicker run --perturb ra)" 'random '
	t 'one with a sign' is "$(complete flicker run --perturb +)" '+random '
	t 'a further one' is "$(complete flicker run --perturb random,no)" 'random,none '
	t 'a format' is "$(complete flicker run --report js)" 'json jsonl '
	t 'its path is left to files' is "$(complete flicker run --report json = o)" ''
	t 'a file is left to files' is "$(complete flicker run --suspect-from '')" ''
	t 'a number is the user'"'"'s' is "$(complete flicker run --runs '')" ''
	t 'after a value, options again' is "$(complete flicker run --runs 5 --unt)" '--until '
	t 'after a value with =, too' is "$(complete flicker run --runs = 5 --unt)" '--until '
	t 'behind the program, nothing' is "$(complete flicker run --all ./t --unt)" ''
	t 'behind --, nothing' is "$(complete flicker run -- --unt)" ''
	t 'help: commands and topics' is "$(complete flicker help s)" 'settings '
	t 'help: shells' is "$(complete flicker help --completion '')" 'bash zsh fish '
else
	t_skip 'what bash offers' 'no bash'
fi
run_flicker help --completion tcsh
t 'another shell: 64' status_is 64
t 'another shell: one line' says_one_line "wants one of bash, zsh, fish, not 'tcsh'"

finish
