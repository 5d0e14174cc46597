"""OR-Tools baselines and certificates."""
