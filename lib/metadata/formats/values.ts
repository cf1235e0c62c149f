// Times come in two kinds: those that begin with the year, which are read at once, and those of which only the whole file
// tells whether days or months come first, see `dayOrders`.

const TIME = String.raw`(\d{1,2}:\d{2}(?::\d{2})?)(?:[.,]\d+)?`;
const HALF_OF_DAY = String.raw`(?: ?([AaPp][Mm]))?`;
const OFFSET = String.raw`(?: ?(?:[Zz]|[+-]\d{2}(?::?\d{2})?))?`;
const CLOCK = `(?:[T ]+${TIME}${HALF_OF_DAY}${OFFSET})?`;
const YEAR_FIRST = String.raw`^\s*([12]\d{3})[-:/.](\d{1,2})[-:/.](\d{1,2})${CLOCK}\s*$`;
const YEAR_LAST = String.raw`^\s*(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2}),?${CLOCK}\s*$`;
const FORMS = ['%Y-%m-%d', '%Y-%m-%d %H:%M:%S', '%Y-%m-%d %H:%M', '%Y-%m-%d %I:%M:%S %p', '%Y-%m-%d %I:%M %p'];

/**
 * SQL: local time, without fraction and offset from UTC: animals follow the sun, not Greenwich. `NULL` for anything that is
 * no time of the calendar, or does not begin with the year.
 */
export function localTime(text: string): string {
  // Most files write times in one form, which the database reads many times faster than it takes texts apart. Of other
  // forms it makes a year 5; of the hour 24, and of an offset from UTC, another time.
  const plain = `strlen(${text}) = 19 AND ${text}[5:5] = '-' AND NOT contains(${text}, '24:')`;
  return `coalesce(if(${plain}, try_cast(${text} AS TIMESTAMP), NULL),
    ${parsed(text, YEAR_FIRST, String.raw`\1-\2-\3 \4 \5`)})`;
}

/** SQL: a time's text where {@link localTime} cannot read it. */
export function otherTime(text: string): string {
  return `if(${localTime(text)} IS NULL AND trim(${text}) <> '', ${text}, NULL)`;
}

/** SQL: the first two numbers of a time that ends with the year, as a struct of a and b; empty where it is none. */
export function dayAndMonth(text: string): string {
  return `regexp_extract(${text}, '${YEAR_LAST}', ['a', 'b'])`;
}

/** SQL: a time that ends with the year, such as Excel writes. */
export function timeWithYearLast(text: string, first: 'day' | 'month'): string {
  const [month, day] = first === 'month' ? [1, 2] : [2, 1];
  const withCentury = `regexp_replace(${text}, '^(\\s*\\d{1,2}[-/.]\\d{1,2}[-/.])(\\d{2}(?:\\D|$))', '\\120\\2')`;
  return parsed(withCentury, YEAR_LAST, `\\3-\\${month}-\\${day} \\4 \\5`);
}

function parsed(text: string, form: string, rewritten: string): string {
  const forms = FORMS.map((each) => `'${each}'`).join(', ');
  return `if(regexp_matches(${text}, '${form}'), try_strptime(trim(regexp_replace(${text}, '${form}', '${rewritten}')), [${forms}]), NULL)`;
}

/** SQL: text without the blanks around it, `NULL` where nothing is left. Looking whether there are any is far faster. */
export function trimmed(text: string): string {
  return `nullif(if(starts_with(${text}, ' ') OR ends_with(${text}, ' '), trim(${text}), ${text}), '')`;
}

/** SQL: a file's path as archives write it: forward slashes, nothing before its first folder. */
export function filePath(text: string): string {
  const path = trimmed(text);
  const slashed = `if(contains(${path}, '\\'), replace(${path}, '\\', '/'), ${path})`;
  return `if(starts_with(${slashed}, './'), regexp_replace(${slashed}, '^(\\./+)+', ''), ${slashed})`;
}

/** SQL: an identifier: 123 and "123.0", which tables make of it, are the same. */
export function identity(text: string): string {
  const name = trimmed(text);
  return `if(ends_with(${name}, '.0'), regexp_replace(${name}, '^(-?\\d+)\\.0$', '\\1'), ${name})`;
}

/** SQL: an integer, or `NULL` where there is none (LILA's JSON has bare `NaN`s). */
export function integer(text: string): string {
  return `try_cast(${text} AS INTEGER)`;
}
