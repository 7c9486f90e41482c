/** What may be found in a mapping from one version to another. */
export type MappingCode =
  | 'stage-not-mapped'
  | 'mapped-nowhere'
  | 'kinds-differ'
  | 'name-not-kept'
  | 'ranking-differs'
  | 'blinding-lifted'
  | 'blinding-too-late'
  | 'never-together'
  | 'vote-skipped'
  | 'no-such-version';
