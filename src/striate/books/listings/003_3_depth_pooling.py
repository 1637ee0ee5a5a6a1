"""Max pooling along the channels, as a layer of one's own.

Book: Aurélien Géron, Hands-On Machine Learning, 3rd edition, chapter 14.
Text: 003.
Changed: the import line of TensorFlow, `tf.keras` is `keras`; the four lines of `call` say in
PyTorch what they said in TensorFlow.
"""

import striate as keras


class DepthPool(keras.layers.Layer):
    def __init__(self, pool_size=2, **kwargs):
        super().__init__(**kwargs)
        self.pool_size = pool_size

    def call(self, inputs):
        shape = inputs.shape  # changed: tf.shape(inputs)
        groups = shape[-1] // self.pool_size # number of channel groups
        new_shape = (*shape[:-1], groups, self.pool_size)  # changed: tf.concat(…, axis=0)
        return inputs.reshape(new_shape).amax(axis=-1)  # changed: tf.reduce_max(tf.reshape(…))
