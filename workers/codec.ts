import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import type { Payload, PayloadCodec } from '@temporalio/common';
import { temporal } from '@temporalio/proto';
import { SerengetiError } from '../lib/contracts/errors';

const ENCODING = Buffer.from('binary/encrypted');
const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * The codec for the environment's keys: none without `SERENGETI_CODEC_KEY`, 32 bytes in base64.
 * `SERENGETI_CODEC_OLD_KEYS`, separated by commas, are for reading what was written before the key was changed.
 *
 * @throws SerengetiError INPUT_INVALID; the message does not show the key
 */
export function readCodec(environment: NodeJS.ProcessEnv): PayloadCodec[] {
  const { SERENGETI_CODEC_KEY: key, SERENGETI_CODEC_OLD_KEYS: old = '' } = environment;
  if (key === undefined || key === '') return [];
  const oldKeys = old.split(',').filter((text) => text !== '');
  return [
    new EncryptionCodec(
      parseKey('SERENGETI_CODEC_KEY', key),
      oldKeys.map((text) => parseKey('SERENGETI_CODEC_OLD_KEYS', text)),
    ),
  ];
}

function parseKey(name: string, text: string): Buffer {
  const key = Buffer.from(text.trim(), 'base64');
  if (key.length === KEY_BYTES) return key;
  throw new SerengetiError(
    'INPUT_INVALID',
    `${name} must be ${KEY_BYTES} bytes in base64, got ${key.length} bytes; \`openssl rand -base64 32\` makes one.`,
  );
}

/**
 * Encrypts what the Temporal server stores of workflows: inputs, results, heartbeats, queries. AES-256-GCM with a new
 * nonce each (NIST SP 800-38D): nonce, ciphertext and tag, one after the other. A digest of the key says which it was.
 */
export class EncryptionCodec implements PayloadCodec {
  readonly #key: Buffer;
  /** By their ids. */
  readonly #keys: ReadonlyMap<string, Buffer>;

  constructor(key: Buffer, oldKeys: readonly Buffer[] = []) {
    this.#key = key;
    this.#keys = new Map([key, ...oldKeys].map((each) => [idOf(each), each]));
  }

  encode(payloads: Payload[]): Promise<Payload[]> {
    return Promise.all(payloads.map(async (payload) => this.#encrypt(payload)));
  }

  decode(payloads: Payload[]): Promise<Payload[]> {
    return Promise.all(payloads.map(async (payload) => (isEncrypted(payload) ? this.#decrypt(payload) : payload)));
  }

  #encrypt(payload: Payload): Payload {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, this.#key, nonce);
    const plain = temporal.api.common.v1.Payload.encode(payload).finish();
    const data = Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    return { metadata: { encoding: ENCODING, 'encryption-key-id': Buffer.from(idOf(this.#key)) }, data };
  }

  #decrypt({ metadata, data }: Payload): Payload {
    const id = Buffer.from(metadata?.['encryption-key-id'] ?? []).toString();
    const key = this.#keys.get(id);
    if (key === undefined) {
      throw new SerengetiError(
        'INPUT_INVALID',
        `A payload was encrypted with the key ${id}, and this process has ${[...this.#keys.keys()].join(', ')}: ` +
          'add that key to SERENGETI_CODEC_OLD_KEYS.',
      );
    }
    const bytes = Buffer.from(data ?? []);
    const end = bytes.length - TAG_BYTES;
    const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
    decipher.setAuthTag(bytes.subarray(end));
    const plain = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, end)), decipher.final()]);
    return temporal.api.common.v1.Payload.decode(plain);
  }
}

function isEncrypted({ metadata }: Payload): boolean {
  return metadata?.encoding !== undefined && Buffer.from(metadata.encoding).equals(ENCODING);
}

function idOf(key: Buffer): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 8);
}
