# SPDX-License-Identifier: MIT
# Same program, same seed: the same outcome, alone or in a subset.
. "$FL_SRC/tests/e2e/lib.sh"

run_flicker run --all --seed 42 --runs 100 --report json=first.json "$cmocka/flaky_rand"
run_flicker run --all --seed 42 --runs 100 --report json=second.json "$cmocka/flaky_rand"
run_flicker run --test flaky_rand.thirty_by_random --seed 42 --runs 100 --report json=alone.json "$cmocka/flaky_rand"
run_flicker run --all --seed 43 --runs 100 --report json=other.json "$cmocka/flaky_rand"
for file in first second alone other; do
	of_test $file.json flaky_rand.thirty_by_random '{attempts, failures: [.failures[] | {seeds, count}]}' >$file.txt
done
t 'again: the same' same first.txt second.txt
t 'alone: the same' same first.txt alone.txt
t 'another seed: another outcome' not same first.txt other.txt

run_flicker run --all --seed 7 --report json=unseeded.json "$cmocka/unseeded"
t 'never seeded: flaky' verdict_is unseeded.json unseeded.draws flaky
t 'never seeded: the note' has_note unseeded.json unseeded.draws unseeded
t 'never seeded: the summary says it' has err 'never seeds'
t 'the one that does not draw has no note' holds_of unseeded.json unseeded.does_not_draw '.notes == [] and .verdict == "stable"'

run_flicker run --all --seed 7 --runs 100 --report json=literal.json "$cmocka/literal_seed"
t 'a literal seed is kept' holds literal.json 'all(.tests[]; .verdict == "stable")'
# A literal is the id of some process sooner or later.
run_flicker run --all --seed 7 --runs 3000 --report json=literal.json "$cmocka/literal_seed"
t 'a literal seed is kept, whatever ids the attempts have' holds literal.json 'all(.tests[]; .verdict == "stable")'
run_flicker run --all --seed 7 --runs 100 --report json=seeded.json "$cmocka/flaky_rand"
t 'a seed from the clock is no literal: no note unseeded' holds seeded.json 'all(.tests[]; .notes | index("unseeded") | not)'

run_flicker run --all --runs 3 --seed 5 --report json=tells.json "$cmocka/seedless_env"
t 'an author sees seed and number' holds_of tells.json seedless_env.tells_and_fails \
	'.failures[0] | . as $f | .output_tail | test("seed=" + $f.seeds[0]) and test("attempt_seed=" + $f.seeds[0]) and test("attempt=1")'
run "$cmocka/seedless_env"
t 'and nothing of it without flicker' has out 'seed=0x0 '
finish
