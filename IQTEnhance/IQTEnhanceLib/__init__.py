"""The parts of `IQTEnhance`, one noun per file. None imports torch, and none imports anything heavy when loaded."""
