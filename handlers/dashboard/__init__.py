"""The dashboard: logins by a link of the bot, and what its pages show."""
