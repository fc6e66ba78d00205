"""Pages of what stands beside the dataset: catalogue, VoID, ontology, shapes, JSON-LD context, downloads."""
