"""How the program looks: colours, sizes, icons."""
