"""Any past moment of the training: looked at, exported, trained on from."""
