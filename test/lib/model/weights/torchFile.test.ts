import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { ZipFile } from 'yazl';
import { readWeights } from '../../../../lib/model/weights';
import { temporaryFolder } from '../../../support/folders';

/** Written by PyTorch: scripts/golden/torch_checkpoints.py. */
const fixture = (name: string) => join(__dirname, 'fixtures', name);
const legacy = readFileSync(fixture('legacy.pth'));
const zipped = readFileSync(fixture('zipped.pth'));
const PROGRAM = join(__dirname, '..', '..', '..', '..', 'lib', 'model', 'weights', 'torch_to_safetensors.py');

const folder = temporaryFolder();
const environment = { ...process.env };
beforeEach(() => {
  process.env.SERENGETI_HOME = folder();
});
afterEach(() => {
  for (const name of ['SERENGETI_HOME', 'PYTHON']) {
    if (environment[name] === undefined) delete process.env[name];
    else process.env[name] = environment[name];
  }
});

async function written(name: string, bytes: Uint8Array): Promise<string> {
  const path = join(folder(), name);
  await writeFile(path, bytes);
  return path;
}

describe('a checkpoint is refused', () => {
  const refusal = async (name: string, bytes: Uint8Array): Promise<string> => {
    const error: unknown = await readWeights(await written(name, bytes)).catch((failure: unknown) => failure);
    expect(error).toMatchObject({ code: 'WEIGHTS_INVALID' });
    expect(await readdir(join(folder(), 'weights'))).toEqual([]);
    return (error as Error).message;
  };

  it('when it wants to run a command, and the command is not run', async () => {
    const trace = join(folder(), 'trace');
    const command = `touch ${trace}`;
    const attack = `cposix\nsystem\n(X${lengthOf(command)}${command}tR0ccollections\nOrderedDict\n`;
    const bytes = replace(legacy, 'ccollections\nOrderedDict\n', attack);
    expect(await refusal('evil.pth', bytes)).toBe(
      'evil.pth: byte 153: "posix.system" is not allowed in a weights file',
    );
    expect(existsSync(trace)).toBe(false);
  });

  it('when it wants to run one from within a zip', async () => {
    const bytes = await zip({ 'a/data.pkl': Buffer.from('\x80\x02cbuiltins\neval\n.', 'latin1') });
    expect(await refusal('evil.pth', bytes)).toBe(
      'evil.pth: byte 17 of "a/data.pkl": "builtins.eval" is not allowed in a weights file',
    );
  });

  it.each([
    ['a name that leads somewhere else', '\x80\x02ccollections\nOrderedDict.__init__.__globals__\n.'],
    ['a name from the stack', '\x80\x04\x8c\x05posix\x8c\x06system\x93.'],
    ['an instance by class name', '\x80\x02(iposix\nsystem\n.'],
    ['an extension code', '\x80\x02\x82\x01.'],
    ['a call of what is no function', '\x80\x02ctorch\nFloatStorage\n)R.'],
    ['attributes for a function', '\x80\x02ctorch._utils\n_rebuild_tensor_v2\n}X\x01\x00\x00\x00aK\x01sbK\x00.'],
  ])('when its pickle holds %s', async (_what, pickle) => {
    await refusal('odd.pth', await zip({ 'a/data.pkl': Buffer.from(pickle, 'latin1') }));
  });

  it('when a tensor reaches out of its storage', async () => {
    // [2, 3] becomes [2, 200].
    expect(await refusal('large.pth', replace(legacy, 'K\x02K\x03\x86', 'K\x02K\xc8\x86'))).toContain(
      'a tensor with shape [2, 200], strides [3, 1], offset 0 does not fit its storage of 6 elements',
    );
  });

  it('when strides of nothing blow a tensor up', async () => {
    // Shape [3, 2] with strides [1, 3] becomes [255, 255] with strides [0, 0].
    const bytes = replace(legacy, 'K\x03K\x02\x86', 'K\xffK\xff\x86', 'K\x01K\x03\x86', 'K\x00K\x00\x86');
    expect(await refusal('large.pth', bytes)).toContain('does not fit its storage of 6 elements');
  });

  it('when its numbers are of a kind that weights are not', async () => {
    const bytes = replace(legacy, 'ctorch\nDoubleStorage\n', 'ctorch\nBoolStorage\n');
    expect(await refusal('bool.pth', bytes)).toContain('"torch.BoolStorage" is not allowed in a weights file');
  });

  it('when it was cut off, wherever that was', async () => {
    const program = `import importlib.util, json, sys
spec = importlib.util.spec_from_file_location('torch_to_safetensors', sys.argv[1])
program = importlib.util.module_from_spec(spec)
spec.loader.exec_module(program)
accepted = []
for path in sys.argv[2:]:
    content = open(path, 'rb').read()
    for length in range(len(content)):
        try:
            program.convert(content[:length])
            accepted.append([path, length])
        except program.Refused:
            pass
print(json.dumps(accepted))`;
    const parameters = ['-c', program, PROGRAM, fixture('legacy.pth'), fixture('zipped.pth')];
    const { stdout } = await promisify(execFile)('python3', parameters);
    expect(JSON.parse(stdout)).toEqual([]);
  });

  it('when the numbers of a storage are cut off', async () => {
    expect(await refusal('cut.pth', legacy.subarray(0, -1))).toMatch(/^cut\.pth: length of the storage "\d+" is \d+, /);
  });

  it('when it is no checkpoint', async () => {
    expect(await refusal('other.pth', Buffer.from('\x80\x02K\x01.', 'latin1'))).toBe(
      'other.pth: magic number is 1, expected 119547037146038801333356',
    );
  });

  it('when it was written by a machine of the other byte order', async () => {
    const bytes = replace(legacy, 'little_endianq\x02\x88', 'little_endianq\x02\x89');
    expect(await refusal('big.pth', bytes)).toBe('big.pth: little_endian is False, expected True');
  });

  it('when a bit of an entry flipped', async () => {
    const at = zipped.indexOf(Buffer.from(Float32Array.of(1, 2, 3).buffer));
    const flipped = Buffer.from(zipped);
    flipped[at] = flipped[at]! ^ 1;
    expect(await refusal('flipped.pth', flipped)).toContain("Bad CRC-32 for file 'archive/data/0'");
  });

  it('when an entry is missing, compressed, or of another length', async () => {
    const only = { 'a/data.pkl': zipEntry('archive/data.pkl') };
    const problem = async (entries: Record<string, Buffer>, compress = false): Promise<string> =>
      await refusal('a.pth', await zip(entries, compress));
    expect(await problem({ 'a/other': Buffer.alloc(1) })).toBe(
      'a.pth: the zip is not a checkpoint: it has no "…/data.pkl"',
    );
    expect(await problem(only)).toBe('a.pth: the entry "a/data/0" is missing');
    expect(await problem({ ...only, 'a/data/0': Buffer.alloc(5) })).toBe(
      'a.pth: length of the storage "0" is 5, expected 24',
    );
    expect(await problem({ ...only, 'a/byteorder': Buffer.from('big') })).toBe(
      'a.pth: byteorder is big, expected little',
    );
    expect(await problem(only, true)).toBe('a.pth: the entry "a/data.pkl" is compressed');
    expect(await problem({ 'a/data.pkl': Buffer.from('\x80\x02K\x01.', 'latin1') })).toBe(
      'a.pth: holds something other than a dictionary of tensors',
    );
  });

  it('where there is no Python, with what to do', async () => {
    process.env.PYTHON = '/nowhere/python3';
    expect(await refusal('mine.pth', legacy)).toBe(
      'mine.pth: is a PyTorch checkpoint, which Python converts, and there is no /nowhere/python3 here. Where there is one, run ' +
        `\`python3 ${PROGRAM} CHECKPOINT RESULT.safetensors\`, and name the result in \`model.weights\``,
    );
  });
});

describe.each(['legacy.pth', 'zipped.pth'])('%s gives', (name) => {
  it.each([
    ['plain', [2, 3], [0, 1, 2, 3, 4, 5]],
    ['transposed', [3, 2], [0, 3, 1, 4, 2, 5]],
    ['channels_last', [1, 2, 3, 4], Array.from({ length: 24 }, (_, index) => index)],
    ['window', [3, 2], [4, 5, 6, 7, 8, 9]],
    ['every_second', [4], [1, 3, 5, 7]],
    ['parameter', [2], [0, 1]],
    ['doubles', [3], [0, 0.25, 0.5]],
    ['integers', [2], [-1, 2]],
    ['scalar', [], [2 ** 40]],
    ['empty', [0, 3], []],
  ])('%s', async (tensor, shape, values) => {
    expect([...(await readWeights(fixture(name))).get(tensor, shape)]).toEqual(values);
  });
});

it('tensors may share their numbers', async () => {
  const weights = await readWeights(fixture('zipped.pth'));
  expect(weights.get('tied', [2])).toEqual(weights.get('tied_too', [2]));
});

it('a checkpoint is converted once, and kept by its digest: from then on without Python, under any name', async () => {
  const first = await readWeights(fixture('zipped.pth'));
  const digest = createHash('sha256').update(zipped).digest('hex');
  expect(await readdir(join(folder(), 'weights'))).toEqual([`${digest}.safetensors`]);
  process.env.PYTHON = '/nowhere/python3';
  const again = await readWeights(await written('renamed.bin', zipped));
  expect(again.file).toBe('renamed.bin');
  expect(again.names).toEqual(first.names);
  expect(again.get('plain', [2, 3])).toEqual(first.get('plain', [2, 3]));
});

it('what a user converted is read without Python', async () => {
  const target = join(folder(), 'mine.safetensors');
  await promisify(execFile)('python3', [PROGRAM, fixture('legacy.pth'), target]);
  process.env.PYTHON = '/nowhere/python3';
  expect((await readWeights(target)).get('every_second', [4])).toEqual(Float32Array.of(1, 3, 5, 7));
  await writeFile(target, (await readFile(target)).subarray(0, -1));
  await expect(readWeights(target)).rejects.toMatchObject({
    code: 'WEIGHTS_INVALID',
    message: expect.stringMatching(/^mine\.safetensors: cannot be read: .*"scalar" is no float32 array/),
  });
});

async function zip(entries: Record<string, Buffer>, compress = false): Promise<Buffer> {
  const file = new ZipFile();
  for (const [name, content] of Object.entries(entries)) file.addBuffer(content, name, { compress });
  file.end();
  return await buffer(file.outputStream);
}

/** Content of an entry of the fixture: what lies between its local header and the next. */
function zipEntry(name: string): Buffer {
  const header = zipped.indexOf(name) - 30;
  const start = header + 30 + zipped.readUInt16LE(header + 26) + zipped.readUInt16LE(header + 28);
  const directory = zipped.indexOf(Buffer.from('PK\x01\x02'));
  const length = zipped.readUInt32LE(zipped.indexOf(name, directory) - 46 + 24);
  return zipped.subarray(start, start + length);
}

/** Replaces the first occurrence of each text by the next. */
function replace(bytes: Buffer, ...changes: string[]): Buffer {
  let text = bytes.toString('latin1');
  for (let index = 0; index < changes.length; index += 2) {
    const [before = '', after = ''] = changes.slice(index, index + 2);
    expect(text).toContain(before);
    text = text.replace(before, () => after);
  }
  return Buffer.from(text, 'latin1');
}

function lengthOf(text: string): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(text.length);
  return bytes.toString('latin1');
}
