"""Copies while training, and what a crash left behind."""
