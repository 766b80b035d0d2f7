// Libraries without types of their own.
declare module 'bpmn-js-i18n/translations/zn.js' {
  const table: Record<string, string>;
  export default table;
}
declare module 'bpmn-auto-layout' {
  export function layoutProcess(xml: string): Promise<string>;
}
declare module 'dmn-js/lib/Modeler' {
  const Modeler: any;
  export default Modeler;
}
declare module '*.css';
declare module '*.scss';
