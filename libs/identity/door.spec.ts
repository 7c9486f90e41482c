import { expect, test } from '@jest/globals';
import {
  cookieIn,
  cookieRulesFor,
  cookieWith,
  csrfTokenOf,
  ownOriginOf,
  type RequestParts,
  requireOwnPage,
  requireOwnWrite,
} from './door.js';
import { newToken } from './secrets.js';

const isOwn = ownOriginOf('https://entente.example');
const token = newToken();
const write: RequestParts = { method: 'POST', ip: '192.0.2.1', contentType: 'application/json' };
const refused = (code: string) => expect.objectContaining({ code });

test('behind https the cookies are bound to the host, hidden from scripts and never sent in clear', () => {
  const rules = cookieRulesFor('https://entente.example');
  expect(cookieWith(rules, rules.session, 'T', 1000)).toBe('__Host-entente=T; Path=/; HttpOnly; SameSite=Lax; Max-Age=1; Secure');
});

test('plain http is for this machine only', () => {
  expect(cookieRulesFor('http://localhost:3000')).toEqual({ session: 'entente', login: 'entente-login', secure: false });
  expect(cookieRulesFor('http://127.0.0.1:3000').secure).toBe(false);
  expect(() => cookieRulesFor('http://entente.example')).toThrow('must be https');
  expect(() => cookieRulesFor('http://127.0.0.1.entente.example')).toThrow('must be https');
});

test('a cookie is found by its whole name, and a doubled one is none', () => {
  expect(cookieIn('a=1; entente=x=y; b=2', 'entente')).toBe('x=y');
  expect(cookieIn('entente-login=1', 'entente')).toBeUndefined();
  expect(cookieIn('entente=1; entente=2', 'entente')).toBeUndefined();
  expect(cookieIn(undefined, 'entente')).toBeUndefined();
});

test('a write from a foreign page is refused, whatever it says of itself', () => {
  expect(() => requireOwnPage({ ...write, origin: 'https://evil.example' }, isOwn)).toThrow(refused('identity.cross-site'));
  expect(() => requireOwnPage({ ...write, origin: 'null' }, isOwn)).toThrow(refused('identity.cross-site'));
  expect(() => requireOwnPage({ ...write, origin: 'https://entente.example.evil.example' }, isOwn)).toThrow(
    refused('identity.cross-site'),
  );
  for (const fetchSite of ['cross-site', 'same-site', 'none']) {
    expect(() => requireOwnPage({ ...write, fetchSite }, isOwn)).toThrow(refused('identity.cross-site'));
  }
});

test('a body that a form could post is refused', () => {
  for (const contentType of [
    'text/plain',
    'text/plain; charset=utf-8',
    'multipart/form-data; boundary=x',
    'application/x-www-form-urlencoded',
  ]) {
    expect(() => requireOwnPage({ ...write, contentType }, isOwn)).toThrow(refused('identity.json-only'));
  }
});

test('an own page writes with the token of its session and with no other', () => {
  const own = { ...write, origin: 'https://entente.example', fetchSite: 'same-origin' };
  const csrfToken = csrfTokenOf(token);
  expect(() => requireOwnWrite({ ...own, csrfToken }, isOwn, csrfToken)).not.toThrow();
  for (const other of [undefined, '', token, csrfTokenOf(newToken()), `${csrfToken}x`, csrfToken.slice(1)])
    expect(() => requireOwnWrite({ ...own, csrfToken: other }, isOwn, csrfToken)).toThrow(refused('identity.cross-site'));
});

test('reading needs no token', () => {
  expect(() =>
    requireOwnWrite({ method: 'GET', ip: '192.0.2.1', fetchSite: 'cross-site' }, isOwn, csrfTokenOf(token)),
  ).not.toThrow();
});

test('on this machine every name of it is an own origin, with the same port', () => {
  const isLocal = ownOriginOf('http://127.0.0.1:3000');
  for (const origin of ['http://localhost:3000', 'http://127.0.0.1:3000', 'http://[::1]:3000'])
    expect(isLocal(origin)).toBe(true);
  for (const origin of ['http://localhost:3001', 'https://localhost:3000', 'http://evil.example:3000', 'null', '']) {
    expect(isLocal(origin)).toBe(false);
  }
  expect(ownOriginOf('http://localhost:0')('http://localhost:41234')).toBe(true);
});
