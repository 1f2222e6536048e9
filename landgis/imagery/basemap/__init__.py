"""The vector base map of the office: an archive of tiles that an operator made, cut and put into one form when it is served."""
