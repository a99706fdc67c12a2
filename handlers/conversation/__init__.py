"""What people say to the product and hear from it, whatever chat they use.

Platforms know `intents`, `ports` and what is held here once for all of them; they bring the wire
and the rendering.
"""
