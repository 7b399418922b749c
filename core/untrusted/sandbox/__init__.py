"""Readers that run in a process of their own, because C code behind them has crashed.

`python -m core.untrusted.sandbox KIND PATH` reads one file and writes plain arrays to its output;
`core.data.readers.child` starts it and takes them. Nothing here is imported by the program.
"""
