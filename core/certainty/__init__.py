"""How sure the network may be: calibration, and what looks like no digit at all."""
