"""The Python interface: publications, things, facts and tables; ``import missiongraph`` names what is public in it."""
