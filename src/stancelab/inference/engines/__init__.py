"""Where examples are computed: in this process, or by workers of a Ray cluster."""
