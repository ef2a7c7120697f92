"""What `IQTEnhance` is made of, one noun per file. Nothing here imports torch, and nothing heavy at import."""
