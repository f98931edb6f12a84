"""What an editor asks of a text: what stands at a place, what may stand there, where a name is defined and used. Pure."""
