"""Pages and documents of the things of the dataset, its graphs, vocabularies and nanopublications."""
