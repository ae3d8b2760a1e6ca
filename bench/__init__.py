"""The measured figures of the course: `make bench`. See README.md in this folder."""
