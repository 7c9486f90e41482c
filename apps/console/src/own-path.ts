/** A path of this site, never an address of another: as a browser reads it, which passes over tabs and takes a backslash for a slash. */
export const isOwnPath = (path: string | null, origin: string): path is string =>
  path !== null && path.startsWith('/') && URL.canParse(path, origin) && new URL(path, origin).origin === origin;
