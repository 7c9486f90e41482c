import 'reflect-metadata';
import { Body, Controller, HttpCode, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { institutionContext } from '#organisation';
import type { Shape } from '#kernel';
import { ShapePipe } from '../apps/server/http/shape.pipe.js';

const shape = institutionContext.shapes['RegisterInstitution'] as Shape;

/** The least that takes the same body: NestJS on Fastify, the same validation, and nothing kept. */
@Controller('v1/institution')
class Floor {
  @Post(':id/register-institution')
  @HttpCode(200)
  register(@Body(new ShapePipe(shape)) body: object): object {
    return { accepted: Object.keys(body).length };
  }
}

@Module({ controllers: [Floor] })
class FloorModule {}

const app = await NestFactory.create<NestFastifyApplication>(FloorModule, new FastifyAdapter(), { logger: false });
await app.listen(0, '127.0.0.1');
process.send?.(await app.getUrl());
process.on('disconnect', () => process.exit(0));
