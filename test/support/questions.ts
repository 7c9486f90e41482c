interface Operation {
  /** Empty where anyone may ask, signed in or not. */
  readonly security?: readonly unknown[];
  readonly parameters?: readonly { readonly name?: string; readonly in?: string }[];
}

type Paths = Readonly<Record<string, Readonly<Record<string, Operation>>>>;

/** What may be asked for, by the name of what an address or a query leaves open. */
export type Values = Readonly<Record<string, readonly string[]>>;

/**
 * Reads that are about whoever asks, or about the server, and never about a case; the live updates, which are listened to; and the people
 * of the demonstration with how much each has to do, where anyone may be any of them.
 */
const apart: ReadonlySet<string> = new Set([
  '/v1/sign-in',
  '/v1/sign-in/demonstration',
  '/v1/sign-in/oidc/callback/{provider}',
  '/v1/session',
  '/v1/sessions',
  '/v1/demonstration',
  '/v1/keys',
  '/health',
  '/openapi.json',
  '/v1/alliances/{alliance}/live',
]);

/** Acts by POST that are no commands to a stream. */
const acts =
  /^\/v1\/(sign-in(\/.*)?|session\/sign-out|sessions\/revoke|keys|keys\/revoke|person\/\{id\}\/invitation|[a-z]+\/\{id\}\/[a-z-]+)$/;

const filled = (path: string, values: Values): readonly string[] => {
  const [whole, name] = /\{(\w+)\}/.exec(path) ?? [];
  if (whole === undefined || name === undefined) return [path];
  return known(values, name, path).flatMap((value) => filled(path.replace(whole, encodeURIComponent(value)), values));
};

function known(values: Values, name: string, path: string): readonly string[] {
  const found = values[name];
  if (found === undefined) throw new Error(`${path} leaves "${name}" open: say what is to be asked for`);
  return found;
}

/** Whether anyone may ask: what is public is public, whoever has a conflict. */
export const isOpen = ({ security }: Operation): boolean => security?.length === 0;

/** Every read that a server describes, asked for everything that it leaves open; a new one is never left out. */
export function questionsOf(
  paths: Paths,
  isMeant: (read: Operation) => boolean,
  ofPath: Values,
  ofQuery: Values,
): readonly string[] {
  return Object.entries(paths).flatMap(([path, { get }]) => {
    if (get === undefined || apart.has(path) || !isMeant(get)) return [];
    const queries = (get.parameters ?? []).flatMap(({ name, in: where }) =>
      where === 'query' && name !== undefined
        ? known(ofQuery, name, path).map((value) => `?${name}=${encodeURIComponent(value)}`)
        : [],
    );
    return filled(path, ofPath).flatMap((address) => ['', ...queries].map((query) => `${address}${query}`));
  });
}

/** Every address at which something is asked with a body. */
export const asksWithBody = (paths: Paths): readonly string[] =>
  Object.entries(paths).flatMap(([path, { post }]) => (post === undefined || acts.test(path) ? [] : [path]));
