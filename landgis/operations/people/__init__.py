"""People of the office: who may sign in, in which roles and where; for administrators alone."""
