"""How networks of other programs are understood: descriptions, weights alone, questions.

`core.exchange.importers` reads each kind of file with what is here.
"""
