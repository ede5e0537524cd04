"""What programs and files of a node say, read into values. One file a program."""
