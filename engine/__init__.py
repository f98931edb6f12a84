"""What happens to an order: a pure core and a thin shell around it."""
