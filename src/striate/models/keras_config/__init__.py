"""Whole Keras models by their configuration: which layers, how joined, with which weights.

`layer_rules` says which Keras layer is which of ours, `arguments` translates the values that they
take, `operations` and `lines` what Keras writes for `x + y` and `2 * x`. `nodes` reads the two
forms in which Keras notes the calls of layers, `calling` makes the calls, `net_builder` the net,
`arrays` finds each layer's weights, and `importing` does all of it for a file.
"""
