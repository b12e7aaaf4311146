//! US bank account numbers.
//!
//! 6 to 17 digits (NACHA Operating Rules: DFI account number, up to 17 characters). Banks share no
//! structure and no check digit, so that only a word near the number tells what it is.
//!
//! It cannot see an account number with no such word within some forty characters.

use super::{Entity, Examples, Shape, all_same, digits};
use crate::config::PiiType;

pub(super) static ENTITY: Entity = Entity {
    context: &[
        "account number",
        "account no",
        "account no.",
        "account num",
        "account #",
        "acct",
        "acct no",
        "acct #",
        "acct number",
        "bank account",
        "checking account",
        "savings account",
        "account",
        "a/c",
        "deposit account",
        "direct deposit",
        "checking",
        "savings",
        "número de cuenta",
        "numero de cuenta",
        "cuenta bancaria",
        "cuenta",
        "numéro de compte",
        "numero de compte",
        "compte bancaire",
        "kontonummer",
        "konto",
        "conto corrente",
        "numero di conto",
        "conta bancária",
        "número da conta",
        "conta corrente",
    ],
    against: &[
        "routing", "phone", "order", "invoice", "tracking", "ticket", "zip", "user", "customer",
    ],
    shapes: &[
        Shape::new(r"\d{6,17}", 0.1, 0.75).checked(is_plausible),
        Shape::new(r"\d{3,6}[ -]\d{3,6}(?:[ -]\d{2,6}){0,2}", 0.05, 0.7).checked(is_plausible),
    ],
    examples: Examples {
        positive: &[
            "Account number: ⟦123456789012⟧",
            "my checking account ⟦000123456789⟧",
            "Acct # ⟦9876543210⟧",
            "routing 021000021, account ⟦44556677⟧",
            "direct deposit to ⟦40630495040⟧",
            "bank account number is ⟦87654321⟧.",
            "número de cuenta ⟦1234567890⟧",
            "savings ⟦12345678901234567⟧",
            "A/C ⟦5566778899⟧",
            "acct no. ⟦1234-5678-90⟧",
            "numéro de compte : ⟦30045678912⟧",
        ],
        negative: &[
            "123456789012",
            "account number 12345",
            "account number 123456789012345678",
            "account since 2019",
            "account created on 2019-01-02",
            "my account has $1,234,567.89",
            "account number 000000000",
            "order 123456789012",
            "invoice 44556677 for your account",
            "accountability 1234567",
            "on account of 3 errors",
        ],
    },
    ..Entity::new(PiiType::UsBankAccountNumber)
};

/// Whether there are 6 to 17 digits, not all the same.
fn is_plausible(text: &str) -> bool {
    let digits = digits(text);
    (6..=17).contains(&digits.len()) && !all_same(&digits)
}
