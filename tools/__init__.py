"""What writes the notebooks and the tables, and what the tests and the bench share with it."""
