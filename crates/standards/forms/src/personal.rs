//! Kinds of personal data and of known texts.

use codes::mask;

/// How personal data are shown to those who need not know them whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mask {
    /// Identity numbers.
    Id,
    /// Phone numbers.
    Phone,
    /// Addresses.
    Address,
    /// Names of people.
    Name,
}

impl Mask {
    /// The kind by its word in the property `mask`.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "id" => Some(Self::Id),
            "phone" => Some(Self::Phone),
            "address" => Some(Self::Address),
            "name" => Some(Self::Name),
            _ => None,
        }
    }

    /// The text as it is shown.
    #[must_use]
    pub fn apply(self, text: &str) -> String {
        match self {
            Self::Id => mask::citizen_id(text),
            Self::Phone => mask::phone(text),
            Self::Address => mask::address(text),
            Self::Name => mask::name(text),
        }
    }
}

/// Kinds of text that are checked as such (`validationType`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextKind {
    /// Mobile or landline number, or an international one.
    Phone,
    /// E-mail address.
    Email,
    /// Citizen ID, GB 11643. Ours.
    CitizenId,
    /// Unified social credit code, GB 32100. Ours.
    Uscc,
}

impl TextKind {
    /// The kind by its word in the schema.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "phone" => Some(Self::Phone),
            "email" => Some(Self::Email),
            "citizenId" => Some(Self::CitizenId),
            "uscc" => Some(Self::Uscc),
            _ => None,
        }
    }
}

/// A mobile number, a landline with area code and perhaps an extension, or an international number after `+` or `00`.
pub(crate) fn phone(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if let Some(abroad) = text.strip_prefix('+').or_else(|| text.strip_prefix("00")) {
        return digits(abroad) && (7..=15).contains(&abroad.len()) && !abroad.starts_with('0');
    }
    if digits(text) && text.len() == 11 && text.starts_with('1') {
        return text.as_bytes().get(1).is_some_and(|second| *second >= b'3');
    }
    let mut parts = text.split('-');
    let (Some(area), Some(local)) = (parts.next(), parts.next()) else { return false };
    let extension = parts.next().is_none_or(|part| digits(part) && part.len() <= 6);
    digits(area)
        && area.starts_with('0')
        && (3..=4).contains(&area.len())
        && digits(local)
        && (7..=8).contains(&local.len())
        && extension
        && parts.next().is_none()
}

/// One `@`, something before it, a dotted host after it. Whether the mailbox exists only a message can tell.
pub(crate) fn email(text: &str) -> bool {
    let Some((local, host)) = text.split_once('@') else { return false };
    let host_ok = host.contains('.') && host.split('.').all(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'));
    !local.is_empty() && host_ok && text.len() <= 254 && text.is_ascii() && !text.contains(|c: char| c.is_whitespace() || c.is_control())
}
