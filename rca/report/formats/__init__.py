"""The formats in which an RCA leaves: each turns a document into text in which nothing but its own markup is markup."""
