/** IBM code page 437, bytes 128 to 255: what zip names are in unless they say otherwise. */
const CP437 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The longest a part of a path may be on the usual file systems, in bytes. */
const LONGEST_PART = 255;
const LONGEST_NAME = 1024;

export function decodeCp437(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte < 128 ? String.fromCharCode(byte) : CP437[byte - 128];
  return text;
}

/** @returns `undefined` where the bytes are not UTF-8 */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

/**
 * A name as a path: without "./" before it; with "/" for the "\\" that programs on Windows write; and in Unicode's composed
 * form, because macOS writes é as e and an accent, and nobody else does.
 */
export function pathIn(name: string, isFromWindows: boolean): string {
  const slashed = isFromWindows ? name.replaceAll('\\', '/') : name;
  return slashed.replace(/^(?:\.\/+)+/, '').normalize('NFC');
}

/**
 * What is wrong with a name as the path of a file below a folder, if anything. Everything that some operating system
 * could take for a way out of the folder is refused on all.
 */
export function nameProblem(name: string): string | undefined {
  if (name === '') return 'has no name';
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u001f\u007f-\u009f]/.test(name)) return 'has a control character in its name';
  if (name.startsWith('/')) return 'has an absolute name';
  if (/^[A-Za-z]:/.test(name)) return 'has a drive letter in its name';
  if (name.includes('\\')) return 'has a backslash in its name';
  const parts = name.split('/');
  if (parts.includes('..')) return 'leads out of the folder with ".."';
  if (parts.includes('.') || parts.includes('')) return 'has an empty or "." part in its name';
  if (Buffer.byteLength(name) > LONGEST_NAME) return `has a name longer than ${LONGEST_NAME} bytes`;
  if (parts.some((part) => Buffer.byteLength(part) > LONGEST_PART)) {
    return `has a part longer than ${LONGEST_PART} bytes in its name`;
  }
  return undefined;
}
