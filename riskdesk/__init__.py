"""Front door: commands, web application, worker and scheduler; builds and connects everything."""
