"""Everything that requests share: the opened build, the objects made of it once, query evaluation, the rate limit."""
