"""The command line. One module for each family of commands; `main.py` puts them together.

Every command is a thin function: it reads its options, calls a use case, and prints. What is heavy
is imported inside, so that `closeloop --help` is quick. Data goes to stdout, messages to stderr.
"""
