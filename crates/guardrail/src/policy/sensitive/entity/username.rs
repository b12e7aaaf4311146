//! User names.
//!
//! What follows a word for a user name and a colon, an equals sign or "is", and handles: `@` and a name
//! of 3 to 30 letters, digits and underscores, not after a letter. Annotations of programming languages
//! and mentions of everyone are no handles.
//!
//! It cannot see a user name that nothing introduces.

use super::{Cue, Entity, Examples, Probe, Probed, linked};
use crate::config::PiiType;
use std::ops::Range;

pub(super) static ENTITY: Entity = Entity {
    cues: &[Cue {
        words: &[
            "username",
            "user name",
            "user-name",
            "user_name",
            "userid",
            "user id",
            "user_id",
            "login",
            "login name",
            "login id",
            "screen name",
            "screenname",
            "nickname",
            "nick",
            "handle",
            "account name",
            "gamertag",
            "usuario",
            "nombre de usuario",
            "nom d'utilisateur",
            "identifiant",
            "pseudo",
            "benutzername",
            "nutzername",
            "nome utente",
            "nome de usuário",
            "nome de utilizador",
            "utilizador",
            "usuário",
        ],
        pattern: linked!(r#"@?([\p{L}\d][\w.-]{1,31}[\w])(?:["'`<>,;.)!?\]}]*(?:\s|$|["'`<]))"#),
        score: 0.8,
        check: is_name,
    }],
    probes: &[Probe {
        literals: &["@"],
        whole_words: false,
        patterns: &[r"^[A-Za-z_][A-Za-z0-9_]{2,29}"],
        find: handle,
    }],
    examples: Examples {
        positive: &[
            "username: ⟦jdoe42⟧",
            "My username is ⟦cool_cat⟧.",
            "login = ⟦maria.lopez⟧",
            "\"username\": \"⟦xX_sniper_Xx⟧\"",
            "follow ⟦@jane_doe⟧ now",
            "usuario: ⟦pperez⟧",
            "nom d'utilisateur : ⟦jdupont⟧",
            "Benutzername ist ⟦kmueller⟧",
            "nome utente: ⟦mrossi⟧",
            "thanks ⟦@rustlang⟧!",
            "user id: ⟦ab12345⟧",
        ],
        negative: &[
            "the username is required",
            "username",
            "login to your account",
            "jane@example.com",
            "@Override",
            "@media screen",
            "a@b",
            "username: required",
            "user names are unique",
            "@everyone look",
            "5 @ 3.00",
            "login is broken",
        ],
    },
    ..Entity::new(PiiType::Username)
};

/// Words that say something about a user name instead of being one.
const PLACEHOLDERS: &[&str] = &[
    "required",
    "optional",
    "string",
    "null",
    "none",
    "true",
    "false",
    "invalid",
    "incorrect",
    "wrong",
    "taken",
    "not",
    "the",
    "already",
    "available",
    "unique",
    "missing",
    "broken",
    "failed",
    "disabled",
    "your",
    "for",
    "username",
    "password",
    "and",
    "working",
    "down",
    "slow",
    "still",
    "also",
];

/// Annotations, directives and mentions of everyone.
const NO_HANDLES: &[&str] = &[
    "override",
    "media",
    "import",
    "param",
    "return",
    "returns",
    "property",
    "staticmethod",
    "classmethod",
    "everyone",
    "here",
    "channel",
    "todo",
    "deprecated",
    "test",
    "before",
    "after",
    "throws",
    "see",
    "since",
    "author",
    "autowired",
    "component",
    "service",
    "entity",
    "bean",
    "dataclass",
    "font",
    "keyframes",
    "charset",
    "supports",
    "include",
    "mixin",
    "extend",
    "interface",
    "data",
    "gmail",
    "nullable",
    "suppresswarnings",
    "all",
];

fn is_name(text: &str) -> bool {
    !PLACEHOLDERS.contains(&text.to_lowercase().as_str())
}

fn handle(probed: &Probed<'_>, found: &mut Vec<(Range<usize>, f32)>) {
    let (text, at) = (probed.text, &probed.at);
    let glued = |character: char| character.is_alphanumeric() || "._-+@/".contains(character);
    if text[..at.start].chars().next_back().is_some_and(glued) {
        return;
    }
    let window = &text[at.end..text.floor_char_boundary(at.end + 40)];
    let Some(name) = probed
        .patterns
        .first()
        .and_then(|pattern| pattern.find(window))
    else {
        return;
    };
    let after = &window[name.end()..];
    let goes_on = after.starts_with(|next: char| next.is_alphanumeric() || "@(-/".contains(next));
    let domain = after
        .strip_prefix('.')
        .is_some_and(|rest| rest.starts_with(char::is_alphanumeric));
    if !goes_on && !domain && !NO_HANDLES.contains(&name.as_str().to_lowercase().as_str()) {
        found.push((at.start..at.end + name.end(), 0.6));
    }
}
