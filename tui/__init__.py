"""What people see, and the command line. The only floor that may import textual, rich and pyperclip."""
