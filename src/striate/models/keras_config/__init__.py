"""Whole Keras models by their configuration: which layers, how joined, with which weights.

`layer_rules` says which Keras layer is which of ours, `arguments` translates the values that they
take, `operations` what Keras writes for `x + y`. `nodes` reads the two forms in which Keras notes
the calls of layers, `net_builder` makes the net, `arrays` finds each layer's weights, and
`importing` does all of it for a file.
"""
