"""The numbers of an epoch while it runs: losses and metrics, accumulated where the model is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from torch import Tensor

from .. import structure
from ..metrics import Metric
from ..world import World
from .criterion import Sums

__all__ = ["LazyLogs", "OutputMetrics", "Totals"]


class OutputMetrics:
    """The metrics of a model, each on one of its outputs.

    Args:
        entries: (name in the logs, place of the output among the leaves, metric).
        names: of the outputs, by which the targets in a dict are found.
    """

    def __init__(
        self, entries: Sequence[tuple[str, int, Metric]] = (), names: Sequence[str] = ()
    ) -> None:
        self.entries = list(entries)
        self.names = list(names)

    def reset(self) -> None:
        """Forgets all batches."""
        for _, _, metric in self.entries:
            metric.reset()

    def update(self, targets: Any, outputs: Any) -> None:
        """Adds a batch; every sample counts the same, whatever its weight in the loss."""
        if not self.entries:
            return
        goals = structure.leaves_by_name(targets, self.names) or structure.leaves(targets)
        outs = structure.leaves(outputs)
        for _, place, metric in self.entries:
            metric.update(goals[place], outs[place])

    def state(self) -> list[dict[str, Tensor]]:
        """Copies of the sums of each metric, in order."""
        return [metric.state() for _, _, metric in self.entries]

    def load_state(self, states: Sequence[Mapping[str, Tensor]]) -> None:
        """Takes over what `state` gave."""
        for (_, _, metric), own in zip(self.entries, states, strict=True):
            metric.load_state(own)

    def logs(self) -> dict[str, float]:
        """The values over all batches since the reset; of several each gets its number: f1_0."""
        logs = {}
        for name, _, metric in self.entries:
            result = metric.result()
            if result.dim() == 0:
                logs[name] = float(result)
            else:
                values = result.flatten().tolist()
                logs |= {f"{name}_{place}": value for place, value in enumerate(values)}
        return logs


class Totals:
    """Running sums of the loss, and the metrics; nothing is read back before `logs`.

    Args:
        metrics: updated with each batch.
        world: over which the sums are added.
    """

    def __init__(self, metrics: OutputMetrics, world: World) -> None:
        self.metrics = metrics
        self.world = world
        self.reset()

    def reset(self) -> None:
        """Forgets all batches."""
        self.metrics.reset()
        self._loss: Any = 0.0
        self._samples = 0
        self._parts: dict[str, tuple[Any, Any]] = {}

    def state_dict(self) -> dict[str, Any]:
        """The sums of this process: of the loss, of its parts, of each metric."""
        return {
            "loss": self._loss,
            "samples": self._samples,
            "parts": {name: list(pair) for name, pair in self._parts.items()},
            "metrics": self.metrics.state(),
        }

    def load_state_dict(self, state: Mapping[str, Any], *, device: Any = None) -> None:
        """Takes over what `state_dict` gave.

        Args:
            state: of the same losses and metrics.
            device: where the sums go on; None leaves them where they are.
        """

        def moved(value: Any) -> Any:
            return value.to(device) if isinstance(value, Tensor) and device is not None else value

        self._loss, self._samples = moved(state["loss"]), state["samples"]
        self._parts = {name: (moved(a), moved(b)) for name, (a, b) in state["parts"].items()}
        self.metrics.load_state(state["metrics"])

    def add(self, loss: Tensor, sums: Sums, batch: Any, outputs: Any) -> None:
        """Adds a batch; its loss counts by its number of samples."""
        count = len(batch)
        self._loss = self._loss + loss * count
        self._samples += count
        if len(sums) > 1:
            for name, (total, values) in sums.items():
                before = self._parts.get(name, (0.0, 0))
                self._parts[name] = (before[0] + total.detach(), before[1] + values)
        self.metrics.update(batch.targets, outputs)

    def logs(self) -> dict[str, float]:
        """loss, each part's loss where there are several, and the metrics."""
        world, samples = self.world, max(self.world.sum(self._samples), 1)
        logs = {"loss": float(world.sum(self._loss)) / samples}
        for name, (total, count) in self._parts.items():
            logs[f"{name}_loss"] = float(world.sum(total)) / max(float(world.sum(count)), 1.0)
        return logs | self.metrics.logs()


class LazyLogs(Mapping[str, float]):
    """The logs of a batch for callbacks; read back from the device only if somebody looks."""

    def __init__(self, totals: Totals) -> None:
        self._totals = totals
        self._logs: dict[str, float] | None = None

    def _read(self) -> dict[str, float]:
        if self._logs is None:
            self._logs = self._totals.logs()
        return self._logs

    def __getitem__(self, name: str) -> float:
        return self._read()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._read())

    def __len__(self) -> int:
        return len(self._read())
