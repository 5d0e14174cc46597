"""Tests mirror the tree; twins and strategies that several of them share stand beside them."""
