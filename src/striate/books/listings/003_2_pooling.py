"""A max pooling layer, and the mean intensity of red, green and blue in two ways.

Book: Aurélien Géron, Hands-On Machine Learning, 3rd edition, chapter 14.
Text: 003.
Changed: the import line of TensorFlow, and `tf.keras` is `keras`; `tf.reduce_mean` is the
tensor's own mean; what the text types at the prompt (>>>) is printed. The second layer of one
name has a name of its own.
"""

from sklearn.datasets import load_sample_images
import striate as keras

images = load_sample_images()["images"]
images = keras.layers.CenterCrop(height=70, width=120)(images)
images = keras.layers.Rescaling(scale=1 / 255)(images)

max_pool = keras.layers.MaxPool2D(pool_size=2)

global_avg_pool = keras.layers.GlobalAvgPool2D()

lambda_pool = keras.layers.Lambda(  # changed: the name
    lambda X: X.mean(axis=[1, 2]))  # changed: tf.reduce_mean(X, axis=[1, 2])

print(global_avg_pool(images))
