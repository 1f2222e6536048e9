"""What keeps landgis running: the private cluster, roles, demo, health. Imports nothing heavy by itself."""
