"""The playground: a chat in the browser where one person plays everybody.

`web.playground_app` is the page with its HTTP API, `client.PlaygroundChat` the chat port that the
outbox delivers to. Both see the product only through `handlers.conversation.ports`.
"""
