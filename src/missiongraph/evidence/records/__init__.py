"""What is written and published about checks: recorded checks, reports (EARL, JUnit), nanopublications."""
