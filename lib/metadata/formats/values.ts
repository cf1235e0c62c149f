/** SQL: local time, without fraction and offset from UTC: animals follow the sun, not Greenwich. */
export function localTime(text: string): string {
  const seconds = `if(length(${text}) > 19, ${text}[:19], ${text})`;
  return `coalesce(try_cast(${seconds} AS TIMESTAMP), try_strptime(${seconds}, '%Y:%m:%d %H:%M:%S'))`;
}

/** SQL: whether there is a time that {@link localTime} cannot read. */
export function isUndated(text: string): string {
  return `(nullif(${text}, '') IS NOT NULL AND ${localTime(text)} IS NULL)`;
}

/** SQL: an integer, or `NULL` where there is none (LILA's JSON has bare `NaN`s). */
export function integer(text: string): string {
  return `try_cast(${text} AS INTEGER)`;
}
