"""Checkpoint -> `onnx/` in its folder: the network for prediction without PyTorch, compared with the checkpoint."""
