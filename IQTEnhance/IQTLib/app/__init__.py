"""The work behind the commands: files in, files out, events in between."""
