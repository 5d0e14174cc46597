"""Imported by every process of a test's service: adds solvers that behave as badly as needed."""

import stub_solvers

stub_solvers.register()
