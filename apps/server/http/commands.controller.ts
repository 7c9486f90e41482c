import { Body, Controller, HttpCode, Inject, Param, Post, Req, Res, type Type } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { decidesOnWhatWasRead, Files, type Receipt, type Shape } from '#kernel';
import { Callers } from './callers.js';
import type { ContextModule } from './context.module.js';
import { filesNamedIn, mustBeHere } from './named-files.js';
import { dashed } from './openapi.parts.js';
import { DoorRefusal, nothingHere } from './problem.js';
import { ShapePipe } from './shape.pipe.js';

/** What follows the category in a stream's name. */
const addressPattern = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,199}$/;

/** What a sender gets back: the receipt, its position as text because JSON has no 64-bit integers. */
export const receiptBody = ({ stream, revision, position, events }: Receipt): object => ({
  stream,
  revision,
  position: position.toString(),
  events,
});

/** One controller a context, one route a command: `POST /v1/<context>/<id>/<command>`, made from its messages. */
export function commandsController({ context, Address }: ContextModule): Type {
  abstract class Commands {
    constructor(
      @Inject(CommandBus) readonly bus: CommandBus,
      @Inject(Callers) readonly callers: Callers,
      @Inject(Files) readonly files: Files,
    ) {}

    async send(
      type: string,
      shape: Shape,
      id: string,
      body: object,
      request: FastifyRequest,
      reply: FastifyReply,
    ): Promise<object> {
      if (!addressPattern.test(id)) throw nothingHere();
      const revision = revisionOf(request.headers['if-match']);
      if (revision === undefined && decidesOnWhatWasRead(shape)) throw revisionRequired();
      const caller = await this.callers.callerOf(request, context, id, revision);
      const files = filesNamedIn(body);
      if (files.length > 0) await mustBeHere(files, this.files);
      const receipt = await this.bus.execute(new Address(id, { type, data: body }, caller));
      void reply.header('etag', `"${receipt.revision}"`).header('entente-position', receipt.position.toString());
      return receiptBody(receipt);
    }
  }
  for (const [type, shape] of Object.entries(context.shapes)) addRoute(Commands, type, shape);
  class ContextCommands extends Commands {}
  Object.defineProperty(ContextCommands, 'name', { value: `${context.name}Commands` });
  Reflect.decorate([Controller(`v1/${context.name}`)], ContextCommands);
  Reflect.defineMetadata('design:paramtypes', [CommandBus, Callers, Files], ContextCommands);
  return ContextCommands;
}

interface Sender {
  send(type: string, shape: Shape, id: string, body: object, request: FastifyRequest, reply: FastifyReply): Promise<object>;
}

function addRoute(controller: { prototype: object }, type: string, shape: Shape): void {
  const prototype = controller.prototype;
  const pipe = new ShapePipe(shape);
  // Called here: Nest makes three promises of a pipe of its own.
  const method = async function (
    this: Sender,
    id: string,
    body: unknown,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<object> {
    return this.send(type, shape, id, pipe.transform(body), request, reply);
  };
  Object.defineProperty(prototype, type, { value: method, writable: true, configurable: true });
  Reflect.defineMetadata('design:paramtypes', [String, Object, Object, Object], prototype, type);
  Param('id')(prototype, type, 0);
  Body()(prototype, type, 1);
  Req()(prototype, type, 2);
  Res({ passthrough: true })(prototype, type, 3);
  const descriptor = Object.getOwnPropertyDescriptor(prototype, type) as PropertyDescriptor;
  Post(`:id/${dashed(type)}`)(prototype, type, descriptor);
  HttpCode(200)(prototype, type, descriptor);
}

/** If-Match holds one strong ETag: the revision that was read. */
function revisionOf(ifMatch: string | undefined): number | undefined {
  if (ifMatch === undefined) return undefined;
  const revision = /^"(-?\d{1,9})"$/.exec(ifMatch.trim())?.[1];
  if (revision === undefined) throw malformedIfMatch();
  return Number(revision);
}

const malformedIfMatch = (): DoorRefusal =>
  new DoorRefusal(400, 'request.malformed', {
    en: 'If-Match must be the ETag that you read, such as "7".',
    zh: 'If-Match 须为您读取时得到的 ETag，例如 "7"。',
  });

const revisionRequired = (): DoorRefusal =>
  new DoorRefusal(428, 'request.if-match-required', {
    en: 'This decides on what you have read: send its ETag as If-Match.',
    zh: '此操作以您所读取的内容为依据，请以 If-Match 发送其 ETag。',
  });
