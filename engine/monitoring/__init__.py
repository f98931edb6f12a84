"""Monitors of orders: what is reached, what is due, which patterns are whole, and what is raised of it. Pure."""
