"""The commands, one module each; ``missiongraph.cli.main`` lists them."""
