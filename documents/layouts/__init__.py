"""What stands on each printed paper? One module per attachment; all of them give sheets of `documents.grid`."""
