import { all } from './live';

/**
 * Shows what an answer asks further only once it is chosen. In place of govuk-frontend's own scripts, which put
 * `aria-expanded` on radios, where ARIA does not allow it.
 */
export function revealed(): void {
  const inputs = all<HTMLInputElement>('input[data-reveals]');
  const update = () => {
    for (const input of inputs) {
      const part = document.getElementById(input.dataset.reveals ?? '');
      const block = input.type === 'radio' ? 'radios' : 'checkboxes';
      part?.classList.toggle(`govuk-${block}__conditional--hidden`, !input.checked);
      input.setAttribute('aria-controls', input.dataset.reveals ?? '');
    }
  };
  update();
  document.addEventListener('change', update);
  window.addEventListener('pageshow', update); // the browser restores answers after going back
}
