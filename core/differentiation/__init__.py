"""The computational graph, numerical gradients, and the gradient check."""
