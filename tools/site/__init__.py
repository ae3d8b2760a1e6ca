"""The course as a folder of web pages: `make site`."""
