"""The conversation with people, the same on every chat platform.

A platform brings the wire and the rendering. It asks `purpose` what a message is for, calls
`one_platform` for what a person does, and implements `ports.ChatPort` for what is sent.
"""
