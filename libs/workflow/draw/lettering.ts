/** How text is set in drawings: an estimate that needs no font, on the generous side. */
export const fontSize = 12;
export const lineHeight = 15;

const wide = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/;

const widthOf = (character: string): number => (wide.test(character) ? fontSize : fontSize * 0.56);

export const textWidth = (text: string): number => [...text].reduce((width, character) => width + widthOf(character), 0);

/** Chinese breaks anywhere, Latin between words. */
const pieces = (text: string): readonly string[] =>
  text.match(/[^\s\u2e80-\uffff]+\s*|[\u2e80-\uffff][，。、；：）”]?\s*/gu) ?? [];

/** The lines of a text within a width, about as long as each other. */
export function lines(text: string, width: number): readonly string[] {
  const fewest = broken(text, width);
  for (let narrower = textWidth(text) / fewest.length; narrower < width; narrower += fontSize / 2) {
    const balanced = broken(text, narrower);
    if (balanced.length <= fewest.length) return balanced;
  }
  return fewest;
}

function broken(text: string, width: number): readonly string[] {
  const set: string[] = [];
  for (const piece of pieces(text)) {
    const last = set.at(-1);
    if (last === undefined || textWidth(last + piece.trimEnd()) > width) set.push(piece);
    else set[set.length - 1] = last + piece;
  }
  return set.map((line) => line.trimEnd());
}

/** The box that a text takes within a width. */
export function boxOf(text: string, width: number): { readonly width: number; readonly height: number } {
  const set = lines(text, width);
  return { width: Math.ceil(Math.max(0, ...set.map(textWidth))), height: set.length * lineHeight };
}
