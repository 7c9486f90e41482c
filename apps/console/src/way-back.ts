import { isOwnPath } from './own-path.js';

const key = 'entente.way-back';

/** Keeps, for this tab, where somebody was who goes to a university to sign in: from there a browser comes back to the first page. */
export function keepWayBack(path: string | null): void {
  if (path === null) sessionStorage.removeItem(key);
  else sessionStorage.setItem(key, path);
}

/** For who comes back without having been let in, and tries again. */
export const keptWayBack = (): string | null => sessionStorage.getItem(key);

/** For who comes back signed in: good once. */
export function takeWayBack(): string | undefined {
  const path = keptWayBack();
  keepWayBack(null);
  return isOwnPath(path, location.origin) ? path : undefined;
}
