"""The officers' pages. Nothing of them is kept by browsers or proxies, and nothing changes but by POST."""
