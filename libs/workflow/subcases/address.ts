/** Where a sub-case is: `case-<parent>.<name>.<number>`. */
export interface SubcaseAddress {
  /** Id of the parent: what follows the category in its stream's name. */
  readonly parent: string;
  readonly name: string;
  /** From 1, for each sub-case of that name. */
  readonly count: number;
}

export const subcaseId = ({ parent, name, count }: SubcaseAddress): string => `${parent}.${name}.${count}`;

/** The stream of a case's sub-case. */
export const subcaseStream = (
  parent: string,
  { subcase, number }: { readonly subcase: string; readonly number: number },
): string => `case-${subcaseId({ parent, name: subcase, count: number })}`;

/** A sub-case's id in its parts; undefined for any other. */
export function subcaseAddress(id: string): SubcaseAddress | undefined {
  const [, parent, name, count] = /^(.+)\.([a-z][a-z0-9-]{0,63})\.([1-9]\d{0,2})$/.exec(id) ?? [];
  return parent === undefined || name === undefined ? undefined : { parent, name, count: Number(count) };
}
