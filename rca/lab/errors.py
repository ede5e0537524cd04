"""The one error of the lab."""


class LabError(Exception):
    """A virtual machine, a build or a package did not do what the lab needs; the text says what and shows the log."""
