/** The package has no types of its own for its front door; this is the part of it that is used. */
declare module 'bpmn-moddle' {
  export interface ModdleElement {
    readonly $type: string;
    readonly [name: string]: unknown;
  }

  export class BpmnModdle {
    create(type: string, attributes: object): ModdleElement;
    toXML(element: ModdleElement, options: { readonly format: boolean }): Promise<{ readonly xml: string }>;
    fromXML(xml: string): Promise<{ readonly rootElement: ModdleElement; readonly warnings: readonly unknown[] }>;
  }
}
