"""The RCA: the form, what evidence drafts into it, and the formats in which it leaves."""
