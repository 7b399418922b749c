"""Each step from strokes to the network's image, and maps of how its answer would change."""
