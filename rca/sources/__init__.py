"""Where evidence comes from: this node, a folder, a recording. One interface, `base.Source`."""
