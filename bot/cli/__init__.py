"""The command line: one module per family of commands, combined by `main.py`.

A command is a thin function: it reads its options, calls a use case, and prints. Heavy modules are
imported inside, so that `closeloop --help` is quick. Data goes to stdout, messages to stderr.
"""
