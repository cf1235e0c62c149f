"""The tutorial's way from the competition's CSVs to training and validation tables: first frames, labels joined, one
season held out, nine in ten of the training seasons' empty sequences dropped. Prints one JSON object.

    firstFrames.py FOLDER VALIDATION_SEASON
"""
import json
import resource
import sys
import time
from pathlib import Path

import pandas as pd

folder, validation = Path(sys.argv[1]), f"SER_{sys.argv[2]}"
started = time.perf_counter()

frames = pd.read_csv(folder / "train_metadata.csv")
labels = pd.read_csv(folder / "train_labels.csv", index_col="seq_id")
count = len(frames)
frames["season"] = frames.seq_id.map(lambda name: name.split("#")[0])
frames = frames.sort_values("file_name").groupby("seq_id").first()

held_out = frames[frames.season == validation]
frames = frames[frames.season != validation]
held_out = labels[labels.index.isin(held_out.index)].join(held_out.file_name)
train = labels[labels.index.isin(frames.index)].join(frames.file_name)
train = train.drop(train[train["empty"] == 1].sample(frac=0.9, random_state=123).index)

print(
    json.dumps(
        {
            "frames": count,
            "sequences": len(labels),
            "trainSequences": len(train),
            "validationSequences": len(held_out),
            "seconds": time.perf_counter() - started,
            "peakBytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        }
    )
)
