"""Reusable widgets: plain values in, signals out; they know no event and no session."""
