"""The convnet for Fashion-MNIST trained to over 92 % of the test pictures.

Book: Aurélien Géron, Hands-On Machine Learning, 3rd edition, chapter 14.
Text: 003, which gives the net, the loss and the accuracy, but neither optimizer nor epochs.
Changed: `tf.keras` is `keras`, whose import line is added; so are all lines marked "added". The
recipe is ours: AdamW with a rate that rises and falls once over 12 epochs, batches of 64, labels
smoothed by 0.1, and pictures mirrored by the toss of a coin; all pixels share one mean and one
deviation.
"""

import striate as keras
from functools import partial
from striate.datasets import fashion_mnist  # added
from striate.losses import SparseCategoricalCrossentropy  # added
from striate.optimizers import AdamW  # added
from striate.optimizers.schedules import OneCycle  # added

DefaultConv2D = partial(keras.layers.Conv2D, kernel_size=3, padding="same",
                        activation="relu", kernel_initializer="he_normal")

model = keras.Sequential([
    DefaultConv2D(filters=64, kernel_size=7, input_shape=[28, 28, 1]),
    keras.layers.MaxPool2D(),
    DefaultConv2D(filters=128),
    DefaultConv2D(filters=128),
    keras.layers.MaxPool2D(),
    DefaultConv2D(filters=256),
    DefaultConv2D(filters=256),
    keras.layers.MaxPool2D(),
    keras.layers.Flatten(),
    keras.layers.Dense(units=128, activation="relu",
                          kernel_initializer="he_normal"),
    keras.layers.Dropout(0.5),
    keras.layers.Dense(units=64, activation="relu",
                          kernel_initializer="he_normal"),
    keras.layers.Dropout(0.5),
    keras.layers.Dense(units=10, activation="softmax")
])

(x_train, y_train), (x_test, y_test) = fashion_mnist.load_data()  # added
mean, deviation = x_train.mean(), x_train.std()  # added
x_train = ((x_train[..., None] - mean) / deviation).astype("float32")  # added
x_test = ((x_test[..., None] - mean) / deviation).astype("float32")  # added

mirrored = keras.Sequential([  # added
    keras.layers.RandomFlip("horizontal", input_shape=[28, 28, 1]),  # added
    model,  # added
])  # added
steps = 12 * -(-len(x_train) // 64)  # added
mirrored.compile(AdamW(OneCycle(1e-3, steps), weight_decay=0.01),  # added
                 loss=SparseCategoricalCrossentropy(label_smoothing=0.1),  # added
                 metrics=["accuracy"])  # added
mirrored.fit(x_train, y_train, epochs=12, batch_size=64, precision="auto")  # added
test_loss, test_acc = mirrored.evaluate(x_test, y_test)  # added
print(test_acc)  # added
