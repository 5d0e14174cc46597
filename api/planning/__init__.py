"""The service's only way to the domain: documents in, documents out. No planning happens here."""
