"""How many pictures, or boxes, the classes have."""

from __future__ import annotations

from collections.abc import Iterator

from striate.data.doctor.finding import Finding
from striate.data.doctor.pictures import Pictures

__all__ = ["class_counts"]

_IMBALANCE = 10.0


def class_counts(pictures: Pictures) -> Iterator[Finding]:
    """Classes of the part train that have no picture or one, or 10 times as many as another.

    And classes that another part has not, though train has them.
    """
    indices = pictures.indices
    train = indices.get("train")
    if train is None or train.kind == "masks" or not train.class_names:
        return
    what = "box" if train.kind == "boxes" else "picture"
    counts = train.counts
    for name, count in counts.items():
        if count == 0:
            yield Finding.of("empty_class", f'The class "{name}" has no {what} in train.')
        elif count == 1:
            text = f'The class "{name}" has one {what} in train.'
            if train.kind == "boxes":
                continue
            yield Finding.of("one_picture", text)
    some = {name: count for name, count in counts.items() if count}
    most, least = max(some, key=some.__getitem__), min(some, key=some.__getitem__)
    if some[most] >= _IMBALANCE * some[least]:
        times = some[most] / some[least]
        text = (
            f'"{most}" has {some[most]:,} and "{least}" {some[least]:,} in train: {times:.0f} '
            "times as many."
        )
        yield Finding.of("imbalance", text)
    for part, index in indices.items():
        absent = [name for name, count in index.counts.items() if not count and counts.get(name)]
        if absent and part != "train":
            names = ", ".join(f'"{name}"' for name in absent)
            yield Finding.of("absent_class", f"The part {part} has none of {names}.")
