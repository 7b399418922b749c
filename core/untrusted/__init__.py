"""Files of strangers: bounded parsing, and a child process for what has crashed in C."""
