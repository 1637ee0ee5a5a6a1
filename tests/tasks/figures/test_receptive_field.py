"""The picture of a receptive field holds both frames where they are."""

import striate
from striate import layers
from striate.explain import effective_field
from striate.tasks.figures import png, receptive_field_figure


def test_both_frames_stand_where_they_should():
    net = striate.Sequential([striate.Input((20, 24, 1))])
    for _ in range(6):
        net.add(layers.Conv2D(1, 3, padding="same", kernel_initializer="ones"))
    found = effective_field(net, samples=1)
    figure = receptive_field_figure(found, title="a layer")
    (axes,) = figure.axes
    seen, heard = axes.patches
    assert (seen.get_xy(), seen.get_width(), seen.get_height()) == ((6.0, 4.0), 13.0, 13.0)
    side = found.side_px()
    assert heard.get_width() == heard.get_height() == side < 13
    assert heard.get_xy() == (12.5 - side / 2, 10.5 - side / 2)
    (image,) = axes.images
    assert list(image.get_extent()) == [0, 24, 20, 0]
    assert image.get_array().max() == 1.0
    assert [text.get_text() for text in axes.get_legend().get_texts()] == [
        "can see: 13 × 13 pixels",
        f"95 % of the gradient: {side} × {side}",
    ]
    assert png(figure).startswith(b"\x89PNG")
