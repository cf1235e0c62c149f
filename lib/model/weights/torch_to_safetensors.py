"""Turns a PyTorch checkpoint into a safetensors file of float32 arrays, with nothing but Python's standard library:

    python3 torch_to_safetensors.py mine.pth mine.safetensors

A checkpoint is a pickle, a program that Python runs when it loads it. Here it may make dictionaries and describe
tensors; whatever else it names is refused. Both formats are read: since PyTorch 1.6 a zip with the pickle and one entry a
storage, before that five pickles (magic number, version, machine, data, order of the storages) and then each storage as
its length and its elements. The same checkpoint gives the same bytes; the file appears whole or not at all.

The format of the result: github.com/huggingface/safetensors.
"""

import array
import io
import itertools
import json
import math
import os
import pickle
import re
import struct
import sys
import zipfile
from collections import OrderedDict, namedtuple

LEGACY_MAGIC = 0x1950A86A20F9469CFC6C
LEGACY_VERSION = 1001
#: Type code in `array` of the numbers of a storage, by the class that PyTorch names it with.
ELEMENTS = {"FloatStorage": "f", "DoubleStorage": "d", "IntStorage": "i", "LongStorage": "q"}

Storage = namedtuple("Storage", "key code length")
#: A walk over a storage: offset, shape and strides in elements.
Tensor = namedtuple("Tensor", "storage offset shape strides")


class Refused(Exception):
    """The file is damaged, or no checkpoint of plain tensors."""


def rebuild_tensor(storage, offset, shape, strides, *_rest):
    counts = (offset, *shape, *strides)
    if not isinstance(storage, Storage) or len(shape) != len(strides) or not all(map(is_count, counts)):
        raise Refused("a tensor whose offset, shape or strides are not whole numbers from 0 up")
    tensor = Tensor(storage, offset, shape, strides)
    last = offset + sum((length - 1) * stride for length, stride in zip(shape, strides))
    size = math.prod(shape)
    # Also keeps a few bytes from pretending, with strides of 0, to be gigabytes.
    if size > storage.length or (size > 0 and last >= storage.length):
        raise Refused(
            f"a tensor with shape {list(shape)}, strides {list(strides)}, offset {offset} "
            f"does not fit its storage of {storage.length} elements"
        )
    return tensor


def rebuild_parameter(tensor, *_rest):
    return tensor


def is_count(value):
    return type(value) is int and value >= 0


#: All that a checkpoint may name. The storages' classes are only ever told apart, never called.
ALLOWED = {
    "collections.OrderedDict": OrderedDict,
    "torch._utils._rebuild_tensor_v2": rebuild_tensor,
    "torch._utils._rebuild_parameter": rebuild_parameter,
    **{f"torch.{name}": code for name, code in ELEMENTS.items()},
}


# The one in Python: C's makes room for as many objects as a damaged pickle says that there are.
class Unpickler(pickle._Unpickler):
    def find_class(self, module, name):
        if f"{module}.{name}" not in ALLOWED:
            raise Refused(f'"{module}.{name}" is not allowed in a weights file')
        return ALLOWED[f"{module}.{name}"]

    def persistent_load(self, pid):
        kind, code, key, _location, length, *view = pid
        if kind != "storage" or code not in ELEMENTS.values() or not is_count(length) or any(view):
            raise Refused("the description of a storage is not of the known form")
        return Storage(key, code, length)


def unpickle(file, where=""):
    try:
        return Unpickler(file).load()
    # What a damaged pickle makes of its reader is of any kind.
    except Exception as error:
        raise Refused(f"byte {file.tell()}{where}: {error or type(error).__name__}") from error


def expect(what, expected, actual):
    if actual != expected:
        raise Refused(f"{what} is {actual}, expected {expected}")


def tensors_of(data):
    """The tensors of a state dictionary, or of a training checkpoint that keeps one as its `state_dict`."""
    inner = data.get("state_dict") if isinstance(data, dict) else None
    state = inner if isinstance(inner, dict) else data
    if not isinstance(state, dict):
        raise Refused("holds something other than a dictionary of tensors")
    return {name: value for name, value in state.items() if isinstance(name, str) and isinstance(value, Tensor)}


def storages_of(tensors):
    return {tensor.storage.key: tensor.storage for tensor in tensors.values()}


def read_legacy(content):
    file = io.BytesIO(content)
    expect("magic number", LEGACY_MAGIC, unpickle(file))
    expect("format version", LEGACY_VERSION, unpickle(file))
    machine = unpickle(file)
    expect("little_endian", True, isinstance(machine, dict) and machine.get("little_endian"))
    tensors = tensors_of(unpickle(file))
    known = storages_of(tensors)
    storages = {}
    for key in unpickle(file):
        if key not in known:
            raise Refused(f'no tensor uses the storage "{key}"')
        length = file.read(8)
        if len(length) == 8:
            expect(f"length at byte {file.tell() - 8}", known[key].length, struct.unpack("<q", length)[0])
        storages[key] = numbers(known[key], file.read(byte_length(known[key])))
    return tensors, storages


def read_zipped(content):
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        roots = [name[: -len("data.pkl")] for name in archive.namelist() if re.fullmatch("[^/]+/data[.]pkl", name)]
        if not roots:
            raise Refused('the zip is not a checkpoint: it has no "…/data.pkl"')
        root = roots[0]
        if f"{root}byteorder" in archive.namelist():
            expect("byteorder", "little", stored(archive, f"{root}byteorder").decode("latin-1"))
        pickled = stored(archive, f"{root}data.pkl")
        tensors = tensors_of(unpickle(io.BytesIO(pickled), f' of "{root}data.pkl"'))
        known = storages_of(tensors)
        return tensors, {key: numbers(known[key], stored(archive, f"{root}data/{key}")) for key in known}
    except (zipfile.BadZipFile, EOFError, struct.error) as error:
        raise Refused(f"the zip is damaged: {error}") from error


def stored(archive, name):
    if name not in archive.namelist():
        raise Refused(f'the entry "{name}" is missing')
    if archive.getinfo(name).compress_type != zipfile.ZIP_STORED:
        raise Refused(f'the entry "{name}" is compressed')
    return archive.read(name)


def byte_length(storage):
    return storage.length * array.array(storage.code).itemsize


def numbers(storage, content):
    expect(f'length of the storage "{storage.key}"', byte_length(storage), len(content))
    result = array.array(storage.code, content)
    if sys.byteorder == "big":
        result.byteswap()
    return result


def gather(tensor, storage):
    """The elements of a tensor as float32, last axis fastest."""
    result = array.array("f")
    if math.prod(tensor.shape) == 0:
        return result
    *outer, (length, stride) = zip((1, *tensor.shape), (0, *tensor.strides))
    # Axes that follow each other without a gap are one axis.
    while outer and outer[-1][1] == length * stride:
        length *= outer.pop()[0]
    for place in itertools.product(*([step * index for index in range(size)] for size, step in outer)):
        start = tensor.offset + sum(place)
        row = storage[start : start + (length - 1) * stride + 1 : stride] if stride else [storage[start]] * length
        result.extend(row if storage.typecode == "f" else iter(row))
    return result


def convert(content):
    read = read_zipped if content.startswith(b"PK\x03\x04") else read_legacy
    tensors, storages = read(content)
    header, arrays, position = {}, [], 0
    for name, tensor in tensors.items():
        # Tensors may share a storage, but not so often that a small file fills the memory.
        if position + 4 * math.prod(tensor.shape) > 4 * len(content):
            raise Refused(f'the tensor "{name}" brings the elements above the {len(content)} bytes of the file')
        values = gather(tensor, storages[tensor.storage.key])
        if sys.byteorder == "big":
            values.byteswap()
        arrays.append(values.tobytes())
        end = position + len(arrays[-1])
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [position, end]}
        position = end
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + b"".join(arrays)


def main(source, target):
    with open(source, "rb") as file:
        content = file.read()
    partial = f"{target}.{os.getpid()}.partial"
    try:
        result = convert(content)
        with open(partial, "wb") as file:
            file.write(result)
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, target)
    except Refused as error:
        sys.exit(str(error))
    finally:
        if os.path.exists(partial):
            os.remove(partial)


if __name__ == "__main__":
    main(*sys.argv[1:])
