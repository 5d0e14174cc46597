"""Seeded order books of a bar mill and a rod mill; sources are in ``docs/instances.md``."""

from instances.generator.book import GENERATOR_VERSION, SIZES, generate
from instances.generator.plants import PLANTS

__all__ = ["GENERATOR_VERSION", "PLANTS", "SIZES", "generate"]
