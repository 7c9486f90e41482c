/** Who must sign a check, and who has answered. */
export interface Signing {
  readonly signers: readonly { readonly person: string }[];
  readonly needed: 'all' | number;
  readonly signatures: readonly { readonly person: string; readonly signed: boolean; readonly reason?: string }[];
}

/** A wish to replace files after the deadline. */
export interface FileCorrection {
  readonly request: number;
  readonly slots: readonly string[];
  readonly reason: string;
  readonly granted?: { readonly slots: readonly string[]; readonly reason: string; readonly until: string };
  readonly ended?: { readonly how: string; readonly reason?: string };
}
