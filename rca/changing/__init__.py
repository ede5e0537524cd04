"""Commands that change a node: shown in full with what they cost, run after a yes, judged by what is on disk then."""
