"""The chat platforms, one folder for each: the wire and the rendering, no decisions."""
