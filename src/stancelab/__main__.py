"""`python -m stancelab` is `stancelab`."""

import sys

from stancelab.cli import main

if __name__ == "__main__":
    sys.exit(main())
