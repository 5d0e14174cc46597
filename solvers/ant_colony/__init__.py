"""The ant colony: one engine, one colony per core, and the mill colony that couples them."""
