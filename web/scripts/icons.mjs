// Writes crates/foundation/web/src/components/icons.rs from the icons named here (lucide-static, ISC/MIT).
// Run `npm run icons` after adding a name; the result is committed, so a Rust build needs no Node.
import { readFileSync, writeFileSync } from 'node:fs';

const names = `
search map-pin user users building-2 landmark house menu x check plus minus
chevron-right chevron-down chevron-left arrow-left arrow-right external-link link
phone accessibility glasses volume-2 keyboard printer download upload copy log-in log-out
info circle-help circle-alert triangle-alert circle-check circle-x lightbulb bell star flag
file-text file-check files folder-open clipboard-list clipboard-check book-open newspaper megaphone
calendar calendar-clock clock timer history refresh-cw undo-2 send paperclip image qr-code
stamp badge-check shield-check scale gavel lock key-round id-card languages
workflow list-checks inbox archive table-2 layout-grid list chart-column gauge settings sliders-horizontal filter
eye pencil trash-2 ellipsis message-square hand-helping handshake wifi-off network monitor smartphone store
baby graduation-cap briefcase heart-pulse heart-handshake heart car bus plane truck hard-hat factory
wheat trees leaf banknote wallet receipt coins umbrella armchair flower-2 contact hospital school zap package
book-marked medal ship flame droplets microscope palette badge-alert
`.trim().split(/\s+/);

const pascal = (name) => name.split('-').map((part) => part[0].toUpperCase() + part.slice(1)).join('');

const rows = names.map((name) => {
  const svg = readFileSync(`node_modules/lucide-static/icons/${name}.svg`, 'utf8');
  const inner = svg.replace(/^[\s\S]*?<svg[\s\S]*?>/, '').replace('</svg>', '').replace(/\s*\n\s*/g, '').replace(/ \/>/g, '/>').trim();
  return `    ${pascal(name)} ${JSON.stringify(name)} r#"${inner}"#;`;
});

writeFileSync('../crates/foundation/web/src/components/icons.rs', `//! The icon set: line icons on a 24 × 24 grid, inlined as SVG and hidden from screen readers, so an icon always stands
//! beside a word and never replaces it.
//!
//! Written by \`web/scripts/icons.mjs\`; do not edit by hand. The drawings are from Lucide (<https://lucide.dev>),
//! © Lucide Icons and Contributors, ISC licence; those derived from Feather © 2013-present Cole Bemis, MIT licence.
//!
//! \`\`\`
//! # use maud::{html, Render};
//! # use web::components::Icon;
//! let line = html! { (Icon::Phone) " 0773-12345" };
//! assert!(line.into_string().starts_with("<svg class=\\"icon\\""));
//! assert_eq!(Icon::from_name("phone"), Some(Icon::Phone));
//! \`\`\`

use maud::{Markup, PreEscaped, Render, html};

macro_rules! icons {
    ($($variant:ident $name:literal $drawing:literal;)*) => {
        /// One icon; the variants bear the Lucide names.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[allow(missing_docs)] // the names say what is drawn
        pub enum Icon { $($variant),* }

        impl Icon {
            /// Every icon, for a sample sheet.
            pub const ALL: &'static [Icon] = &[$(Icon::$variant),*];

            /// The Lucide name, for instance \`map-pin\`; what configuration and catalogue data store.
            pub fn name(self) -> &'static str {
                match self { $(Icon::$variant => $name),* }
            }

            /// The icon of a Lucide name, if it belongs to the set.
            pub fn from_name(name: &str) -> Option<Icon> {
                match name { $($name => Some(Icon::$variant),)* _ => None }
            }

            fn drawing(self) -> &'static str {
                match self { $(Icon::$variant => $drawing),* }
            }
        }
    };
}

impl Render for Icon {
    fn render(&self) -> Markup {
        html! {
            svg class="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2"
                stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false" {
                (PreEscaped(self.drawing()))
            }
        }
    }
}

icons! {
${rows.join('\n')}
}
`);
