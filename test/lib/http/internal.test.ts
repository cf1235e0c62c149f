import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isInternal, maySendTo } from '../../../lib/http/internal';
import { openTransport } from '../../../lib/http/openTransport';

describe('an internal address', () => {
  test.each([
    'http://localhost:8080/',
    'http://mirror.localhost/',
    'http://127.0.0.1/',
    'http://0x7f.1/',
    'http://2130706433/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://10.1.2.3/',
    'http://172.31.0.1/',
    'http://192.168.1.1/',
    'http://169.254.169.254/latest/',
    'http://[fd00::1]/',
    'http://[fe80::1]/',
    'http://minio:9000/',
    'http://nas.local./',
    'http://metadata.google.internal/',
  ])('is %s', (url) => {
    expect(isInternal(url)).toBe(true);
  });

  test.each([
    'https://lila.science/',
    'http://8.8.8.8/',
    'http://172.32.0.1/',
    'http://[2001:db8::1]/',
    'http://10.example.org/',
  ])('is not %s', (url) => {
    expect(isInternal(url)).toBe(false);
  });
});

describe('what comes from', () => {
  test.each([
    ['file:///data/catalog.json', 'file:///data/', true],
    ['file:///data/catalog.json', 'http://127.0.0.1/', true],
    ['http://127.0.0.1/catalog.json', 'http://10.0.0.1/', true],
    ['http://127.0.0.1/catalog.json', 'file:///etc/', false],
    ['https://example.org/catalog.json', 'https://example.com/', true],
    ['https://example.org/catalog.json', 'http://127.0.0.1/', false],
    ['https://example.org/catalog.json', 'file:///etc/', false],
  ])('%s may send to %s: %s', (from, to, allowed) => {
    expect(maySendTo(from, to)).toBe(allowed);
  });

  test('outside may send inside where a setting allows it', () => {
    process.env.SERENGETI_INTERNAL_MIRRORS = '1';
    try {
      expect(maySendTo('https://example.org/catalog.json', 'http://nas/')).toBe(true);
      expect(maySendTo('https://example.org/catalog.json', 'file:///etc/')).toBe(false);
    } finally {
      delete process.env.SERENGETI_INTERNAL_MIRRORS;
    }
  });
});

test('a redirect from outside leads to no host inside', async () => {
  // A proxy stands in for a server outside.
  const outside = createServer((_request, answer) => {
    answer.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data/' }).end();
  });
  await once(outside.listen(0, '127.0.0.1'), 'listening');
  process.env.http_proxy = `http://127.0.0.1:${(outside.address() as AddressInfo).port}`;
  const transport = openTransport(1);
  try {
    await expect(transport.read('http://example.org/S1.zip', {}, () => true)).rejects.toThrow(
      'http://example.org/S1.zip redirects to http://169.254.169.254/latest/meta-data/, which is not followed',
    );
  } finally {
    delete process.env.http_proxy;
    await transport.close();
    outside.close();
  }
});
