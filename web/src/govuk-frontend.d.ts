// The few parts of govuk-frontend used here; the package brings no types of its own.
declare module 'govuk-frontend' {
  type Component = new (...parts: never[]) => unknown;
  export const CharacterCount: Component;
  export const ErrorSummary: Component;
  export const PasswordInput: Component;
  export const SkipLink: Component;
  export const Tabs: Component;
  export function createAll(component: Component, config?: object, scope?: Document | HTMLElement): unknown[];
}
declare module '*.scss';
