"""ResNet-34 from a residual unit of one's own: 21,289,802 trainable parameters for 10 classes.

Book: Aurélien Géron, Hands-On Machine Learning, 2nd edition, chapter 14.
Text: 004.
Changed: the import lines, which the text leaves out.
Slips: the text loses `super().__init__`, the normalization layers, the activations between them,
the closing brackets, and Flatten with the global pooling before the last layer; it writes `slef`,
`layer(X)`, and `stride` where the model says `strides`.
"""

import striate as keras  # added
from striate.layers import (  # added
    BatchNormalization, Conv2D, Dense, Flatten, GlobalAvgPool2D, MaxPool2D)  # added


class ResidualUnit(keras.layers.Layer):
    def __init__(self, filters, strides=1, activation="relu", **kwargs):  # slip: stride
        super().__init__(**kwargs)  # slip: lost
        self.activation = keras.activations.get(activation)
        self.main_layers = [
            Conv2D(filters, 3, strides=strides, padding="same", use_bias=False),  # slip: stride
            BatchNormalization(),  # slip: lost
            self.activation,  # slip: lost
            Conv2D(filters, 3, strides=1, padding="same", use_bias=False),
            BatchNormalization(),  # slip: lost
        ]  # slip: lost
        self.skip_layers = []
        if strides > 1:  # slip: stride
            self.skip_layers = [  # slip: slef
                Conv2D(filters, 1, strides=strides, padding="same", use_bias=False),  # slip: stride
                BatchNormalization(),  # slip: lost
            ]  # slip: lost

    def call(self, inputs):
        Z = inputs
        for layer in self.main_layers:
            Z = layer(Z)  # slip: layer(X)
        skip_Z = inputs
        for layer in self.skip_layers:
            skip_Z = layer(skip_Z)
        return self.activation(Z + skip_Z)


model = keras.models.Sequential()
model.add(Conv2D(64, 7, strides=2, input_shape=[224, 224, 3], padding="same", use_bias=False))
model.add(BatchNormalization())  # slip: lost
model.add(keras.layers.Activation("relu"))  # slip: lost
model.add(MaxPool2D(pool_size=3, strides=2, padding="same"))
prev_filters = 64
for filters in [64]*3 + [128]*4 + [256]*6 + [512]*3:
    strides = 1 if filters == prev_filters else 2
    model.add(ResidualUnit(filters, strides=strides))
    prev_filters = filters

model.add(GlobalAvgPool2D())  # slip: lost
model.add(Flatten())  # slip: lost
model.add(Dense(10, activation="softmax"))
