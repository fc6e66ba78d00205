"""The families of resources, one module each."""
