"""The playground: a chat in the browser in which one person acts as everybody.

`web.playground_app` is the page with its HTTP API, over the desk that `desk.PlaygroundPort`
describes; `client.PlaygroundChat` is the chat port to which the outbox delivers.
"""
