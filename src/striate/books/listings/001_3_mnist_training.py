"""The first edition's convnet trained on MNIST for 5 epochs.

Book: François Chollet, Deep Learning with Python, 1st edition, chapter 5.
Text: 001, cells 1, 3, 5 and 6.
Changed: the import lines; the last line is printed, as a notebook does.
"""

from striate import layers
from striate import models

model = models.Sequential()

# Conv window 3x3, with 32 filters
model.add(layers.Conv2D(32, (3, 3), activation='relu', input_shape=(28, 28, 1)))
# Max Pool window 2x2
model.add(layers.MaxPooling2D((2, 2)))
# Conv defaults with no stride
model.add(layers.Conv2D(64, (3, 3), activation='relu'))
# Max Pool defaults with stride 2, thus downsampling by about 2
model.add(layers.MaxPooling2D((2, 2)))
model.add(layers.Conv2D(64, (3, 3), activation='relu'))

model.add(layers.Flatten())
model.add(layers.Dense(64, activation='relu'))
model.add(layers.Dense(10, activation='softmax'))

from striate.datasets import mnist
from striate.utils import to_categorical

(train_images, train_labels), (test_images, test_labels) = mnist.load_data()

train_images = train_images.reshape((60000, 28, 28, 1))
train_images = train_images.astype('float32') / 255

test_images = test_images.reshape((10000, 28, 28, 1))
test_images = test_images.astype('float32') / 255

train_labels = to_categorical(train_labels)
test_labels = to_categorical(test_labels)

model.compile(optimizer='rmsprop', loss='categorical_crossentropy', metrics=['accuracy'])
model.fit(train_images, train_labels, epochs=5, batch_size=64)

test_loss, test_acc = model.evaluate(test_images, test_labels)
print(test_acc)  # changed: print
