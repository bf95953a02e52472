# SPDX-License-Identifier: MIT
#
# pool.py - what `flicker exec` is compared with: pool.py N JOBS COMMAND
#
# A pool of processes, each of which runs the command in a shell by subprocess.Popen and
# collects its output.  It has the shape of deflake's class, without the end at the first failure.
import subprocess
import sys
from multiprocessing import Pool


def run(command):
    p = subprocess.Popen(command, shell=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    p.communicate()
    return p.returncode


if __name__ == "__main__":
    pool = Pool(processes=int(sys.argv[2]))
    results = [pool.apply_async(run, (sys.argv[3],)) for _ in range(int(sys.argv[1]))]
    pool.close()
    pool.join()
    assert all(r.get() == 0 for r in results)
