"""The shell: two loops over one store, what comes in, and what the core's turns are given and leave behind."""
