"""What the panels show, without any widget."""
