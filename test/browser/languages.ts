/** Three words in a row are a sentence that somebody forgot. */
export const englishSentence = /[A-Za-z]{2,} [A-Za-z]{2,} [A-Za-z]{2,}/;
