"""What the graph says of a thing: its statements and names, its document, how shapes want it shown, links, quality."""
