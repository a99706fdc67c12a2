"""Forms that are asked question by question, for platforms without forms of their own.

`talk` handles taps, texts and files, and defines what a platform implements to show a form.
`place` is the position in a form, which is stored with the draft; `sessions` finds and stores the
open forms; `steps` are the pure transitions; `values` reads what was typed. A platform draws the
questions and encodes their buttons.
"""
