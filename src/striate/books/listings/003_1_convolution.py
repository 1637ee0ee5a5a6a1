"""Two photographs, a convolution with and without padding, its kernels and biases.

Book: Aurélien Géron, Hands-On Machine Learning, 3rd edition, chapter 14.
Text: 003.
Changed: the import line of TensorFlow, and `tf.keras` is `keras`; what the text types at the
prompt (>>>) is printed.
"""

from sklearn.datasets import load_sample_images
import striate as keras

images = load_sample_images()["images"]
images = keras.layers.CenterCrop(height=70, width=120)(images)
images = keras.layers.Rescaling(scale=1 / 255)(images)
print(images.shape)

conv_layer = keras.layers.Conv2D(filters=32, kernel_size=7)
fmaps = conv_layer(images)
print(fmaps.shape)

conv_layer = keras.layers.Conv2D(filters=32, kernel_size=7,
                                    padding="same")
fmaps = conv_layer(images)
print(fmaps.shape)

kernels, biases = conv_layer.get_weights()
print(kernels.shape)
print(biases.shape)
