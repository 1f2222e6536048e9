"""Django's database backend for PostGIS, whose pools hand out what is alive; ENGINE in the settings names this package."""
