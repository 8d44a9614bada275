"""metrics.json and prediction tables -> report.html and report.md."""

from stancelab.report.write import ReportPaths, write_report

__all__ = ["ReportPaths", "write_report"]
