export interface Applicant {
  readonly institution: string;
  /** Two digits. */
  readonly province: string;
  /** As it was called then: institutions merge and are renamed. */
  readonly name: string;
  readonly level: string;
  /** Whose university it is: a ministry or a province, by its Chinese name. */
  readonly supervisor?: string;
}

/** Where an alliance keeps what it knows of an institution. */
export const institutionStream = (alliance: string, institution: string): string => `institution-${alliance}.${institution}`;
