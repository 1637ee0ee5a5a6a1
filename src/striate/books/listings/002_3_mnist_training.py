"""The second edition's convnet trained on MNIST for 5 epochs.

Book: François Chollet, Deep Learning with Python, 2nd edition, chapter 8.
Text: 002, which gives the net and the accuracy.
Changed: the import lines; the lines marked "added", which the text leaves out, train as text 001
does.
"""

import striate as keras
from striate import layers
from striate.datasets import mnist  # added

inputs = keras.Input(shape=(28, 28, 1))
x = layers.Conv2D(filters=32, kernel_size=3, activation="relu")(inputs)
x = layers.MaxPooling2D(pool_size=2)(x)
x = layers.Conv2D(filters=64, kernel_size=3, activation="relu")(x)
x = layers.MaxPooling2D(pool_size=2)(x)
x = layers.Conv2D(filters=128, kernel_size=3, activation="relu")(x)
x = layers.Flatten()(x)
outputs = layers.Dense(10, activation="softmax")(x)
model = keras.Model(inputs=inputs, outputs=outputs)

(train_images, train_labels), (test_images, test_labels) = mnist.load_data()  # added
train_images = train_images.reshape((60000, 28, 28, 1)).astype("float32") / 255  # added
test_images = test_images.reshape((10000, 28, 28, 1)).astype("float32") / 255  # added

model.compile("rmsprop", "sparse_categorical_crossentropy", metrics=["accuracy"])  # added
model.fit(train_images, train_labels, epochs=5, batch_size=64)  # added
test_loss, test_acc = model.evaluate(test_images, test_labels)  # added
print(test_acc)  # added
