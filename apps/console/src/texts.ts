import type { Text } from './api.js';
import { acting } from './texts/acting.js';
import { adopting } from './texts/adopting.js';
import { appealing } from './texts/appealing.js';
import { assigning } from './texts/assigning.js';
import { conducting } from './texts/conducting.js';
import { counting } from './texts/counting.js';
import { deciding } from './texts/deciding.js';
import { discussing } from './texts/discussing.js';
import { entering } from './texts/entering.js';
import { general } from './texts/general.js';
import { offices } from './texts/offices.js';
import { organs } from './texts/organs.js';
import { registering } from './texts/registering.js';
import { searching } from './texts/searching.js';
import { supposing } from './texts/supposing.js';
import { upkeep } from './texts/upkeep.js';
import { provinces } from './texts/provinces.js';
import { undertaking } from './texts/undertaking.js';

/** Every text of the console, in both languages. */
export const texts = {
  ...general,
  ...acting,
  ...adopting,
  ...appealing,
  ...assigning,
  ...conducting,
  ...counting,
  ...deciding,
  ...discussing,
  ...entering,
  ...offices,
  ...organs,
  ...provinces,
  ...registering,
  ...searching,
  ...supposing,
  ...undertaking,
  ...upkeep,
} as const satisfies Readonly<Record<string, Text>>;

export type TextKey = keyof typeof texts;

export const isTextKey = (key: string): key is TextKey => Object.hasOwn(texts, key);
