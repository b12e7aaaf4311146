//! Passwords.
//!
//! What follows a word for a password and a colon, an equals sign or "is". After "is", and always when
//! it is a plain word, the value must look like a secret: "the password is required" names none.
//!
//! It cannot see a password that nothing introduces, or a phrase of several words.

use super::{Cue, Entity, Examples, linked};
use crate::config::PiiType;

pub(super) static ENTITY: Entity = Entity {
    cues: &[
        Cue {
            words: WORDS,
            pattern: linked!(r#"([^\s"'`<>]{4,64}?)(?:["'`<>,;.)!?\]}]*(?:\s|$|["'`<]))"#),
            score: 0.8,
            check: looks_secret,
        },
        Cue {
            words: WORDS,
            pattern: r#"["'*_`)]{0,2}\s?[:=]\s?["'`]?([^\s"'`<>,;]{6,64}?)(?:["'`<>,;.)!?\]}]*(?:\s|$|["'`<]))"#,
            score: 0.7,
            check: is_no_placeholder,
        },
    ],
    examples: Examples {
        positive: &[
            "password: ⟦hunter2⟧",
            "My password is ⟦S3cret!pass⟧.",
            "pwd=⟦Tr0ub4dor&3⟧",
            "\"password\": \"⟦p@ssw0rd⟧\"",
            "contraseña: ⟦Gato2024⟧",
            "mot de passe : ⟦Azerty123⟧",
            "Passwort ist ⟦Geheim99⟧",
            "password: ⟦swordfish⟧",
            "senha: ⟦Brasil@2020⟧",
            "passwd: ⟦xK9#mQ2z⟧",
        ],
        negative: &[
            "The password is required",
            "password is incorrect",
            "password: required",
            "reset your password",
            "password reset 2024",
            "Password: ********",
            "password manager",
            "password=null",
            "my password is not working",
            "password: string",
            "forgot password?",
        ],
    },
    ..Entity::new(PiiType::Password)
};

const WORDS: &[&str] = &[
    "password",
    "passwd",
    "pwd",
    "passphrase",
    "passcode",
    "pass",
    "contraseña",
    "contrasena",
    "clave",
    "mot de passe",
    "mdp",
    "passwort",
    "kennwort",
    "parola d'ordine",
    "senha",
    "palavra-passe",
    "wifi password",
    "wi-fi password",
];

/// Words that say something about a password instead of being one.
const PLACEHOLDERS: &[&str] = &[
    "required",
    "optional",
    "string",
    "null",
    "none",
    "true",
    "false",
    "hidden",
    "incorrect",
    "invalid",
    "wrong",
    "reset",
    "changed",
    "expired",
    "correct",
    "missing",
    "protected",
    "encrypted",
    "redacted",
    "removed",
    "undefined",
    "password",
    "secret",
    "private",
    "default",
    "changeme",
    "obligatorio",
    "requerida",
    "requis",
    "erforderlich",
    "please",
    "example",
];

/// Whether `text` is no word that says something about a password, and not all the same sign.
fn is_no_placeholder(text: &str) -> bool {
    let lower = text.to_lowercase();
    let bare = lower.trim_matches(|character: char| !character.is_alphanumeric());
    !bare.is_empty() && !PLACEHOLDERS.contains(&bare)
}

/// Whether `text` mixes kinds of characters as secrets do and words do not.
fn looks_secret(text: &str) -> bool {
    let has = |class: fn(char) -> bool| text.chars().any(class);
    let inner_capital = text.chars().skip(1).any(char::is_uppercase) && has(char::is_lowercase);
    let symbol = text
        .chars()
        .any(|character| "!@#$%^&*+=?~_".contains(character));
    let letters = has(char::is_alphabetic);
    is_no_placeholder(text)
        && (letters && has(|character| character.is_ascii_digit())
            || inner_capital
            || letters && symbol)
}
