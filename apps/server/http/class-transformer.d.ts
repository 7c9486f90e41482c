/** Where class-transformer keeps what `@Type` says; its package has no types under this name. */
declare module 'class-transformer/cjs/storage.js' {
  export const defaultMetadataStorage: {
    findTypeMetadata(target: new () => object, property: string): { typeFunction(): new () => object } | undefined;
  };
}
