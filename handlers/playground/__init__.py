"""Makes the JSON for the playground's page, which docs/reference/playground-api.md describes."""
