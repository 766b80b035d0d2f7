import { CharacterCount, createAll } from 'govuk-frontend';

/** Counts down the characters left, in the page or in a part put into it later. */
export function countCharacters(scope: Document | HTMLElement = document): void {
  createAll(
    CharacterCount,
    {
      i18n: {
        charactersUnderLimit: { other: '还可以输入 %{count} 个字' },
        charactersAtLimit: '字数已满',
        charactersOverLimit: { other: '超出了 %{count} 个字' },
        textareaDescription: { other: '最多 %{count} 个字' },
      },
    },
    scope,
  );
}
