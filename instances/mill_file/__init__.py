"""The mill's file formats: one table of fields each, and what is made from it."""
