"""The first layer's weights as pictures."""
