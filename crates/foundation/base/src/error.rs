//! One error type for the whole house: a kind for the machine, a stable code for the API, a sentence for the person.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// The house's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What sort of failure it is; decides the HTTP status and the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Some fields are wrong; the person can mend them (422).
    Invalid,
    /// Nobody is signed in (401, or the sign-in page).
    Unauthenticated,
    /// Signed in, but without the post or scope (403).
    Forbidden,
    /// There is no such thing for this person (404).
    NotFound,
    /// Somebody else was first, or the record changed meanwhile (409).
    Conflict,
    /// A rule of law or of the item forbids it (422).
    Refused,
    /// The page was open too long, or the form was not ours (419 in spirit, sent as 403).
    Expired,
    /// More than allowed (413).
    TooLarge,
    /// Too many tries; wait (429).
    TooMany,
    /// Our own failure (500); the cause goes to the log, never to the page.
    Internal,
}

/// A wrong field and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct FieldError {
    /// Name of the form field.
    pub field: String,
    /// A sentence that says what is wrong and what to do.
    pub message: String,
}

impl FieldError {
    /// A wrong field.
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: field.into(), message: message.into() }
    }
}

/// The house's error. Boxed, because results travel through every function.
#[derive(Debug)]
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: Kind,
    code: &'static str,
    message: String,
    fields: Vec<FieldError>,
    cause: Option<String>,
}

impl Error {
    fn new(kind: Kind, code: &'static str, message: impl Into<String>) -> Self {
        Self(Box::new(Inner { kind, code, message: message.into(), fields: Vec::new(), cause: None }))
    }

    /// Fields that the person can mend.
    pub fn invalid(fields: Vec<FieldError>) -> Self {
        let mut error = Self::new(Kind::Invalid, "form.invalid", "有内容需要更正，请按提示修改后重新提交。");
        error.0.fields = fields;
        error
    }

    /// One field that the person can mend.
    pub fn field(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::invalid(vec![FieldError::new(field, message)])
    }

    /// Nobody is signed in.
    pub fn unauthenticated() -> Self {
        Self::new(Kind::Unauthenticated, "identity.sign_in_required", "请先登录，再继续办理。")
    }

    /// The person lacks the post or the scope.
    pub fn forbidden(message: impl Into<String>) -> Self {
        Self::new(Kind::Forbidden, "access.forbidden", message)
    }

    /// There is no such thing for this person.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(Kind::NotFound, "not_found", message)
    }

    /// Somebody else was first.
    pub fn conflict(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Kind::Conflict, code, message)
    }

    /// A rule forbids it.
    pub fn refused(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Kind::Refused, code, message)
    }

    /// The form is too old or not ours.
    pub fn expired(message: impl Into<String>) -> Self {
        Self::new(Kind::Expired, "form.expired", message)
    }

    /// More than allowed.
    pub fn too_large(message: impl Into<String>) -> Self {
        Self::new(Kind::TooLarge, "too_large", message)
    }

    /// Too many tries.
    pub fn too_many(message: impl Into<String>) -> Self {
        Self::new(Kind::TooMany, "too_many", message)
    }

    /// Our own failure; `cause` is for the log.
    pub fn internal(cause: impl fmt::Display) -> Self {
        let mut error = Self::new(Kind::Internal, "internal", "系统暂时没有办成这件事，您填写的内容没有提交。请稍后再试，或拨打 12345。");
        error.0.cause = Some(cause.to_string());
        error
    }

    /// What sort of failure it is.
    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    /// Stable machine code, e.g. `case.second_correction`.
    pub fn code(&self) -> &'static str {
        self.0.code
    }

    /// The sentence for the person.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The wrong fields, when the kind is [`Kind::Invalid`].
    pub fn fields(&self) -> &[FieldError] {
        &self.0.fields
    }

    /// The cause for the log.
    pub fn cause(&self) -> Option<&str> {
        self.0.cause.as_deref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} [{}]", self.0.message, self.0.code)?;
        for field in &self.0.fields {
            write!(f, "; {}: {}", field.field, field.message)?;
        }
        if let Some(cause) = &self.0.cause {
            write!(f, " ({cause})")?;
        }
        Ok(())
    }
}

/// Any library error that nobody handled is our own failure. (`Error` itself does not implement
/// `std::error::Error`, which is what makes this blanket conversion possible.)
/// A [`Carried`] error comes out again as it went in.
impl<E: std::error::Error + Send + Sync + 'static> From<E> for Error {
    fn from(error: E) -> Self {
        let mut cause = error.to_string();
        let mut source = error.source();
        while let Some(inner) = source {
            if let Some(own) = Carried::of(inner).and_then(Carried::take) {
                return own;
            }
            cause.push_str(": ");
            cause.push_str(&inner.to_string());
            source = inner.source();
        }
        Self::internal(cause)
    }
}

/// An error of the house on its way through a library whose errors only name their source.
#[derive(Debug)]
pub struct Carried(Mutex<Option<Error>>);

impl Carried {
    /// Packs an error up.
    pub fn new(error: Error) -> Self {
        Self(Mutex::new(Some(error)))
    }

    /// The packed error, if it is one; some libraries share their sources.
    fn of<'a>(source: &'a (dyn std::error::Error + 'static)) -> Option<&'a Self> {
        let shared = || source.downcast_ref::<Arc<dyn std::error::Error + Send + Sync>>().and_then(|inner| inner.downcast_ref());
        source.downcast_ref().or_else(shared)
    }

    fn take(&self) -> Option<Error> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl fmt::Display for Carried {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(error) => error.fmt(f),
            None => f.write_str("an error that was taken out"),
        }
    }
}

impl std::error::Error for Carried {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_carried_error_comes_out_as_it_went_in() {
        #[derive(Debug)]
        struct Library(Arc<dyn std::error::Error + Send + Sync>);
        impl fmt::Display for Library {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("library")
            }
        }
        impl std::error::Error for Library {
            fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
                Some(&self.0)
            }
        }
        let error: Error = Library(Arc::new(Carried::new(Error::conflict("x.first", "慢了一步。")))).into();
        assert_eq!((error.kind(), error.code()), (Kind::Conflict, "x.first"));
    }

    #[test]
    fn a_library_error_keeps_its_cause_for_the_log_only() {
        let error: Error = "x".parse::<u8>().unwrap_err().into();
        assert_eq!(error.kind(), Kind::Internal);
        assert!(error.cause().unwrap().contains("invalid digit"));
        assert!(!error.message().contains("invalid digit"));
    }

    #[test]
    fn a_field_error_names_the_field() {
        let error = Error::field("phone", "请填写 11 位手机号码。");
        assert_eq!(error.kind(), Kind::Invalid);
        assert_eq!(error.fields()[0].field, "phone");
    }
}
