"""Front door: commands, web application, worker and scheduler; builds everything and connects it."""
