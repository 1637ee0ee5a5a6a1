"""Weights in other programs' files: each is read in a process of its own, with limits.

`look` reads what a file says it holds, without torch; `take` has torch read the numbers;
`take_keras` reads Keras' files by h5py: these are programs for a process of their own. `converter`
has `program` start them and reads what they hand over, a safetensors file. A pickle that may call
anything is refused by `look`, before torch sees it; no other file is opened for an HDF5 file.
"""
