"""What prediction holds: each map from when it is made until it was read last, and no longer.

For a chain that is the rule of the text, two consecutive layers; skips and branches hold more.
"""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

import striate
from striate import layers
from striate.models import plan

SIDE = 4


def bytes_of(channels):
    return 4 * SIDE * SIDE * channels


@st.composite
def nets(draw):
    """(channels of the image and of each call, what each call reads, which are outputs)."""
    channels, reads = [draw(st.integers(1, 4))], [()]
    for _ in range(draw(st.integers(1, 9))):
        read = tuple(draw(st.lists(st.integers(0, len(reads) - 1), min_size=1, max_size=3)))
        alike = len({channels[r] for r in read}) == 1
        kind = draw(st.sampled_from(["join", "add"] if alike and len(read) > 1 else ["join"]))
        if len(read) > 1:
            made = channels[read[0]] if kind == "add" else sum(channels[r] for r in read)
        else:
            made = draw(st.integers(1, 30))
        channels.append(made)
        reads.append((kind, *read))
    outputs = {len(reads) - 1, *draw(st.lists(st.integers(1, len(reads) - 1), max_size=2))}
    return channels, reads, sorted(outputs)


def built(channels, reads, outputs):
    made = [striate.Input((SIDE, SIDE, channels[0]))]
    for number, (kind, *read) in enumerate(reads[1:], 1):
        given = [made[r] for r in read]
        if len(given) == 1:
            made.append(layers.Conv2D(channels[number], 3, padding="same")(given[0]))
        else:
            layer = layers.Concatenate() if kind == "join" else layers.Add()
            made.append(layer(given))
    return striate.Model(made[0], [made[place] for place in outputs])


def needed(reads, outputs):
    """The calls that lead to the outputs."""
    found, open_ends = set(), list(outputs)
    while open_ends:
        call = open_ends.pop()
        if call and call not in found:
            found.add(call)
            open_ends += reads[call][1:]
    return sorted(found)


def most_held(channels, reads, outputs):
    """Moment by moment: the map in the making, and all that a call from then on reads or gives."""
    calls = needed(reads, outputs)
    most = 0
    for now in calls:
        held = {now, *(place for place in outputs if place <= now)}
        for call in calls:
            if call >= now:
                held |= {r for r in reads[call][1:] if r < now}
        terms = [reads[now][1:]] if reads[now][0] == "add" else []
        temporary = bytes_of(channels[now]) if any(len(read) > 2 for read in terms) else 0
        most = max(most, temporary + sum(bytes_of(channels[place]) for place in held - {0}))
    return most


@settings(max_examples=40)
@given(nets())
def test_a_net_of_branches_holds_what_is_still_read(net):
    channels, _, outputs = net
    model = built(*net)
    peak = plan(model, 1, mode="predict").peak()
    before = sum(bytes_of(channels[place]) for place in outputs)
    weights = sum(4 * p.numel() for p in model.parameters())
    image = bytes_of(channels[0])
    assert peak.by_kind.get("weights", 0) == weights
    assert peak.total_bytes == weights + image + before + most_held(*net)


@given(st.lists(st.integers(1, 30), min_size=2, max_size=6))
def test_a_chain_holds_two_consecutive_maps(channels):
    reads = [(), *(("join", place) for place in range(len(channels) - 1))]
    pairs = [bytes_of(a) + bytes_of(b) for a, b in pairwise(channels[1:])]
    assert most_held(channels, reads, [len(channels) - 1]) == max(pairs or [bytes_of(channels[1])])


def test_a_skip_holds_three():
    x = image = striate.Input((8, 8, 1))
    x = start = layers.Conv2D(10, 3, padding="same")(x)
    for filters in (20, 10):
        x = layers.Conv2D(filters, 3, padding="same")(x)
    model = striate.Model(image, layers.GlobalAveragePooling2D()(layers.Add()([start, x])))
    weights = sum(4 * p.numel() for p in model.parameters())
    found = plan(model, 1, mode="predict").peak_bytes
    a_map = 4 * 8 * 8
    assert found == weights + a_map + 4 * 10 + a_map * (10 + 20 + 10)


def test_a_nested_net_holds_what_it_was_given_while_it_runs():
    inner = striate.Sequential(
        [striate.Input((8, 8, 1)), *(layers.Conv2D(f, 3, padding="same") for f in (30, 30, 1))]
    )
    x = image = striate.Input((8, 8, 1))
    for layer in (layers.Conv2D(50, 1), layers.Conv2D(1, 1), inner, layers.Conv2D(2, 1)):
        x = layer(x)
    model = striate.Model(image, x)
    weights = sum(4 * p.numel() for p in model.parameters())
    a_map = 4 * 8 * 8
    found = plan(model, 1, mode="predict").peak_bytes
    assert found == weights + a_map * (1 + 2 + 1 + 60)
