"""Drawings as SVG geometry.

Maps, charts, timelines, networks. Numbers and labels go in; it knows no RDF and no HTTP.
"""
