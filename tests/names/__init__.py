"""Tests of how names are compared and found."""
