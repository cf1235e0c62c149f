import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';
import { isSerengetiError } from '../../../../lib/contracts/errors';
import { readLegacyTorch, readZippedTorch } from '../../../../lib/model/weights/torchCheckpoint';
import { temporaryFolder } from '../../../support/folders';

/** Written by PyTorch: scripts/golden/torch_checkpoints.py. */
const legacy = readFileSync(join(__dirname, 'fixtures', 'legacy.pth'));
const zipped = readFileSync(join(__dirname, 'fixtures', 'zipped.pth'));

describe.each([
  ['before PyTorch 1.6', () => readLegacyTorch('legacy.pth', legacy)],
  ['since PyTorch 1.6', () => readZippedTorch('zipped.pth', zipped)],
])('a checkpoint of the format %s gives', (_name, read) => {
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
  ])('%s', (name, shape, values) => {
    expect([...read().get(name, shape)]).toEqual(values);
  });
});

it('tensors may share their numbers', () => {
  const weights = readZippedTorch('zipped.pth', zipped);
  expect(weights.get('tied', [2])).toEqual(weights.get('tied_too', [2]));
});

describe('a checkpoint is refused', () => {
  const folder = temporaryFolder();

  it('when it wants to run a command, and the command is not run', () => {
    const trace = join(folder(), 'trace');
    const command = `touch ${trace}`;
    const attack = `cposix\nsystem\n(X${lengthOf(command)}${command}tR0ccollections\nOrderedDict\n`;
    const bytes = replace(legacy, 'ccollections\nOrderedDict\n', attack);
    expect(() => readLegacyTorch('evil.pth', bytes)).toThrow(
      'evil.pth: byte 139: "posix.system" is not allowed in a weights file',
    );
    expect(existsSync(trace)).toBe(false);
  });

  it('when it calls what is allowed in a way that no checkpoint does', () => {
    const bytes = replace(legacy, 'ccollections\nOrderedDict\nq', 'ctorch\nFloatStorage\nq');
    expect(() => readLegacyTorch('evil.pth', bytes)).toThrow('a call that no checkpoint of plain tensors makes');
  });

  it('when a tensor reaches out of its storage', () => {
    // [2, 3] becomes [2, 200].
    const bytes = replace(legacy, 'K\x02K\x03\x86', 'K\x02K\xc8\x86');
    expect(() => readLegacyTorch('evil.pth', bytes)).toThrow(
      'a tensor with shape [2, 200], strides [3, 1], offset 0 does not fit its storage of 6 elements',
    );
  });

  it('when strides of nothing blow a tensor up', () => {
    // Shape [3, 2] with strides [1, 3] becomes [255, 255] with strides [0, 0].
    const bytes = replace(legacy, 'K\x03K\x02\x86', 'K\xffK\xff\x86', 'K\x01K\x03\x86', 'K\x00K\x00\x86');
    expect(() => readLegacyTorch('evil.pth', bytes)).toThrow(/does not fit its storage of 6 elements/);
  });

  it('when its numbers are of a kind that weights are not', () => {
    const bytes = replace(legacy, 'ctorch\nDoubleStorage\n', 'ctorch\nBoolStorage\n');
    expect(() => readLegacyTorch('bool.pth', bytes)).toThrow('"torch.BoolStorage" is not allowed in a weights file');
  });

  it('when it was cut off, wherever that was', () => {
    const legacyProblems = new Set<string>();
    for (let length = 0; length < legacy.length; length++) {
      const problem = problemIn(() => readLegacyTorch('cut.pth', legacy.subarray(0, length)));
      legacyProblems.add(problem.replaceAll(/\d+/g, 'N'));
    }
    expect([...legacyProblems].sort()).toEqual([
      'cut.pth: byte N: the file ends here: N more bytes announced, N left',
      'cut.pth: byte N: the file ends within a name',
      'cut.pth: ends at byte N, within the storage "N" that ends at byte N',
    ]);
    for (let length = 0; length < zipped.length; length++) {
      const problem = problemIn(() => readZippedTorch('cut.pth', zipped.subarray(0, length)));
      if (problem !== 'cut.pth: the zip has no directory: the file was cut off') throw new Error(problem);
    }
  });

  it('when the numbers of a storage are cut off, with the place', () => {
    expect(() => readLegacyTorch('cut.pth', legacy.subarray(0, -1))).toThrow(
      /^cut\.pth: ends at byte 1836, within the storage "\d+" that ends at byte 1837$/,
    );
  });

  it('when it is no checkpoint', () => {
    expect(() => readLegacyTorch('other.pth', Buffer.from('\x80\x02K\x01.', 'latin1'))).toThrow(
      'other.pth: magic number is 1, expected 119547037146038801333356',
    );
  });

  it('when it was written by a machine of the other byte order', () => {
    const bytes = replace(legacy, 'little_endianq\x02\x88', 'little_endianq\x02\x89');
    expect(() => readLegacyTorch('big.pth', bytes)).toThrow('big.pth: little_endian is false, expected true');
  });

  it('when a bit of an entry flipped', () => {
    const at = zipped.indexOf(Buffer.from(Float32Array.of(1, 2, 3).buffer));
    const flipped = Buffer.from(zipped);
    flipped[at] = flipped[at]! ^ 1;
    expect(() => readZippedTorch('flipped.pth', flipped)).toThrow(
      'flipped.pth: the entry "archive/data/0" does not match its CRC-32',
    );
  });

  it('when an entry is missing, compressed, or of another length', async () => {
    const pickle = zipEntry('archive/data.pkl');
    const only = { 'a/data.pkl': pickle };
    expect(() => readZippedTorch('a.pth', zipOfNothing)).toThrow('the zip is not a checkpoint: it has no "…/data.pkl"');
    expect(await problemOf(only)).toBe('a.pth: the entry "a/data/0" is missing');
    expect(await problemOf({ ...only, 'a/data/0': Buffer.alloc(5) })).toBe(
      'a.pth: length of the storage "0" is 5, expected 24',
    );
    expect(await problemOf({ ...only, 'a/byteorder': Buffer.from('big') })).toBe(
      'a.pth: byteorder is big, expected little',
    );
    expect(await problemOf(only, true)).toBe('a.pth: the entry "a/data.pkl" is compressed (method 8)');
  });

  it('when it names something outside, within the zip as well', async () => {
    expect(await problemOf({ 'a/data.pkl': Buffer.from('\x80\x02cbuiltins\neval\n.', 'latin1') })).toBe(
      'a.pth: byte 2 of "a/data.pkl": "builtins.eval" is not allowed in a weights file',
    );
  });

  it('when it holds no tensors', async () => {
    expect(await problemOf({ 'a/data.pkl': Buffer.from('\x80\x02K\x01.', 'latin1') })).toBe(
      'a.pth: holds something other than a dictionary of tensors',
    );
  });
});

const zipOfNothing = Buffer.concat([Buffer.from('PK\x05\x06'), Buffer.alloc(18)]);

async function problemOf(entries: Record<string, Buffer>, compress = false): Promise<string> {
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(entries)) zip.addBuffer(content, name, { compress });
  zip.end();
  const bytes = await buffer(zip.outputStream);
  return problemIn(() => readZippedTorch('a.pth', bytes));
}

/** Message of the error, which has to be a WEIGHTS_INVALID. */
function problemIn(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (isSerengetiError(error) && error.code === 'WEIGHTS_INVALID') return error.message;
    throw error;
  }
  throw new Error('the checkpoint was read');
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
