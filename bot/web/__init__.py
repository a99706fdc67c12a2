"""What the web server offers to other systems: the HTTP API."""
