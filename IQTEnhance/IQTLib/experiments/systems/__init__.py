"""All systems side by side: every single score of a run, and the table made of them."""
