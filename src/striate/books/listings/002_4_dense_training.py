"""The dense net that the convnets are compared with, trained on MNIST for 5 epochs.

Book: François Chollet, Deep Learning with Python, 2nd edition, chapter 8.
Text: 002, which gives the accuracy only: "a simple densely connected network".
Changed: all lines are added. The net has 512 hidden units and is trained by rmsprop in batches of
128, as the book's chapter on the parts of a neural network has it.
"""

import striate as keras  # added
from striate import layers  # added
from striate.datasets import mnist  # added

model = keras.Sequential([  # added
    layers.Dense(512, activation="relu", input_shape=(28 * 28,)),  # added
    layers.Dense(10, activation="softmax"),  # added
])  # added

(train_images, train_labels), (test_images, test_labels) = mnist.load_data()  # added
train_images = train_images.reshape((60000, 28 * 28)).astype("float32") / 255  # added
test_images = test_images.reshape((10000, 28 * 28)).astype("float32") / 255  # added

model.compile("rmsprop", "sparse_categorical_crossentropy", metrics=["accuracy"])  # added
model.fit(train_images, train_labels, epochs=5, batch_size=128)  # added
test_loss, test_acc = model.evaluate(test_images, test_labels)  # added
print(test_acc)  # added
