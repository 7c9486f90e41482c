/** Where a list in the order of an instant goes on: after an item, whether or not that is still there, or the reader may know of it. */
export interface Place {
  /** ISO 8601 UTC to the millisecond; `infinity` where there is none. */
  readonly at: string;
  /** What tells items of one instant apart. */
  readonly id: string;
}

/** How much of such a list is read. */
export interface Stretch {
  readonly after?: Place;
  readonly limit: number;
}
