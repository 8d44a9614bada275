"""Exports of annotation tools: Prodigy, doccano, Label Studio, Argilla."""
