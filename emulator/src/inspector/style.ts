/** How the inspector looks: as the system does, light or dark, on a wide screen or on a phone. */
export const STYLE = `
:root { color-scheme: light dark; --line: color-mix(in srgb, currentcolor 22%, transparent); }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 76rem; padding: 1rem; font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.4rem; margin: 0; }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
nav { display: flex; flex-wrap: wrap; gap: .25rem 1rem; margin-top: .5rem; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid var(--line); padding: .4rem .6rem .4rem 0; text-align: left;
  vertical-align: top; overflow-wrap: anywhere; }
code, pre { font: .85rem/1.5 ui-monospace, monospace; overflow-wrap: anywhere; white-space: pre-wrap; }
pre { border: 1px solid var(--line); border-radius: .4rem; margin: 0; padding: .6rem; }
form { display: inline-flex; flex-wrap: wrap; align-items: end; gap: .4rem; margin: 0; }
label { display: inline-flex; flex-direction: column; font-size: .85rem; }
input, button { font: inherit; padding: .3rem .5rem; min-height: 2.2rem; max-width: 100%; }
input[type=number] { width: 7rem; }
.switches { display: grid; gap: .8rem; grid-template-columns: repeat(auto-fit, minmax(17rem, 1fr)); }
.switches > div { border: 1px solid var(--line); border-radius: .4rem; padding: .6rem .8rem; }
.switches p { margin: 0 0 .4rem; }
.warning { border-left: .3rem solid #d97706; padding-left: .6rem; margin: .6rem 0; }
.actions { display: flex; flex-wrap: wrap; gap: .4rem; }
@media (max-width: 44rem) {
  thead { display: none; }
  tr { display: block; border-bottom: 2px solid var(--line); padding: .4rem 0; }
  td { display: block; border: 0; padding: .1rem 0; }
  td::before { content: attr(data-label) ' '; display: block; font-size: .75rem; opacity: .7; }
}
`
