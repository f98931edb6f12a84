"""How an instance of a process goes on: its steps, what it waits for, what people and partners say, and what is undone. Pure."""
