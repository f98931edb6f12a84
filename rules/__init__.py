"""The shipped rule files, by pack."""
