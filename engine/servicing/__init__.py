"""Services: slots of resources, and plans of goods and services together."""
