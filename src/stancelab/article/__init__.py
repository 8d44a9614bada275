"""Reading articles: documents → sentences → mentions of a codebook → pairs → stances → the map of an article."""
