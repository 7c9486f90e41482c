import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Message, Text } from '#kernel';

/** A file of scenarios, written beside a definition: a world, and what comes of what people do in it. */
export interface ScenarioFile {
  /** Beside this file. */
  readonly definition: string;
  readonly given: Given;
  /** Steps that several scenarios begin with, by name. */
  readonly ways?: Readonly<Record<string, readonly Step[]>>;
  readonly scenarios: readonly Scenario[];
}

/** The world that every scenario begins with. Times are `2026-03-02 09:00` in the zone of the definition. */
export interface Given {
  readonly round: {
    readonly opens: string;
    readonly closes: string;
    readonly seed: string;
    /** Days and quotas as the notice of the round gives them. */
    readonly dates?: Readonly<Record<string, string>>;
    readonly quotas?: readonly object[];
  };
  /** By `moe_code`; all of them members. */
  readonly institutions: Readonly<Record<string, Institution>>;
  /** By the name that scenarios call them. A seat is `organ` or `organ.scope`, and ` as chair` or ` as deputy`. */
  readonly people: Readonly<Record<string, { readonly institution?: string; readonly seats?: readonly string[] }>>;
  readonly application: Application;
  /** Others in the same round, by the name that scenarios call them; what one does not say is as in the application. */
  readonly others?: Readonly<Record<string, Partial<Application>>>;
}

export interface Institution {
  readonly province: string;
  readonly level: 'undergraduate' | 'vocational';
  /** Its supervising department; the province's unless told. */
  readonly supervisor?: string;
}

export interface Application {
  readonly institution: string;
  /** A scenario changes single fields of the file's; null takes one out. */
  readonly form: Readonly<Record<string, string | number | boolean | null>>;
  /** The slots that are filled. */
  readonly files: readonly string[];
  /** What the register says of the course, where it is not the usual. */
  readonly course?: Readonly<Record<string, string | number>>;
}

export interface Scenario {
  readonly name: string;
  /** Other people or another application than the file's; what is named here replaces that part, of a form that field. */
  readonly given?: {
    readonly people?: Given['people'];
    readonly application?: Partial<Application>;
    readonly others?: Given['others'];
    readonly round?: Partial<Given['round']>;
    readonly institutions?: Given['institutions'];
  };
  /** Ways that have been gone before, in this order. */
  readonly after?: readonly string[];
  readonly when?: readonly Step[];
  readonly then?: Then;
}

/** An act at an instant, or time passing, and what is so just after it. */
export interface Step {
  /** A minute after the step before unless told. */
  readonly at?: string;
  /**
   * Who: a name, `reviewer N` or `reviewers` for those who owe a review, `scorer N` for those who gave one, `voters` for all who may
   * vote and have not,
   * `presiding` for whoever has the casting vote.
   */
  readonly by?: string;
  /** The command, and its data. The stage is the first open one that takes such an act, unless told; `points` scores every criterion. */
  readonly do?: Message['type'];
  readonly with?: Readonly<Record<string, unknown>>;
  /** The code with which it is refused. */
  readonly refused?: string;
  readonly then?: Then;
  /** What the step and its `then` are about: another application (`rival`), a sub-case (`appeal.1`, `rival.appeal.1`); else the application. */
  readonly of?: string;
}

export interface Then {
  /** Where the case is: a stage that is open; `stages` are all that are. */
  readonly stage?: string;
  readonly stages?: readonly string[];
  /** Before when the open stage is due. */
  readonly due?: string;
  readonly outcome?: 'open' | 'granted' | 'refused' | 'withdrawn';
  readonly end?: string;
  /** Events of the case, in this order, others between them. */
  readonly events?: readonly string[];
  /** Events that the case does not have. */
  readonly never?: readonly string[];
  /** What the engine will do: `CloseBallot at 2026-04-01 00:00`; all of it. */
  readonly effects?: readonly string[];
  /** Events that the engine has brought about elsewhere. */
  readonly elsewhere?: readonly string[];
}

/** An application with what a scenario says otherwise. */
export const changed = (usual: Application, own: Partial<Application> = {}): Application => ({
  ...usual,
  ...own,
  form: { ...usual.form, ...own.form },
  course: { ...usual.course, ...own.course },
});

const object = (required: readonly string[], properties: Readonly<Record<string, unknown>>) => ({
  type: 'object',
  additionalProperties: false,
  required,
  properties,
});
const text = { type: 'string', minLength: 1 };
const list = { type: 'array', items: text };
const time = { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2} \\d{2}:\\d{2}(:\\d{2}(\\.\\d{3})?)?$' };
const named = (properties: unknown) => ({ type: 'object', additionalProperties: properties });

const people = named(object([], { institution: text, seats: list }));
const application = {
  institution: text,
  form: named({ type: ['string', 'number', 'boolean', 'null'] }),
  files: list,
  course: named({ type: ['string', 'number'] }),
};
const round = { opens: time, closes: time, seed: text, dates: named(text), quotas: { type: 'array', items: { type: 'object' } } };
const institutions = named(
  object(['province', 'level'], { province: text, level: { enum: ['undergraduate', 'vocational'] }, supervisor: text }),
);
const others = named(object([], application));
const then = object([], {
  stage: text,
  stages: list,
  due: time,
  outcome: { enum: ['open', 'granted', 'refused', 'withdrawn'] },
  end: text,
  events: list,
  never: list,
  effects: list,
  elsewhere: list,
});

const steps = {
  type: 'array',
  minItems: 1,
  items: object([], { at: time, by: text, do: text, with: { type: 'object' }, refused: text, then, of: text }),
};

const schema = object(['definition', 'given', 'scenarios'], {
  definition: text,
  given: object(['round', 'institutions', 'people', 'application'], {
    round: object(['opens', 'closes', 'seed'], round),
    institutions,
    people,
    application: object(['institution', 'form', 'files'], application),
    others,
  }),
  ways: named(steps),
  scenarios: {
    type: 'array',
    minItems: 1,
    items: object(['name'], {
      name: text,
      given: object([], { round: object([], round), institutions, people, application: object([], application), others }),
      after: list,
      when: steps,
      then,
    }),
  },
});

const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(schema);

/** Every way in which a value is not a file of scenarios, with its JSON Pointer. */
export function shapeFaults(value: unknown): readonly { readonly path: string; readonly message: Text }[] {
  if (validate(value)) return [];
  return (validate.errors ?? []).map(({ instancePath, message = '', params }) => {
    const { additionalProperty } = params as { readonly additionalProperty?: string };
    return {
      path: instancePath,
      message: additionalProperty === undefined ? misshapen(message) : unknownWord(additionalProperty),
    };
  });
}

const misshapen = (message: string): Text => ({ en: message, zh: `格式不符（${message}）` });
const unknownWord = (word: string): Text => ({
  en: `a word that scenarios do not know: ${word}`,
  zh: `场景中没有的字段：${word}`,
});
