"""Change this: a definition is changed in the chat, a value at a time, in the draft of a case."""
