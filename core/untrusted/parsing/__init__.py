"""What the readers of foreign files share: bounded, and believing nothing."""
