"""Exports cases and events as tables, spreadsheets and event logs."""
