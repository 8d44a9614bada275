"""A checkpoint behind an HTTP API and a web page: rows and articles in, stances out."""
