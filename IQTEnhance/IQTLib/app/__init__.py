"""What the commands do: files in, files out, events in between."""
