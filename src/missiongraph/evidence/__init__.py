"""Evidence: which words of which page a statement rests on."""
