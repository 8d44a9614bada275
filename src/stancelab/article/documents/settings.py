"""How documents are read, where the files themselves do not tell."""

from __future__ import annotations

from dataclasses import dataclass, field

from stancelab.article.documents.columns import FIELDS
from stancelab.article.documents.formats import FORMATS
from stancelab.errors import did_you_mean
from stancelab.tables.options import TableOptions

#: What may be done with a file that cannot be read.
ON_BAD_FILES = ("fail", "skip")


@dataclass
class DocumentSettings:
    r"""How documents are read.

    Attributes:
        format: Of what format the inputs are: text, markdown, html, mhtml, docx, pdf, table, or auto, which goes by the
            ending of a name, and of standard input by its first bytes.
        columns: Field (text, title, date, outlet, id) -> the column of tables, and the key of a Markdown file's head,
            that holds it; those that are not named are found under their usual names.
        encoding: The encoding of text, Markdown and tables, such as "cp1252"; None finds it out.
        delimiter: What separates the cells of CSV and TSV, one character or "tab"; None finds it out.
        sheet: The sheet of a spreadsheet: its name, or its number from 1; None takes the only one with cells.
        quoting: How cells of CSV and TSV are quoted: auto, none or minimal.
        day_first: Whether 03/04/2026 is 3 April (true) or March 4 (false); None tells such dates and leaves them out.
        on_bad_files: What is done with a file, or a row of a table, that cannot be read: fail, or skip and tell.
        fetch: Whether pages are fetched where an input is a URL.
    """

    format: str = "auto"
    columns: dict[str, str] = field(default_factory=dict)
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    quoting: str = "auto"
    day_first: bool | None = None
    on_bad_files: str = "fail"
    fetch: bool = False

    def problems(self) -> list[str]:
        """Return what is wrong with the settings, one line each."""
        lines = []
        for name, found, allowed in (
            ("format", self.format, ("auto", *FORMATS)),
            ("on_bad_files", self.on_bad_files, ON_BAD_FILES),
        ):
            if found not in allowed:
                near = did_you_mean(str(found), allowed)
                lines.append(f"{name}: found {found!r}, allowed {', '.join(allowed)}.{near}")
        lines += [
            f"columns: found the field {name!r}, allowed {', '.join(FIELDS)}.{did_you_mean(name, FIELDS)}"
            for name in self.columns
            if name not in FIELDS
        ]
        return lines + self.table_options().problems()

    def table_options(self) -> TableOptions:
        """Return what concerns tables and text files."""
        return TableOptions(self.delimiter, self.encoding, self.sheet, self.quoting, group="read")
