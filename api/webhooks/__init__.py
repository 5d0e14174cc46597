"""Webhooks: who may be told of a job's end, and telling them, signed and until they answer."""
