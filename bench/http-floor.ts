import 'reflect-metadata';
import { Body, Controller, HttpCode, Module, Post, ValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { institutionContext } from '#organisation';
import type { Shape } from '#kernel';

const shape = institutionContext.shapes['RegisterInstitution'] as Shape;
const sameRules = new ValidationPipe({ expectedType: shape, whitelist: true, forbidNonWhitelisted: true });

/** The least that takes the same body: NestJS on Fastify, its own validation by the same rules, and nothing kept. */
@Controller('v1/institution')
class Floor {
  @Post(':id/register-institution')
  @HttpCode(200)
  register(@Body(sameRules) body: object): object {
    return { accepted: Object.keys(body).length };
  }
}

@Module({ controllers: [Floor] })
class FloorModule {}

const app = await NestFactory.create<NestFastifyApplication>(FloorModule, new FastifyAdapter(), { logger: false });
await app.listen(0, '127.0.0.1');
process.send?.(await app.getUrl());
process.on('disconnect', () => process.exit(0));
