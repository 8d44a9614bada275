"""What lies in the folder of all outputs: its runs, by which settings they differ, and what may be removed of them."""
