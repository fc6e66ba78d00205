"""What every request is answered from: the opened build with all that is made of it once."""
