"""CP-SAT on the full mill model."""
