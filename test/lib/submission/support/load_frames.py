"""Writes what main.py makes of photographs, for each of several inputs, one after the other.

    load_frames.py FOLDER OUTPUT

FOLDER has main.py, inputs.json, a list of what model.json has as preprocessing with the box that is looked at, and the
photographs in data/.
"""
import json
import os
import sys

folder, output = sys.argv[1:]
sys.path.insert(0, folder)

import main

with open(os.path.join(folder, 'inputs.json')) as file:
    inputs = json.load(file)
decode = main.JpegDecoder()
with open(output, 'wb') as file:
    for preprocessing, box in inputs:
        for name in sorted(os.listdir(os.path.join(folder, 'data'))):
            path = os.path.join(folder, 'data', name)
            file.write(main.load_frame(path, preprocessing, decode, box).tobytes())
