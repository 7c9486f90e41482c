import type { Static, TObject, TSchema } from '@sinclair/typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Language, Text } from '#kernel';
import type { SignedIn } from '#identity';

/** What a read route is given. */
export interface Asking<Q> {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Q;
  /** Nobody, on a route that is open. */
  readonly signedIn: SignedIn | undefined;
  readonly language: Language;
  /** Position that the answer must include: of a receipt. */
  readonly atLeast: bigint | undefined;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** A view as a door serves it. `answer` is also what is let out: a member that the schema does not name stays in. */
export interface ReadRoute {
  readonly path: string;
  /** `post` for what is asked with a body and changes nothing. */
  readonly method?: 'get' | 'put' | 'delete' | 'post';
  readonly operationId: string;
  readonly tag: string;
  readonly summary: Text;
  /** Whether anyone may ask, signed in or not. */
  readonly open?: true;
  readonly query?: TObject;
  readonly body?: { readonly mediaType: string; readonly schema: TSchema };
  readonly answer: TSchema;
  /** application/json unless told. */
  readonly mediaType?: string;
  /** Whether the answer bears the revision of what it shows. */
  readonly etag?: true;
  readonly handle: (asking: Asking<never>) => Promise<unknown>;
}

/** States a read route; its query and its answer are typed by their schemas. */
export const readRoute = <Q extends TObject, A extends TSchema>(
  route: Omit<ReadRoute, 'query' | 'answer' | 'handle'> & {
    readonly query?: Q;
    readonly answer: A;
    readonly handle: (asking: Asking<Static<Q>>) => Promise<Static<A>>;
  },
): ReadRoute => route as ReadRoute;
