"""The desk: stock and supply as they are entered and asked about, each request in a transaction of its own."""
