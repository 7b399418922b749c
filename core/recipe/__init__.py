"""What decides a run, as one frozen value."""
