"""Run small inputs that once gave a silent wrong result, a traceback or a late error, and print what they give now.

    OMP_NUM_THREADS=1 python scripts/check_cases.py FOLDER            # exit code 1 where one is wrong
    OMP_NUM_THREADS=1 python scripts/check_cases.py FOLDER 06 24      # these numbers alone

FOLDER has a README.md with a table of the faults by number, a folder of inputs for each, and `make_encoders.py`, which
writes tiny encoders with random weights (of these the sizes and tokenizers matter, not the answers).
Each check computes what is right from the inputs: rows kept, labels as in the file, or exit code 2 with a message that
names the place. Commands run in this process, or in one of their own where the environment counts, and write to a
temporary folder. A check that cannot be made on this machine is skipped with its reason. The checks are in `cases/`.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from cases import encoders, files, outputs, predicting, predictions, sets, tables, trainings
from cases.bench import Bench, Case, Finding

_PARTS = (tables, files, sets, predictions, predicting, outputs, encoders, trainings)
CASES = sorted((case for part in _PARTS for case in part.CASES), key=lambda case: int(case.number))


def main() -> int:
    """Run the checks, print a line for each, and return 1 where one is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="the folder of the cases")
    parser.add_argument("numbers", nargs="*", help="numbers of cases; all by default")
    given = parser.parse_args()
    if not (given.folder / "make_encoders.py").is_file():
        parser.error(f"{given.folder}: no folder of cases, since it has no make_encoders.py")
    unknown = set(given.numbers) - {case.number for case in CASES}
    if unknown:
        parser.error(f"no check has the number {', '.join(sorted(unknown))}")
    chosen = [case for case in CASES if not given.numbers or case.number in given.numbers]
    with tempfile.TemporaryDirectory() as work:
        bench = Bench(given.folder.resolve(), Path(work))
        verdicts = [_told(case, bench) for case in chosen]
    skipped = verdicts.count(None)
    print(f"{verdicts.count(True)} of {len(chosen)} right" + (f", {skipped} skipped" if skipped else ""))
    return 1 if False in verdicts else 0


def _told(case: Case, bench: Bench) -> bool | None:
    """Run a check, print its line, and return whether what it found is right, None where it cannot be made here."""
    try:
        finding = case.check(bench)
    except Exception as error:  # noqa: BLE001 - one check that fails must not hide the others
        finding = Finding(f"the check failed: {type(error).__name__}: {error}"[:200], right=False)
    verdict = "skipped" if finding.right is None else "right" if finding.right else "WRONG"
    print(f"{case.number}  {case.fault:36} {verdict}  {finding.found}", flush=True)
    return finding.right


if __name__ == "__main__":
    sys.exit(main())
