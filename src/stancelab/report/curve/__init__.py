"""The report of a learning curve: curve.json and the evaluation of each size -> report.html, report.md, curve.csv."""
