import type { FastifyRequest } from 'fastify';
import { DomainError } from '#kernel';
import type { SignInPlace } from '#identity';
import { single } from './http/callers.js';

/** What identity wants to know of a request. */
export const placeOf = ({ method, ip, headers }: FastifyRequest): SignInPlace => ({
  method,
  ip,
  cookie: headers.cookie,
  authorization: headers.authorization,
  origin: headers.origin,
  fetchSite: single(headers['sec-fetch-site']),
  csrfToken: single(headers['x-csrf-token']),
  contentType: headers['content-type'],
  agent: headers['user-agent'],
});

/** The query of a request's address, with its question mark. */
export const queryOf = ({ url }: FastifyRequest): string => {
  const at = url.indexOf('?');
  return at < 0 ? '' : url.slice(at);
};

/** What a page may be told of a failure. */
export const refusalCode = (failure: unknown): string => (failure instanceof DomainError ? failure.code : 'server.unavailable');
