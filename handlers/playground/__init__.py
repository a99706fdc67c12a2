"""What the playground's page shows, as the JSON of docs/reference/playground-api.md."""
