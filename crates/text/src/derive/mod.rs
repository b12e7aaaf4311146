//! Readings beyond the canonical one. One file per idea; each looks first whether there is
//! anything for it to do, and gives `Same` if not.

pub(crate) mod accents;
pub(crate) mod cipher;
pub(crate) mod hidden;
pub(crate) mod language;
pub(crate) mod leet;
pub(crate) mod markup;
pub(crate) mod spoken;
pub(crate) mod squash;
pub(crate) mod token;
pub(crate) mod turned;
pub(crate) mod visual;
