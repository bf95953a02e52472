#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
#
# kill.py - ends parts of a running session at random instants and looks at what is left.
#
#     kill.py FLICKER PROGRAM SCHEMA COUNT        writes TAP
#
# Every process of a session is known by a variable of its environment that only it has.
import json, os, random, signal, subprocess, sys, time
import jsonschema

flicker, program, schema_path, count = sys.argv[1:5]
count = int(count)
slow = os.path.join(os.path.dirname(program), "slow")
schema = json.load(open(schema_path))
draw = random.Random(20)
RUNS = 300


def processes(mark):
    """pid -> (parent, executable) of all that carry the mark."""
    found = {}
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/environ", "rb") as f:
                if mark not in f.read():
                    continue
            with open(f"/proc/{pid}/stat") as f:
                fields = f.read().rsplit(")", 1)[1].split()
            if fields[0] != "Z":
                found[int(pid)] = (int(fields[1]), os.readlink(f"/proc/{pid}/exe"))
        except OSError:
            pass
    return found


def role(pid, table, top):
    """flicker, host, template, attempt, or other."""
    if pid == top:
        return "flicker"
    parent, exe = table[pid]
    if exe not in (os.path.realpath(program), os.path.realpath(slow)):
        return "other"
    depth = 0
    while parent in table and parent != top and depth < 9:
        depth += 1
        parent = table[parent][0]
    return ("host", "template", "attempt", "attempt")[min(depth, 3)]


def none_left(mark):
    for _ in range(100):
        left = processes(mark)
        if not left:
            return []
        time.sleep(0.05)
    return [f"{pid} {exe}" for pid, (_, exe) in left.items()]


def problems_of_part(path):
    if not os.path.exists(path):
        return []
    seen, problems = set(), []
    for number, line in enumerate(open(path, "rb").read().split(b"\n")):
        if not line:
            continue
        try:
            record = json.loads(line)
        except ValueError:
            problems.append(f"line {number + 1} of the .part does not parse")
            continue
        if "id" in record:
            if record["id"] in seen:
                problems.append(f"{record['id']} is there twice")
            seen.add(record["id"])
    return problems


def problems_of_report(path):
    try:
        report = json.load(open(path))
    except (OSError, ValueError) as error:
        return [f"the report: {error}"]
    problems = [e.message for e in jsonschema.Draft7Validator(schema).iter_errors(report)]
    ids = [test["id"] for test in report["tests"]]
    if len(ids) != len(set(ids)):
        problems.append("a test is there twice")
    for test in report["tests"]:
        total = test["attempts"]["total"]
        if total > RUNS:
            problems.append(f"{test['id']}: {total} attempts of {RUNS}")
        if total != sum(arm["total"] for arm in test["arms"]):
            problems.append(f"{test['id']}: the arms do not add up")
    return problems


def one(number, what, number_of_signal):
    mark = f"FL_KILL_MARK={os.getpid()}-{number}".encode()
    name = f"kill{number}.json"
    environment = dict(os.environ, FL_KILL_MARK=mark.decode().split("=")[1])
    # An attempt of a quick test is rarely met: those that are to be killed take 50 ms each.
    target = slow if what == "attempt" else program
    which = ["--suspect", "slow.a"] if what == "attempt" else ["--all"]
    runs = {"flicker": 1000000, "attempt": 20}.get(what, RUNS)
    session = subprocess.Popen(
        [flicker, "run", *which, "--quiet", "--runs", str(runs),
         "--time", "none", "--until", "runs", "--report", f"json={name}", target],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    time.sleep(draw.uniform(0, 0.3))
    hit = None
    for _ in range(40):                         # until one of that kind is there
        table = processes(mark)
        targets = [pid for pid in table if role(pid, table, session.pid) == what]
        if targets:
            hit = draw.choice(targets)
            try:
                os.kill(hit, number_of_signal)
                break
            except ProcessLookupError:
                continue
        if session.poll() is not None:
            break
    hits[what] = hits.get(what, 0) + (hit is not None)
    begun = time.monotonic()
    try:
        session.communicate(timeout=60)
    except subprocess.TimeoutExpired:
        session.kill()
        return ["it does not end"], 0
    took = time.monotonic() - begun
    if what == "host" and session.returncode == 64:      # before it ran a test: nothing to report
        return [f"still running: {line}" for line in none_left(mark)], took
    left = [f"still running: {line}" for line in none_left(mark)]
    if number_of_signal == signal.SIGKILL and what == "flicker":
        return left + problems_of_part(name + ".part"), took
    if what == "flicker" and session.returncode != 128 + number_of_signal and hit:
        left.append(f"exit code {session.returncode}")
    return left + problems_of_report(name), took


plan = []
for i in range(count):
    plan.append((("flicker", "template", "attempt", "host")[i % 4], signal.SIGKILL))
for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    plan += [("flicker", number)] * 3
worst, hits = 0, {}
for i, (what, number) in enumerate(plan):
    problems, took = one(i, what, number)
    verdict = "not ok" if problems else "ok"
    print(f"{verdict} {i + 1} - {signal.Signals(number).name} of {what}")
    for problem in problems:
        print(f"# {problem}")
    if what == "flicker" and number != signal.SIGKILL:
        worst = max(worst, took)
    sys.stdout.flush()
# 0.2 s on a quiet machine; a loaded one is given ten times that.
print(f"{'ok' if worst < 2 else 'not ok'} {len(plan) + 1} - ends soon after a signal: at most {worst * 1000:.0f} ms")
print(f"{'ok' if sum(hits.values()) * 2 > len(plan) else 'not ok'} {len(plan) + 2} - hit: {hits}")
print(f"1..{len(plan) + 2}")
