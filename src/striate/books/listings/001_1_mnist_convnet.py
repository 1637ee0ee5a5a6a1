"""The first edition's convnet for MNIST: its base, then with a dense head: 93,322 parameters.

Book: François Chollet, Deep Learning with Python, 1st edition, chapter 5.
Text: 001, cells 1 to 4.
Changed: the import lines.
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

model.summary()

model.add(layers.Flatten())
model.add(layers.Dense(64, activation='relu'))
model.add(layers.Dense(10, activation='softmax'))

model.summary()
