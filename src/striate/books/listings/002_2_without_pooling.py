"""The same convnet without pooling: over half a million parameters in the last layer.

Book: François Chollet, Deep Learning with Python, 2nd edition, chapter 8.
Text: 002, which shows this net as a picture.
Changed: the import lines; the lines of the pooling layers are left out, as the text says.
"""

import striate as keras
from striate import layers

inputs = keras.Input(shape=(28, 28, 1))
x = layers.Conv2D(filters=32, kernel_size=3, activation="relu")(inputs)
x = layers.Conv2D(filters=64, kernel_size=3, activation="relu")(x)
x = layers.Conv2D(filters=128, kernel_size=3, activation="relu")(x)
x = layers.Flatten()(x)
outputs = layers.Dense(10, activation="softmax")(x)
model = keras.Model(inputs=inputs, outputs=outputs)
