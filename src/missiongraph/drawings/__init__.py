"""Computes the SVG geometry of maps, charts, timelines, networks, class diagrams and role ladders.

Numbers and labels go in, coordinates and path data come out; templates write them as SVG. It knows no RDF and no HTTP.
"""
