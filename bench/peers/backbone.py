"""Runs a backbone's SavedModel on random pictures in Python: by TensorFlow in graph mode, or by ONNX Runtime. Prints one
JSON object.

    backbone.py tensorflow|onnx SAVED_MODEL BATCH SECONDS
"""
import json
import os
import subprocess
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np


def tensorflow(folder):
    import tensorflow as tf

    session = tf.compat.v1.Session(graph=tf.Graph())
    with session.graph.as_default():
        loaded = tf.compat.v1.saved_model.load(session, ["serve"], folder)
    signature = loaded.signature_def["serving_default"]
    fetch, feed = signature.outputs["features"].name, signature.inputs["images"].name
    return lambda images: session.run(fetch, {feed: images})


def onnx(folder):
    import onnxruntime

    path = os.path.join(folder, "backbone.onnx")
    if not os.path.exists(path):
        command = [sys.executable, "-m", "tf2onnx.convert", "--saved-model", folder, "--output", path, "--opset", "17"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    return lambda images: session.run(None, {name: images})


def main(runtime, folder, batch, seconds):
    run = {"tensorflow": tensorflow, "onnx": onnx}[runtime](folder)
    images = np.random.default_rng(1).integers(0, 256, (batch, 224, 224, 3), dtype=np.uint8)
    for _ in range(3):
        run(images)
    started, done = time.perf_counter(), 0
    while time.perf_counter() - started < seconds:
        run(images)
        done += batch
    print(json.dumps({"framesPerSecond": done / (time.perf_counter() - started)}))


main(sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4]))
