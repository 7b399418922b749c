"""The command line: `inkling train` and the rest."""
