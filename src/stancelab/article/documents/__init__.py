"""Files of many formats → documents."""

from __future__ import annotations

from stancelab.article.documents.plain_text import text_document
from stancelab.article.documents.read import read_documents
from stancelab.article.documents.settings import DocumentSettings

__all__ = ["DocumentSettings", "read_documents", "text_document"]
