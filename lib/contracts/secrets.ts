/** An address, its user and password, its place, and its query, which may be a signature. */
const ADDRESS = /\b(https?:\/\/)(?:[^\s/?#@"]*@)?([^\s?#"]*)(\?[^\s"]*)?/g;

/** A text in which addresses have lost what gives access: user, password and query. For messages and logs. */
export function withoutSecrets(text: string): string {
  return text.replace(ADDRESS, (_, scheme: string, place: string, query?: string) =>
    query === undefined ? `${scheme}${place}` : `${scheme}${place}?…`,
  );
}
