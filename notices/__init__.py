"""The seasons as data, and how their files are read and checked."""
