"""find_rate: a learning rate for some data, by one short run over rising rates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from striate import _check
from striate.data.doctor import refuse_inside
from striate.io.writable import require_writable
from striate.tasks.classify.fitting import compiled_net, search_rate
from striate.tasks.classify.memory import with_batch
from striate.tasks.config import resolve_config
from striate.tasks.figures import lr_find_figure, png
from striate.tasks.nets.choice import choose_net
from striate.tasks.options import TrainOptions
from striate.tasks.pictures.class_data import open_class_data
from striate.tasks.run.environment import best_device
from striate.tasks.run.run_folder import new_run_folder, write_run_file
from striate.train import LearningRateSweep
from striate.train.precision import resolve

__all__ = ["FoundRate", "find_rate"]


@dataclass(frozen=True)
class FoundRate:
    """What a search for a learning rate gave.

    Args:
        sweep: rates, losses and the suggestion.
        folder: with lr_find.png and lr_find.json.
    """

    sweep: LearningRateSweep
    folder: Path


def find_rate(options: TrainOptions, *, say: Callable[[str], object] | None = None) -> FoundRate:
    """Tries rising learning rates on the net that `train` would train, and suggests a peak.

    Nothing is trained for good. The figure and the numbers go to <runs>/lr-find/<name>-<n>.

    Args:
        options: as for `train`; its learning rate and epochs do not matter.
        say: told in sentences what is found.

    Raises:
        ArgumentError, DataError: as `train`; a net that begins with weights; runs that cannot be
            written, before anything is computed.

    Example:
        >>> found = find_rate(TrainOptions(data="digits", batch_size=256))
        >>> found.folder.as_posix(), 1e-3 < found.sweep.suggestion < 1.0
        ('runs/lr-find/digits-1', True)
    """
    refuse_inside("lr_find", "runs", options.runs, options.data or "")
    require_writable(options.runs)
    choice = choose_net(options)
    if choice.base is not None:
        rule = "be left out: the last layer is trained first, at a rate of its own"
        _check.fail("lr_find", "weights", rule, choice.base.facts["weights"])
    data = open_class_data(options.data or "", options, wanted=choice.wanted)
    device = best_device()
    precision = resolve(options.precision, device, place="train")
    options, of_batch = with_batch(options, data, choice, precision=precision, device=device)
    if say is not None:
        for sentence in (*data.found, *of_batch):
            say(sentence)
    config, _ = resolve_config(options, data, precision=precision, net=choice)
    net = compiled_net(data, config, device, choice)
    sweep = search_rate(net, data, config)
    folder = new_run_folder(Path(config.runs) / "lr-find", config.name)
    figure = lr_find_figure(sweep, title=f"Learning rates for {data.name}, {config.optimizer}")
    write_run_file(folder, "lr_find.png", png(figure))
    record = {
        "data": config.data,
        "optimizer": config.optimizer,
        "batch_size": config.batch_size,
        "suggestion": sweep.suggestion,
        "rates": list(sweep.rates),
        "losses": list(sweep.losses),
    }
    write_run_file(folder, "lr_find.json", record)
    return FoundRate(sweep, folder)
