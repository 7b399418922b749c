"""From strokes and photographs to the image that a network receives, and built-in handwriting."""
