"""The report's figures. They are narrow, so that their text is still readable on a phone."""
