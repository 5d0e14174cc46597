"""Imported by every process of a test's service: adds solvers that behave as badly as needed."""

from tests.api.stubs import stub_solvers

stub_solvers.register()
