"""`import striate` and `striate --help` are quick: measured in real processes.

Processor time is compared, not the clock on the wall: other processes on the machine do not
count. The fastest of several runs is the honest one, since noise only adds.
"""

import os
import subprocess
import sys

IMPORT_SECONDS = 0.1
HELP_SECONDS = 0.3
HEAVY = ["torch", "numpy", "PIL", "matplotlib", "sklearn", "safetensors", "typer", "rich"]


def seconds(code):
    """Processor time of `python -c code`, the fastest of five."""

    def run():
        before = os.times()
        subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)
        after = os.times()
        used = after.children_user + after.children_system
        return used - before.children_user - before.children_system

    return min(run() for _ in range(5))


def test_import_is_quick():
    assert seconds("import striate") - seconds("pass") < IMPORT_SECONDS


def test_import_loads_no_heavy_module():
    code = f"import striate, sys; print([m for m in {HEAVY} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


def test_training_on_arrays_loads_no_decoder():
    code = "import striate, sys; striate.recipes.mnist_quick; print('PIL' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "False"


def test_help_is_quick():
    code = "import sys; sys.argv = ['striate', '--help']; from striate.cli import main; main()"
    assert seconds(code) < HELP_SECONDS


def test_the_ruler_measures():
    work = "import time\nwhile time.process_time() < 0.3: pass"
    assert 0.2 < seconds(work) < 0.6
