"""The store: the only place with SQL. The database is the truth, everything else disposable."""

from api.store.database import Store

__all__ = ["Store"]
