import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { asPlainCsv } from '../../../../lib/metadata/input/plainText';
import { temporaryFolder } from '../../../support/folders';

const folder = temporaryFolder();

async function plain(content: string | Buffer): Promise<string> {
  const path = join(folder(), 'table.csv');
  await writeFile(path, content);
  const result = await asPlainCsv(path, 'table.csv', { scratch: folder(), signal: undefined });
  return result === path ? 'as it is' : await readFile(result, 'utf8');
}

const utf16 = (text: string, mark = true) => Buffer.from((mark ? '\ufeff' : '') + text, 'utf16le');

describe('what the database reads stays as it is', () => {
  it.each([
    ['nothing', ''],
    ['a header', 'id,text'],
    ['UTF-8', 'id,text\n1,café\n'],
    ['Windows line ends', 'id,text\r\n1,a\r\n2,b\r\n'],
    ['semicolons in cells', 'id,text\n1,a;b;c\n'],
    ['semicolons in a quoted name', 'id,"a;b;c;d"\n1,a\n'],
    ['characters that two pieces share', `id,text\n${'é€😀'.repeat(30_000)},b\n`],
    ['line ends that two pieces share', `id,text\r\n${`${'x'.repeat(61)}\r\n`.repeat(5000)}`],
  ])('%s', async (_, text) => {
    expect(await plain(text)).toBe('as it is');
  });
});

describe('what Windows and Excel write is rewritten, each row in its lines', () => {
  it.each<[name: string, content: string | Buffer, text: string]>([
    ['UTF-16', utf16('id,text\r\n1,café\r\n'), 'id,text\n1,café\n'],
    ['UTF-16 with its bytes swapped', utf16('id,text\n1,é\n').swap16(), 'id,text\n1,é\n'],
    ['UTF-16 without a mark', utf16('id,text\n1,a\n', false), 'id,text\n1,a\n'],
    ['Windows-1252', Buffer.from('id,text\n1,caf\xe9 \x80\n2,b\n', 'latin1'), 'id,text\n1,café €\n2,b\n'],
    [
      'a line of Windows-1252 in UTF-8',
      Buffer.concat([Buffer.from('id,text\n1,é\n2,'), Buffer.of(0xe9, 0x0a)]),
      'id,text\n1,é\n2,é\n',
    ],
    ['semicolons', 'id;text;n\n1;a,b;1,5\n\n2;"x;""y""\nz";2', 'id,text,n\n1,"a,b","1,5"\n\n2,"x;""y""\nz",2\n'],
    ['tabs', 'id\ttext\n1\ta\n', 'id,text\n1,a\n'],
    ['rows of other lengths', 'id;text\n1\n2;a;b\n', 'id,text\n1\n2,a,b\n'],
    ['mixed line ends', 'id,text\r\n1,a\n2,b\r3,c', 'id,text\n1,a\n2,b\n3,c'],
    ['line ends of old Macs', 'id,text\r1,a\r', 'id,text\n1,a\n'],
    ['all at once', utf16('id;text\r\n1;é\r2;b\n'), 'id,text\n1,é\n2,b\n'],
  ])('%s', async (_, content, text) => {
    expect(await plain(content)).toBe(text);
  });
});

it('says where a quote is opened that is never closed', async () => {
  await expect(plain('id;text\n1;a\n2;"b\n')).rejects.toMatchObject({
    code: 'METADATA_INVALID',
    message: expect.stringMatching(/^table\.csv, line \d+: Quote Not Closed/),
  });
});
