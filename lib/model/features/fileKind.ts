/** Signatures of what photographs are mistaken for, where they stand, and what people call it. */
const KINDS: readonly (readonly [at: number, signature: string, kind: string])[] = [
  [0, 'BM', 'a BMP'],
  [4, 'ftyphei', 'a HEIC photograph'],
  [4, 'ftyphev', 'a HEIC photograph'],
  [4, 'ftypmif1', 'a HEIC photograph'],
  [4, 'ftypmsf1', 'a HEIC photograph'],
  [4, 'ftypcrx', 'a raw photograph (CR3)'],
  [4, 'ftyp', 'a video (MP4 or MOV)'],
  [4, 'moov', 'a video (MOV)'],
  [8, 'AVI ', 'a video (AVI)'],
  [8, 'CR\x02', 'a raw photograph (CR2)'],
  [0, '\xff\x4f\xff\x51', 'a JPEG 2000'],
  [4, 'jP  ', 'a JPEG 2000'],
  [0, '8BPS', 'a Photoshop file'],
  [0, '%PDF', 'a PDF'],
  [0, 'PK\x03\x04', 'a zip archive'],
  [0, '\x1f\x8b', 'a gzip archive'],
  [0, '\0\x05\x16\x07', 'what macOS keeps beside a photograph (AppleDouble)'],
  [0, '<!DOCTYPE', 'a web page'],
  [0, '<html', 'a web page'],
];

/** What a file is that no decoder takes, such as `a BMP`; `undefined` where nothing is known. */
export function kindOf(file: Uint8Array): string | undefined {
  const head = Buffer.from(file.buffer, file.byteOffset, Math.min(file.length, 4096)).toString('latin1');
  if (head.length > 0 && /^\0+$/.test(head)) return 'nothing but zeros, as damaged cards give';
  const text = head.trimStart().toLowerCase();
  return KINDS.find(([at, signature]) =>
    signature.startsWith('<') ? text.startsWith(signature.toLowerCase()) : head.startsWith(signature, at),
  )?.[2];
}
