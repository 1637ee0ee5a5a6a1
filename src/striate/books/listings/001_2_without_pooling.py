"""The same base without its pooling layers: 22 × 22 × 64 numbers a picture at the end.

Book: François Chollet, Deep Learning with Python, 1st edition, chapter 5.
Text: 001, cells 7 and 8.
Changed: the import lines.
"""

from striate import layers
from striate import models

model_no_max_pool = models.Sequential()

model_no_max_pool.add(layers.Conv2D(32, (3, 3), activation='relu', input_shape=(28, 28, 1)))
model_no_max_pool.add(layers.Conv2D(64, (3, 3), activation='relu'))
model_no_max_pool.add(layers.Conv2D(64, (3, 3), activation='relu'))

model_no_max_pool.summary()
