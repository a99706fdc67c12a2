"""All cases or all events in one file: tables, spreadsheets, event logs."""
