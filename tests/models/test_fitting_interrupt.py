"""Ctrl-C in a run of fit: a real process."""

import os
import signal
import subprocess
import sys
import textwrap

CHILD = """
    import os, signal, sys, time
    import numpy as np, torch, striate
    from striate import layers

    class Slow(layers.Layer):
        def call(self, x, training=None):
            if training:
                print("step", flush=True)
                time.sleep(0.05)
            return x

    torch.manual_seed(0)
    model = striate.Sequential([striate.Input((4,)), Slow(), layers.Dense(2, "softmax")])
    model.compile("adam", loss="sparse_categorical_crossentropy")
    before = model.get_weights()[0].copy()
    ended = []

    class Noting(striate.callbacks.Callback):
        def on_train_end(self, logs=None):
            ended.append(True)

        def on_train_batch_end(self, batch, logs=None):
            print("done", flush=True)

    x, y = np.ones((600, 4), "float32"), np.arange(600) % 2
    try:
        model.fit(x, y, batch_size=200, epochs=1000, verbose=0, callbacks=[Noting()])
    except KeyboardInterrupt:
        moved = not np.array_equal(before, model.get_weights()[0])
        kept = len(model.history.epoch) == len(model.history.history["loss"]) > 0
        print("interrupted", moved, kept, ended, model.training, flush=True)
        sys.exit(130)
"""


def test_ctrl_c_ends_after_the_step_and_keeps_history_and_weights():
    child = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(CHILD)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    lines = []
    for line in child.stdout:
        lines.append(line.strip())
        if lines.count("step") == 8:
            child.send_signal(signal.SIGINT)
            break
    rest, _ = child.communicate(timeout=60)
    lines += rest.split("\n")
    assert child.returncode == 130
    assert lines.count("step") == lines.count("done")
    assert lines.count("step") <= 10
    assert "interrupted True True [True] False" in lines
