"""What is handed out: the one file, and which commit it was made of."""
