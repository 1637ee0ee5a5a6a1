"""Two filters made by hand, of a vertical and of a horizontal line, on two photographs.

Book: Aurélien Géron, Hands-On Machine Learning, 2nd edition, chapter 14.
Text: 004.
Changed: the import lines, which the text leaves out but for one; `tf.nn.conv2d` is `ops.conv2d`.
"""

import matplotlib.pyplot as plt  # added
import numpy as np  # added
import striate as keras  # added
from striate import ops  # added

# loads two color image
from sklearn.datasets import load_sample_image
china = load_sample_image("china.jpg")/255
flower = load_sample_image("flower.jpg")/255
images = np.array([china, flower])
batch_size, height, width, channels = images.shape

# create 2 filters
filters = np.zeros(shape=(7,7,channels, 2), dtype=np.float32)
filters[:, 3, :, 0] = 1 # vertical line
filters[3, :, :, 1] = 1 # horizontal line

outputs = ops.conv2d(images, filters, strides=1, padding="same")  # changed: tf.nn.conv2d
# plot 1st image's 2nd feature map
plt.imshow(outputs[0, :, :, 1], cmap="gray")

conv = keras.layers.Conv2D(filters=32, kernel_size=3, strides=1, padding="same", activation="relu")
