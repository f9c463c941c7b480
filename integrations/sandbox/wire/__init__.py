"""What goes over the wire: calls and answers, routes, pages, cursors, and the kinds of fields."""
