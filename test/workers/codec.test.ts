import { randomBytes } from 'node:crypto';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { EncryptionCodec, readCodec } from '../../workers/codec';

const key = randomBytes(32);
const payload: Payload = defaultPayloadConverter.toPayload({ catalog: 'https://mirror/catalog.json' });

describe('encryption of payloads', () => {
  it('hides the content and gives it back', async () => {
    const codec = new EncryptionCodec(key);
    const [encrypted] = await codec.encode([payload]);
    expect(Buffer.from(encrypted!.data!).toString('latin1')).not.toContain('mirror');
    const [decrypted] = await codec.decode([encrypted!]);
    expect(defaultPayloadConverter.fromPayload(decrypted!)).toEqual({ catalog: 'https://mirror/catalog.json' });
  });

  it('never encrypts the same content to the same bytes', async () => {
    const [one, two] = await new EncryptionCodec(key).encode([payload, payload]);
    expect(Buffer.from(one!.data!).equals(Buffer.from(two!.data!))).toBe(false);
  });

  it.each([0, 20, -1])('refuses a payload in which byte %p was changed', async (at) => {
    const codec = new EncryptionCodec(key);
    const [encrypted] = await codec.encode([payload]);
    const data = Buffer.from(encrypted!.data!);
    data[at < 0 ? data.length + at : at]! ^= 1;
    await expect(codec.decode([{ ...encrypted, data }])).rejects.toThrow('unable to authenticate');
  });

  it('reads what was written before the key was changed', async () => {
    const [encrypted] = await new EncryptionCodec(key).encode([payload]);
    const [decrypted] = await new EncryptionCodec(randomBytes(32), [key]).decode([encrypted!]);
    expect(defaultPayloadConverter.fromPayload(decrypted!)).toEqual({ catalog: 'https://mirror/catalog.json' });
  });

  it('says which key is missing', async () => {
    const [encrypted] = await new EncryptionCodec(key).encode([payload]);
    await expect(new EncryptionCodec(randomBytes(32)).decode([encrypted!])).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringMatching(/encrypted with the key [0-9a-f]{8}.*SERENGETI_CODEC_OLD_KEYS/),
    });
  });

  it('leaves alone what is not encrypted: runs from before it was switched on', async () => {
    expect(await new EncryptionCodec(key).decode([payload])).toEqual([payload]);
  });
});

describe('the keys of the environment', () => {
  it('are none: nothing is encrypted', () => {
    expect(readCodec({})).toEqual([]);
  });

  it.each(['short', randomBytes(31).toString('base64'), randomBytes(33).toString('base64')])(
    'are refused when they are not 32 bytes, without showing them (%#)',
    (text) => {
      const attempt = (): unknown => readCodec({ SERENGETI_CODEC_KEY: text });
      expect(attempt).toThrow('SERENGETI_CODEC_KEY must be 32 bytes in base64');
      expect(attempt).not.toThrow(text);
    },
  );

  it('may be several: old ones read, the new one writes', async () => {
    const [old] = await new EncryptionCodec(key).encode([payload]);
    const [codec] = readCodec({
      SERENGETI_CODEC_KEY: randomBytes(32).toString('base64'),
      SERENGETI_CODEC_OLD_KEYS: `${randomBytes(32).toString('base64')},${key.toString('base64')}`,
    });
    const [decrypted] = await codec!.decode([old!]);
    expect(defaultPayloadConverter.fromPayload(decrypted!)).toEqual({ catalog: 'https://mirror/catalog.json' });
  });
});
