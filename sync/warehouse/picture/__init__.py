"""The picture of the schema in docs/warehouse.svg, drawn from the tables themselves."""
