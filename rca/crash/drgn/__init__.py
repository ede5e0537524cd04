"""drgn, where it is installed: a second reader of the same dump, asked in a process of its own and cross-checked."""
