"""From strokes to what the network receives, step by step, and how its answer would change."""
