"""The doctor: what this machine has and lacks for each step, before there is a crash to work on."""
