"""The language server: what `dsl/authoring` knows, by the Language Server Protocol."""
