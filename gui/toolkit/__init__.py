"""Widgets that more than one feature uses: plain values in, signals out."""
