"""The network: layers, losses, initializers, optimizers, schedules; prediction and evaluation."""
