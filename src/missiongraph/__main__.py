"""``python -m missiongraph`` is the ``missiongraph`` command."""

from missiongraph.cli.main import main

if __name__ == "__main__":
    main()
