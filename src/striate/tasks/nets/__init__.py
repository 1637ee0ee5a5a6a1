"""The nets that are trained: ours, a paper's, or one that begins with the weights of another."""
