"""Pooling over pixels, over channels, and over whole feature maps.

Book: Aurélien Géron, Hands-On Machine Learning, 2nd edition, chapter 14.
Text: 004.
Changed: the import lines and the pictures, which the text leaves out; `tf.nn.max_pool` is
`ops.max_pool`; `tf.reduce_mean` is the tensor's own mean. The second layer of one name has a name
of its own.
"""

import numpy as np  # added
import striate as keras  # added
from sklearn.datasets import load_sample_image  # added
from striate import ops  # added

images = np.array([load_sample_image("china.jpg"), load_sample_image("flower.jpg")]) / 255  # added

max_pool = keras.layers.MaxPool2D(pool_size=2)

output = ops.max_pool(images, (1, 1, 1, 3),  # changed: tf.nn.max_pool(images, ksize=(1,1,1,3),
                      strides=(1, 1, 1, 3), padding="valid")  # slip: the text loses this line

depth_pool = keras.layers.Lambda(  # slip: keras.Layers
    lambda X: ops.max_pool(X, (1, 1, 1, 3),  # changed: tf.nn.max_pool(X, ksize=(1,1,1,3),
                           strides=(1, 1, 1, 3), padding="valid"))  # changed: as above

global_avg_pool = keras.layers.GlobalAvgPool2D()

lambda_pool = keras.layers.Lambda(lambda X: X.mean(axis=[1,2]))  # changed: tf.reduce_mean
