"""What is kept and published of evidence: recorded checks, history, reports (EARL), nanopublications."""
