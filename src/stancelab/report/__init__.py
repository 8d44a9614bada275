"""metrics.json and prediction tables -> report.html, report.md and table.tex."""

from stancelab.report.curve.write import write_curve
from stancelab.report.write import ReportPaths, write_report

__all__ = ["ReportPaths", "write_curve", "write_report"]
