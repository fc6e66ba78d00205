"""Pages of metadata: catalogue, VoID, ontology, shapes, JSON-LD context, downloads."""
