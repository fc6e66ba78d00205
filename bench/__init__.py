"""The benchmark: the same data and the same queries over HTTP, to this publisher and to its peers."""
