"""What the Makefile calls: standard library only, since it runs before anything is installed."""
