//! Colours, and only where they are wanted.

use std::io::IsTerminal;

/// How to print.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style {
    colours: bool,
}

impl Style {
    /// Colours if standard output is a terminal and `NO_COLOR` is not set (no-color.org).
    pub(crate) fn of_stdout() -> Self {
        let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self {
            colours: std::io::stdout().is_terminal() && !refused,
        }
    }

    /// No colours.
    #[cfg(test)]
    pub(crate) fn plain() -> Self {
        Self { colours: false }
    }

    /// Whether there are colours.
    pub(crate) fn has_colours(self) -> bool {
        self.colours
    }

    pub(crate) fn bold(self, text: &str) -> String {
        self.wrapped(text, "1")
    }

    pub(crate) fn dim(self, text: &str) -> String {
        self.wrapped(text, "2")
    }

    pub(crate) fn red(self, text: &str) -> String {
        self.wrapped(text, "1;31")
    }

    pub(crate) fn yellow(self, text: &str) -> String {
        self.wrapped(text, "1;33")
    }

    pub(crate) fn green(self, text: &str) -> String {
        self.wrapped(text, "1;32")
    }

    /// A piece of text that was found. Without colours it stands in angle quotes.
    pub(crate) fn marked(self, text: &str) -> String {
        if self.colours {
            self.wrapped(text, "7;33")
        } else {
            format!("»{text}«")
        }
    }

    fn wrapped(self, text: &str, codes: &str) -> String {
        if self.colours {
            format!("\u{1b}[{codes}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }
}

/// `text` with everything made visible that would act on a terminal or hide on it: control
/// characters other than a newline, and bidirectional and zero-width formatting. The text may be
/// an attack.
pub(crate) fn visible(text: &str) -> String {
    let mut visible = String::with_capacity(text.len());
    for character in text.chars() {
        let formats = matches!(
            character,
            '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}'
        );
        if character != '\n' && (character.is_control() || formats) {
            visible.extend(character.escape_unicode());
        } else {
            visible.push(character);
        }
    }
    visible
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_acts_on_the_terminal() {
        assert_eq!(
            visible("a\u{1b}[31m\nb\u{202e}c\u{200b}"),
            "a\\u{1b}[31m\nb\\u{202e}c\\u{200b}"
        );
        assert_eq!(visible("né 😀"), "né 😀");
    }
}
