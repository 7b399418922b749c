"""From photographs and scans to the images a network reads."""
