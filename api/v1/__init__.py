"""How do other programs use the system? As JSON under /api/v1, by the same rules as the pages."""
