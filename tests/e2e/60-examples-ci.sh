# SPDX-License-Identifier: MIT
# The files for CI do what they say: the commands in them are run, but for those that get packages and flicker.
. "$FL_SRC/tests/e2e/lib.sh"
PATH=$FL_BUILD:$PATH
export CMAKE_PREFIX_PATH="$FL_SRC/adapters/cmake" Flicker_DIR="$FL_SRC/adapters/cmake"

cat >commands.py <<'END'
import sys, yaml
path, job = sys.argv[1:]
file = yaml.safe_load(open(path))
if "jobs" in file:                      # GitHub: a step by its name
    print(next(s["run"] for s in file["jobs"]["tests"]["steps"] if s.get("name") == job))
else:                                   # GitLab: a job
    print("\n".join(file[job]["script"]))
END
commands() {
	python3 commands.py "$FL_SRC/examples/$1" "$2" >"$2.commands" && [ -s "$2.commands" ]
}

if ! python3 -c 'import yaml' 2>/dev/null || ! command -v cmake >/dev/null 2>&1; then
	t_skip 'examples for CI' 'no PyYAML or no cmake'
	finish
fi

cp -r "$FL_SRC/examples/cmocka" github
for step in build tests hunt; do
	t "GitHub: $step" commands github-actions/flaky-tests.yml $step
done
cd github || exit 1
t 'GitHub: builds' sh -eu ../build.commands
# 5 % of seeds: 0.95^600 < 1e-13
GITHUB_STEP_SUMMARY=$PWD/step.md FLICKER_RUNS=600 FLICKER_TIME=none run sh -eu ../tests.commands
t 'GitHub: the annotated test is flaky, and gates' status_is 2
t 'GitHub: it is an annotation of the diff' has out '^::(error|warning) .*file=[^,]*test_backoff.c,.*line=[0-9]+'
t 'GitHub: and in the summary' has step.md '^. flaky . backoff\.stays&#95;below&#95;limit . fails '
t 'GitHub: the report is kept' verdict_is flaky/test_backoff.json backoff.stays_below_limit flaky
sed -i 's/--runs 3000 --time 600/--runs 600 --time none/' ../hunt.commands
run sh -eu ../hunt.commands
t 'GitHub: the hunt tells and does not fail' status_is 0
t 'GitHub: all tests were attempted' holds flaky/test_backoff.json 'all(.tests[]; .attempts.total >= 20)'
cd ..

cp -r "$FL_SRC/examples/cmocka" gitlab
for job in tests hunt; do
	t "GitLab: $job" commands gitlab-ci/gitlab-ci.yml $job
done
cd gitlab || exit 1
FLICKER_RUNS=600 FLICKER_TIME=none run sh -eu ../tests.commands
t 'GitLab: the annotated test is flaky, and gates' status_is 2
t 'GitLab: what GitLab reads is XML' xmllint --noout flaky/test_backoff.xml
t 'GitLab: with that test' has flaky/test_backoff.xml 'name="stays_below_limit"'
sed -i 's/--runs 3000 --time 600/--runs 600 --time none/' ../hunt.commands
run sh -eu ../hunt.commands
t 'GitLab: the hunt tells and does not fail' status_is 0
cd ..
finish
