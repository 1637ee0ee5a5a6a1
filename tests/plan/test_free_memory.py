"""What a process may still take, from files as Linux writes them, and in a process with a limit."""

import subprocess
import sys

import pytest

from striate.plan import Memory, free_memory

MEMINFO = "MemTotal:       16000 kB\nMemFree:  1000 kB\nMemAvailable:    9000 kB\n"


def written(root, files):
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return free_memory(str(root / "proc"), str(root / "groups"))


def test_what_the_machine_has(tmp_path):
    found = written(tmp_path, {"proc/meminfo": MEMINFO})
    assert found == Memory(9_216_000, "free on this machine")


def test_a_group_above_leaves_less(tmp_path):
    found = written(
        tmp_path,
        {
            "proc/meminfo": MEMINFO,
            "proc/self/cgroup": "0::/outer/inner\n",
            "groups/outer/inner/memory.max": "max\n",
            "groups/outer/inner/memory.current": "500\n",
            "groups/outer/memory.max": "5000000\n",
            "groups/outer/memory.current": "3000000\n",
            "groups/outer/memory.stat": "anon 1\ninactive_file 1000000\n",
        },
    )
    assert found == Memory(3_000_000, "left to the control group")


def test_groups_of_the_first_version_and_other_kinds(tmp_path):
    found = written(
        tmp_path,
        {
            "proc/meminfo": MEMINFO,
            "proc/self/cgroup": "8:pids:/\n5:cpu,memory:/job/inside\n4:devices:/job\n",
            "groups/memory/memory.limit_in_bytes": "9223372036854771712\n",
            "groups/memory/memory.usage_in_bytes": "700\n",
            "groups/memory/job/memory.limit_in_bytes": "2000000\n",
            "groups/memory/job/memory.usage_in_bytes": "1900000\n",
            "groups/memory/job/memory.stat": "inactive_file 0\ntotal_inactive_file 100000\n",
            "groups/pids/memory.limit_in_bytes": "1\n",
            "groups/pids/memory.usage_in_bytes": "0\n",
        },
    )
    assert found == Memory(200_000, "left to the control group")


def test_a_group_that_is_full_leaves_nothing(tmp_path):
    files = {"proc/self/cgroup": "0::/\n", "groups/memory.max": "10", "groups/memory.current": "12"}
    assert written(tmp_path, files) == Memory(0, "left to the control group")


def test_a_system_that_does_not_tell(tmp_path):
    assert written(tmp_path, {}) is None


CHILD = """
import resource, sys
from striate.plan import free_memory
limit, word = getattr(resource, sys.argv[1]), sys.argv[2]
status = dict(line.split(":", 1) for line in open("/proc/self/status") if ":" in line)
used = 1024 * int(status[sys.argv[3]].split()[0])
resource.setrlimit(limit, (used + 400_000_000, used + 400_000_000))
found = free_memory()
assert found.source == word, found
kept = bytearray(int(0.9 * found.bytes))
del kept
try:
    bytearray(int(1.1 * found.bytes))
except MemoryError:
    print(found.bytes)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="limits as Linux keeps them")
@pytest.mark.parametrize(
    ("limit", "word", "field"),
    [
        ("RLIMIT_AS", "left to the process's address space", "VmSize"),
        ("RLIMIT_DATA", "left to the process's data", "VmData"),
    ],
)
def test_a_limited_process_can_take_so_much_and_not_more(limit, word, field):
    command = [sys.executable, "-c", CHILD, limit, word, field]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert 390_000_000 < int(done.stdout) <= 400_000_000
