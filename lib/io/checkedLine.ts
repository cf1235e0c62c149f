import { crc32 } from 'node:zlib';

/** A line of a file that one writes for oneself, with a check of what it says. */
export function checkedLine(text: string): string {
  return `${text} ${checkOf(text)}`;
}

/** @returns what the line said when it was written; `undefined` where it is another now */
export function textOfLine(line: string): string | undefined {
  const text = line.slice(0, -CHECK_CHARACTERS - 1);
  return line === checkedLine(text) ? text : undefined;
}

const CHECK_CHARACTERS = 8;

function checkOf(text: string): string {
  return crc32(text).toString(16).padStart(CHECK_CHARACTERS, '0');
}
