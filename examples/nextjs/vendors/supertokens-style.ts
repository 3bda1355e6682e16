/** SuperTokens' forms in the colours of this app, light and dark; they live in a shadow tree. */
export const style = `
[data-supertokens~=container] {
  --palette-background: 255, 255, 255;
  --palette-inputBackground: 255, 255, 255;
  --palette-inputBorder: 163, 169, 184;
  --palette-primary: 67, 56, 202;
  --palette-primaryBorder: 67, 56, 202;
  --palette-buttonText: 255, 255, 255;
  --palette-error: 180, 35, 45;
  --palette-errorBackground: 253, 236, 236;
  --palette-textTitle: 23, 25, 35;
  --palette-textLabel: 23, 25, 35;
  --palette-textInput: 23, 25, 35;
  --palette-textPrimary: 82, 88, 108;
  --palette-textGray: 82, 88, 108;
  --palette-textLink: 67, 56, 202;
  --palette-superTokensBrandingBackground: 255, 255, 255;
  --palette-superTokensBrandingText: 82, 88, 108;
  font-family: system-ui, sans-serif;
  width: min(420px, 100%);
  margin: 0;
  padding-bottom: 12px;
  border: 1px solid rgb(218, 221, 230);
  border-radius: 12px;
  box-shadow: none;
}
[data-supertokens~=row] { width: 86%; }
[data-supertokens~=link]:focus-visible,
[data-supertokens~=button]:focus-visible {
  outline: 2px solid rgb(var(--palette-textLink));
  outline-offset: 2px;
}
@media (prefers-color-scheme: dark) {
  [data-supertokens~=container] {
    --palette-background: 27, 29, 40;
    --palette-inputBackground: 19, 21, 29;
    --palette-inputBorder: 99, 105, 128;
    --palette-primary: 165, 160, 255;
    --palette-primaryBorder: 165, 160, 255;
    --palette-buttonText: 19, 21, 29;
    --palette-buttonGreyedOut: 70, 74, 92;
    --palette-error: 255, 143, 143;
    --palette-errorBackground: 68, 27, 34;
    --palette-textTitle: 236, 238, 245;
    --palette-textLabel: 236, 238, 245;
    --palette-textInput: 236, 238, 245;
    --palette-textPrimary: 170, 176, 196;
    --palette-textGray: 170, 176, 196;
    --palette-textLink: 165, 160, 255;
    --palette-superTokensBrandingBackground: 27, 29, 40;
    --palette-superTokensBrandingText: 170, 176, 196;
    border-color: rgb(54, 58, 76);
  }
}
`
