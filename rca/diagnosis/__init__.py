"""From facts to a ranked, cited answer: which event was fatal, what is to blame, and how sure that is."""
