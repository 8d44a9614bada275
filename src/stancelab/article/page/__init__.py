"""stances.json → map.html: who stands where, on what, with the sentences that say so, as one self-contained file."""

from stancelab.article.page.write import map_page, write_map

__all__ = ["map_page", "write_map"]
