import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isSerengetiError, SerengetiError } from '../contracts/errors';
import { makeFolder, temporaryPath } from '../io/files';
import { asRefusal } from '../io/systemErrors';

/** Leaves room for Node itself; what does not fit spills to disk. */
const MEMORY_LIMIT = '1GB';
const INTERRUPT_INTERVAL_MS = 50;

export interface DatabaseOptions {
  /** Existing folder that large intermediate results spill to, under a temporary name. Without it they must fit in memory. */
  readonly spill?: string | undefined;
  /** Aborting it interrupts the running query. */
  readonly signal?: AbortSignal | undefined;
}

/** An in-memory database for the length of one piece of work. Its queries run on threads of their own. */
export class Database {
  /** Opens a database, does the work, and closes it however the work ends. */
  static async use<T>(options: DatabaseOptions, work: (database: Database) => Promise<T>): Promise<T> {
    const database = await Database.open(options);
    try {
      return await work(database);
    } finally {
      await database.close();
    }
  }

  /** Opens a database that the caller closes. */
  static async open({ spill, signal }: DatabaseOptions = {}): Promise<Database> {
    signal?.throwIfAborted();
    const folder = spill === undefined ? '' : temporaryPath(join(spill, 'spill'));
    if (folder !== '') await makeFolder(folder);
    const instance = await DuckDBInstance.create(':memory:', {
      memory_limit: MEMORY_LIMIT,
      temp_directory: folder,
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
    });
    const connection = await instance.connect();
    // Times without an offset mean the same on every machine.
    await connection.run("SET GLOBAL TimeZone = 'UTC'");
    return new Database(instance, connection, folder, signal);
  }

  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  readonly #spillFolder: string;
  readonly #signal: AbortSignal | undefined;
  /** Connections other than the first, for {@link inParallel}. */
  readonly #idle: DuckDBConnection[] = [];
  readonly #running = new Set<DuckDBConnection>();
  #interrupting: NodeJS.Timeout | undefined;
  /** Repeated, because an interrupt is lost on a query that has not quite begun. */
  readonly #interrupt = (): void => {
    const interrupt = (): void => this.#running.forEach((connection) => connection.interrupt());
    interrupt();
    this.#interrupting = setInterval(interrupt, INTERRUPT_INTERVAL_MS);
  };

  private constructor(
    instance: DuckDBInstance,
    connection: DuckDBConnection,
    spillFolder: string,
    signal: AbortSignal | undefined,
  ) {
    this.#instance = instance;
    this.#connection = connection;
    this.#spillFolder = spillFolder;
    this.#signal = signal;
    signal?.addEventListener('abort', this.#interrupt);
  }

  /** Runs one statement. */
  async run(sql: string): Promise<void> {
    await this.#guarded(this.#connection, sql, () => this.#connection.run(sql));
  }

  /** Runs one statement beside others that may be under way. */
  async inParallel(sql: string): Promise<void> {
    const connection = this.#idle.pop() ?? (await this.#instance.connect());
    try {
      await this.#guarded(connection, sql, () => connection.run(sql));
    } finally {
      this.#idle.push(connection);
    }
  }

  /** All rows of a query as objects; integers of any width as numbers, timestamps as `Date` in UTC. */
  async rows<T extends object>(sql: string): Promise<T[]> {
    const reader = await this.#guarded(this.#connection, sql, () => this.#connection.runAndReadAll(sql));
    return reader.getRowObjectsJS().map((row) => withNumbers(row) as T);
  }

  /** The one row of an aggregate. */
  async row<T extends object>(sql: string): Promise<T> {
    const [row] = await this.rows<T>(sql);
    if (row === undefined) throw new Error(`Expected a row of: ${sql}`);
    return row;
  }

  /** Fills a table column by column; `null` where there is no value. */
  async append(table: string, columns: readonly (readonly AppendedValue[])[]): Promise<void> {
    const appender = await this.#connection.createAppender(table);
    const rows = columns[0]?.length ?? 0;
    for (let row = 0; row < rows; row++) {
      for (const column of columns) {
        const value = column[row] ?? null;
        if (value === null) appender.appendNull();
        else if (typeof value === 'string') appender.appendVarchar(value);
        else if (typeof value === 'boolean') appender.appendBoolean(value);
        else appender.appendDouble(value);
      }
      appender.endRow();
    }
    appender.closeSync();
  }

  async close(): Promise<void> {
    this.#signal?.removeEventListener('abort', this.#interrupt);
    clearInterval(this.#interrupting);
    for (const connection of [this.#connection, ...this.#idle]) connection.closeSync();
    this.#instance.closeSync();
    if (this.#spillFolder !== '') await rm(this.#spillFolder, { recursive: true, force: true });
  }

  async #guarded<T>(connection: DuckDBConnection, sql: string, query: () => Promise<T>): Promise<T> {
    this.#signal?.throwIfAborted();
    this.#running.add(connection);
    try {
      return await query();
    } catch (error) {
      this.#signal?.throwIfAborted();
      throw asDamage(asRefusal(error), sql);
    } finally {
      this.#running.delete(connection);
    }
  }
}

export type AppendedValue = string | number | boolean | null;

/** A string literal. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A list literal of strings. */
export function quotedList(texts: readonly string[]): string {
  return `([${texts.map(quoted).join(', ')}]::VARCHAR[])`;
}

/** A quoted identifier. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function withNumbers(row: Record<string, unknown>): Record<string, unknown> {
  for (const [name, value] of Object.entries(row)) {
    if (typeof value === 'bigint') row[name] = Number(value);
  }
  return row;
}

/** Errors of the native library are no `Error` of other realms, so that `instanceof` fails. */
export function messageOf(error: unknown): string {
  return String((error as { message?: unknown } | undefined)?.message ?? error);
}

/** What it says of a Parquet file whose bytes are not those that were written. */
const DAMAGE =
  /^Invalid Error: |^Invalid Input Error: (No magic bytes|Footer length|Failed to read)|^Invalid Input Error.* Parquet file|^IO Error: Could not read enough bytes/;

/** Parquet files are all of earlier steps: one that is damaged is made anew. */
function asDamage(error: unknown, sql: string): unknown {
  const message = messageOf(error);
  if (isSerengetiError(error) || !sql.includes('read_parquet(') || !DAMAGE.test(message)) return error;
  const [, ...paths] = sql.split(/read_parquet\('/).map((part) => part.slice(0, part.indexOf("'")));
  // It does not always say which file it was.
  const path = paths.find((each) => message.includes(each)) ?? [...new Set(paths)].join(', ');
  const [reason] = message.split('\n');
  return new SerengetiError('ARTIFACT_CORRUPT', `${path} is damaged: ${reason}`, { cause: error, details: { path } });
}
