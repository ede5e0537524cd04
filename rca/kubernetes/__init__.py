"""What the control plane saw of a node's death, read from its objects: the outage, and the pods that bear suspicion."""
