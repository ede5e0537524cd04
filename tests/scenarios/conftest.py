"""The desk that only writes down what it is asked is the screen's tests'."""

from tests.tui.conftest import fake

__all__ = ["fake"]
