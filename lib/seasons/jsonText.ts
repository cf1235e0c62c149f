import { SerengetiError, type ErrorCode } from '../contracts/errors';

/**
 * Parses JSON; an error says where.
 *
 * @param place - the file or address that the text came from
 * @throws SerengetiError with `code`, naming line and column
 */
export function parseJsonText(text: string, place: string, code: ErrorCode): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const message = (error as Error).message;
    const { line, column } = placeOf(message, text);
    throw new SerengetiError(code, `${place}, line ${line}, column ${column}: not JSON: ${withoutPlace(message)}`, {
      cause: error,
      details: { place, line, column },
    });
  }
}

/** V8 names the offset, except when the text ends too early. */
function placeOf(message: string, text: string): { line: number; column: number } {
  const offset = /at position (\d+)/.exec(message);
  const before = offset === null ? text : text.slice(0, Number(offset[1]));
  const lines = before.split('\n');
  return { line: lines.length, column: lines.at(-1)!.length + 1 };
}

function withoutPlace(message: string): string {
  return message.replace(/ (in JSON )?at position \d+( \(line \d+ column \d+\))?$/, '');
}
