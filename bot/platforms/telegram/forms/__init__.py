"""Forms in a chat: question by question in one message, kept in the database at every step."""
