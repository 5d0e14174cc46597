"""Readers, writers, the seeded generator and the catalogue of public sets."""
