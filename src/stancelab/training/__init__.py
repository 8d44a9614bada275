"""prepared dataset -> checkpoint."""
