"""The pages and documents about the resources of the dataset: things, named graphs, vocabularies."""
