"""HTTP shapes, one module a router."""
