"""How far the network's certainty can be trusted."""
